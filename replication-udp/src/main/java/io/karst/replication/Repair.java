package io.karst.replication;

import org.agrona.collections.LongHashSet;

/**
 * The answering side of anti-entropy: compares what a peer has with what is here, sends what is newer here, asks for
 * what is newer there. Keeps no state between two frames. One thread.
 */
final class Repair {
    private final ReplicaStore store;
    private final ReplicaState state;
    private final FrameSender sender;
    private final BucketEntries ours = new BucketEntries();
    private final LongHashSet newerHere = new LongHashSet();
    private int pullCount;
    private int pending;

    Repair(ReplicaStore store, ReplicaState state, FrameSender sender) {
        this.store = store;
        this.state = state;
        this.sender = sender;
    }

    void onDigests(Peer peer, DigestFrame theirs) {
        sender.send(
                peer.index,
                DifferenceFrame.encode(
                        sender.scratch(), sender.node(), sender.boot(), theirs, state.digests(peer.index)));
    }

    void onSummary(Peer peer, BucketSummary theirs, long clockMicros) {
        compare(peer.index, theirs, clockMicros);
        if (pullCount > 0) {
            sender.send(
                    peer.index,
                    PullRequest.encode(sender.scratch(), sender.node(), sender.boot(), theirs.bucket(), pullCount));
        }
        if (!newerHere.isEmpty()) {
            sendWanted(peer, theirs.bucket());
        }
        sender.send(peer.index, SummaryAnswer.encode(sender.scratch(), sender.node(), sender.boot(), theirs, pending));
    }

    private void compare(int peer, BucketSummary theirs, long clockMicros) {
        ours.collect(store, state, theirs.bucket(), peer);
        newerHere.clear();
        pullCount = 0;
        pending = 0;
        long ourMark = state.mark(theirs.bucket());
        int i = 0;
        int j = ours.lowerBound(theirs.firstHash());
        while (i < theirs.entryCount() || (j < ours.count() && isInRange(theirs, ours.hash(j)))) {
            int order = order(theirs, i, j);
            if (order > 0) {
                offer(ours.hash(j), ours.version(j), theirs.mark());
            } else if (order < 0) {
                want(theirs.hash(i), theirs.version(i), ourMark, clockMicros);
            } else {
                offer(ours.hash(j), ours.version(j), theirs.version(i));
                want(theirs.hash(i), theirs.version(i), ours.version(j), clockMicros);
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
    }

    private int order(BucketSummary theirs, int i, int j) {
        if (i == theirs.entryCount()) {
            return 1;
        }
        return j == ours.count() ? -1 : Long.compareUnsigned(theirs.hash(i), ours.hash(j));
    }

    private static boolean isInRange(BucketSummary theirs, long hash) {
        return Long.compareUnsigned(hash, theirs.lastHash()) <= 0;
    }

    private void offer(long hash, long version, long theyHave) {
        if (version > theyHave) {
            pending++;
            newerHere.add(hash);
        }
    }

    private void want(long hash, long version, long weHave, long clockMicros) {
        if (version > weHave) {
            pending++;
            if (!Version.isRefused(version, clockMicros) && pullCount < PullRequest.maxCount(sender.maxFrameLength())) {
                PullRequest.encodeHash(sender.scratch(), pullCount++, hash);
            }
        }
    }

    private void sendWanted(Peer peer, int bucket) {
        store.walk(bucket, item -> {
            if (newerHere.contains(item.hash()) && state.locate(item).has(peer.index)) {
                peer.link.repair(item, store);
            }
        });
    }

    void onPull(Peer peer, PullRequest wanted) {
        newerHere.clear();
        for (int i = 0; i < wanted.count(); i++) {
            newerHere.add(wanted.hash(i));
        }
        sendWanted(peer, wanted.bucket());
    }

    /** Asks a peer for one item. */
    void pull(int peer, long hash) {
        PullRequest.encodeHash(sender.scratch(), 0, hash);
        sender.send(
                peer,
                PullRequest.encode(sender.scratch(), sender.node(), sender.boot(), BucketDigests.bucketOf(hash), 1));
    }
}
