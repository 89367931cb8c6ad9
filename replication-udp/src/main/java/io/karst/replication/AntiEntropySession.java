package io.karst.replication;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/*
 * A round compares everything that two nodes should both have, in three steps: the digests of 256 groups; for each
 * group that differs the digests of its 256 buckets; for each bucket that differs what is in it. The other side keeps
 * no state. It answers a summary by sending what is newer there, asking for what is newer here, and the number of items
 * that moved; the same summary is sent again until that number is 0. So frames may get lost, come twice or late: a
 * bucket is settled only by a comparison that found nothing to do, made after the round had begun.
 *
 * That is what the purge of tombstones rests on: a tombstone received before a round began is, when the round is over,
 * at the peer, too, or something newer is, or the peer's mark covers it.
 */

/** The rounds of anti-entropy that this node begins with one peer. One thread. */
final class AntiEntropySession {
    /** When no round has been completed. */
    static final long NEVER = Long.MIN_VALUE;

    private static final long RETRY_MS = 200;
    private static final int MAX_IN_FLIGHT = 64;

    private static final class InFlight {
        private long firstHash;
        private long lastHash;
        private long sentMs = NEVER;

        private InFlight(int bucket) {
            firstHash = (long) bucket << 48;
        }
    }

    private final int peer;
    private final long periodMs;
    private final FrameSender sender;
    private final ReplicaStore store;
    private final ReplicaState state;
    private final BucketEntries entries = new BucketEntries();
    private final BitSet groups = new BitSet(BucketDigests.GROUP_COUNT);
    private final BitSet buckets = new BitSet(BucketDigests.BUCKET_COUNT);
    private final Map<Integer, InFlight> inFlight = new HashMap<>();

    private int round;
    private boolean isRunning;
    private boolean isCompared;
    private long pass;
    private long startedMs = NEVER;
    private long askedMs = NEVER;
    private long lastFullSyncMs = NEVER;

    AntiEntropySession(int peer, long periodMs, FrameSender sender, ReplicaStore store, ReplicaState state) {
        this.peer = peer;
        this.periodMs = periodMs;
        this.sender = sender;
        this.store = store;
        this.state = state;
    }

    /** Sends what is due; true when that completed a round. */
    boolean turn(long nowMs) {
        if (!isRunning && (startedMs == NEVER || nowMs - startedMs >= periodMs)) {
            begin(nowMs);
        }
        if (!isRunning || !state.isPassDone(pass)) {
            return false;
        }
        if (isCompared && groups.isEmpty()) {
            settleBuckets(nowMs);
        } else if (askedMs == NEVER || nowMs - askedMs >= RETRY_MS) {
            askedMs = nowMs;
            int group = isCompared ? groups.nextSetBit(0) : DigestFrame.ALL_GROUPS;
            sender.send(
                    peer,
                    DigestFrame.encode(
                            sender.scratch(), sender.node(), sender.boot(), round, group, state.digests(peer)));
        }
        return isRunning && isCompared && groups.isEmpty() && buckets.isEmpty() && complete();
    }

    private void begin(long nowMs) {
        round++;
        isRunning = true;
        isCompared = false;
        pass = state.wantPass();
        startedMs = nowMs;
        askedMs = NEVER;
    }

    private boolean complete() {
        isRunning = false;
        lastFullSyncMs = startedMs;
        return true;
    }

    /** Takes the answer to digests. */
    void onDifferences(DifferenceFrame frame) {
        boolean isAnswer =
                frame.group() == DigestFrame.ALL_GROUPS ? !isCompared : isCompared && groups.get(frame.group());
        if (!isRunning || frame.round() != round || !isAnswer) {
            return;
        }
        boolean ofGroups = frame.group() == DigestFrame.ALL_GROUPS;
        int first = ofGroups ? 0 : frame.group() * BucketDigests.BUCKETS_PER_GROUP;
        for (int i = 0; i < BucketDigests.GROUP_COUNT; i++) {
            if (frame.differs(i)) {
                (ofGroups ? groups : buckets).set(first + i);
            }
        }
        isCompared = true;
        if (!ofGroups) {
            groups.clear(frame.group());
        }
        askedMs = NEVER;
    }

    private void settleBuckets(long nowMs) {
        for (int b = buckets.nextSetBit(0); b >= 0 && inFlight.size() < MAX_IN_FLIGHT; b = buckets.nextSetBit(b + 1)) {
            inFlight.computeIfAbsent(b, InFlight::new);
        }
        inFlight.forEach((bucket, part) -> {
            if (part.sentMs == NEVER || nowMs - part.sentMs >= RETRY_MS) {
                part.sentMs = nowMs;
                summarise(bucket, part);
            }
        });
    }

    private void summarise(int bucket, InFlight part) {
        entries.collect(store, state, bucket, peer);
        int from = entries.lowerBound(part.firstHash);
        int most = (sender.maxFrameLength() - BucketSummary.BODY) / BucketSummary.ENTRY_LENGTH;
        int to = Math.min(entries.count(), from + Math.min(most, 0xFFFF));
        part.lastHash = entries.rangeEnd(to);
        sender.send(
                peer,
                BucketSummary.encode(
                        sender.scratch(),
                        sender.node(),
                        sender.boot(),
                        round,
                        entries,
                        part.firstHash,
                        from,
                        to,
                        state.mark(bucket)));
    }

    /** Takes the answer to a summary. */
    void onAnswer(SummaryAnswer frame) {
        InFlight part = inFlight.get(frame.bucket());
        if (part == null || frame.round() != round || part.firstHash != frame.firstHash() || !frame.isSettled()) {
            return;
        }
        if (part.lastHash == BucketEntries.lastHash(frame.bucket())) {
            inFlight.remove(frame.bucket());
            buckets.clear(frame.bucket());
        } else {
            part.firstHash = part.lastHash + 1;
            part.sentMs = NEVER;
        }
    }

    /** Begins the round again: the peer is not who it was. What was settled with it before stays settled. */
    void restart() {
        isRunning = false;
        startedMs = NEVER;
        groups.clear();
        buckets.clear();
        inFlight.clear();
    }

    /** As when no round had ever been completed: we are not who we were. */
    void reset() {
        restart();
        lastFullSyncMs = NEVER;
    }

    /** When the last completed round began, or {@link #NEVER}. */
    long lastFullSyncMs() {
        return lastFullSyncMs;
    }
}
