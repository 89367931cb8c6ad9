package io.karst.replication;

/**
 * What a node knows of its own items without asking the store: digests for each peer, marks, and the flush vector. The
 * store tells it every change.
 */
final class ReplicaState implements StoreChanges {
    private final int self;
    private final Replicas replicas;
    private final BucketDigests[] digests;
    private final EvictionMarks marks = new EvictionMarks();
    private final FlushVector flushes;
    private final byte[] key = new byte[ReplicaRecord.MAX_KEY];

    ReplicaState(int self, Replicas replicas) {
        this.self = self;
        this.replicas = replicas;
        flushes = new FlushVector(replicas.nodeCount());
        digests = new BucketDigests[replicas.nodeCount()];
        for (int i = 0; i < digests.length; i++) {
            digests[i] = new BucketDigests();
        }
    }

    @Override
    public void changed(byte[] key, int keyLength, long hash, long before, long after) {
        replicas.locate(key, keyLength);
        for (int i = 0; i < replicas.count() && replicas.has(self); i++) {
            toggle(digests[replicas.node(i)], hash, before);
            toggle(digests[replicas.node(i)], hash, after);
        }
    }

    @Override
    public void left(byte[] key, int keyLength, long hash, long before) {
        changed(key, keyLength, hash, before, 0);
        marks.raise(BucketDigests.bucketOf(hash), before);
    }

    private static void toggle(BucketDigests digests, long hash, long version) {
        if (version != 0) {
            digests.toggle(hash, version);
        }
    }

    /** The nodes of a record's key. */
    Replicas locate(ReplicaRecord item) {
        return replicas.locate(key, item.key(key));
    }

    /** Whether both this node and a peer should have an item. */
    boolean isShared(ReplicaRecord item, int peer) {
        return locate(item).has(self) && replicas.has(peer);
    }

    /** Whether a record was flushed before it came. */
    boolean isFlushed(ReplicaRecord item) {
        return flushes.isDead(locate(item).node(0), item.version());
    }

    BucketDigests digests(int peer) {
        return digests[peer];
    }

    long mark(int bucket) {
        return marks.mark(bucket);
    }

    FlushVector flushes() {
        return flushes;
    }

    /** As when nothing had ever been here. Flushes stay: they are not of this node's making. */
    void clear() {
        marks.clear();
        for (BucketDigests each : digests) {
            each.clear();
        }
    }
}
