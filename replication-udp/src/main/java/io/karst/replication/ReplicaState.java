package io.karst.replication;

import java.util.Arrays;

/**
 * What a node knows of its own items besides the store: digests for each peer, and the flush vector.
 *
 * <p>Digests are read off the store in passes, of which each looks only at the buckets that have changed since the last
 * one. A round of anti-entropy waits for a pass that began after it. Digests that are older than the items make the other
 * side see differences that are none, which costs a comparison; a digest that both sides have is that of items which
 * both had when it was read.
 */
/*
 * Digests that follow each change of an item were the first design. They wanted every eviction of every loop handed over
 * with its key, to be placed on the ring, and one that was lost in a full outbox made a digest wrong for ever.
 */
final class ReplicaState {
    /** Takes note of items that are here and belong elsewhere. */
    @FunctionalInterface
    interface Strangers {
        /** A bucket has an item that belongs to a node, and not here. */
        void found(int node, int bucket);
    }

    /** Items to look at in one turn of the node: about a millisecond. */
    private static final int ITEMS_PER_TURN = 2_000;

    private final int self;
    private final Replicas replicas;
    private final ReplicaStore store;
    private final Strangers strangers;
    private final BucketDigests[] digests;
    private final long[] inherited = new long[BucketDigests.BUCKET_COUNT];
    private final FlushVector flushes;
    private final byte[] key = new byte[ReplicaRecord.MAX_KEY];
    private long passWanted;
    private long passRunning;
    private long passDone;
    private int position;
    private int looked;

    /** {@code strangers} hears of what the first pass finds: with other members than before, items have to move. */
    ReplicaState(int self, Replicas replicas, ReplicaStore store, Strangers strangers) {
        this.strangers = strangers;
        this.self = self;
        this.replicas = replicas;
        this.store = store;
        flushes = new FlushVector(replicas.nodeCount());
        digests = new BucketDigests[replicas.nodeCount()];
        for (int i = 0; i < digests.length; i++) {
            digests[i] = new BucketDigests();
        }
    }

    /** Asks for a pass that begins from now on, and returns its number. */
    long wantPass() {
        passWanted = passRunning + 1;
        return passWanted;
    }

    /** Whether a pass has been completed, or a later one. */
    boolean isPassDone(long pass) {
        return passDone >= pass;
    }

    /** Goes on with the pass that is wanted, if there is one. */
    void turn() {
        if (passDone == passRunning && passWanted > passDone) {
            passRunning = passWanted;
            position = 0;
        }
        looked = 0;
        while (passDone < passRunning && looked < ITEMS_PER_TURN) {
            int bucket = store.takeChanged(position);
            if (bucket < 0) {
                passDone = passRunning;
            } else {
                read(bucket);
                position = bucket + 1;
            }
        }
    }

    private void read(int bucket) {
        for (BucketDigests each : digests) {
            each.clear(bucket);
        }
        looked++;
        store.walk(bucket, item -> {
            looked++;
            boolean isOurs = locate(item).has(self);
            for (int i = 0; i < replicas.count(); i++) {
                if (isOurs) {
                    digests[replicas.node(i)].toggle(item.hash(), item.version());
                } else if (passDone == 0) {
                    strangers.found(replicas.node(i), bucket);
                }
            }
        });
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
        return store.mark(bucket);
    }

    /** What has left a bucket here, or at a peer before this node was there. */
    long markOrInherited(int bucket) {
        return Math.max(store.mark(bucket), inherited[bucket]);
    }

    /** What had left a bucket at a peer before this node was there: versions up to it may not be the last ones. */
    long inherited(int bucket) {
        return inherited[bucket];
    }

    /** Takes a mark over from a peer. */
    void inherit(int bucket, long mark) {
        inherited[bucket] = Math.max(inherited[bucket], mark);
    }

    FlushVector flushes() {
        return flushes;
    }

    /** As when nothing had ever been here. Flushes stay: they are not of this node's making. */
    void clear() {
        for (BucketDigests each : digests) {
            each.clear();
        }
        Arrays.fill(inherited, 0);
    }
}
