package io.karst.replication;

import java.util.BitSet;

/**
 * The buckets of which a peer may have missed a change: a bounded store of hints, 8 KiB per peer however long it is
 * away.
 *
 * <p>What the peer missed is sent as it is by then, bucket by bucket. Hints older than their time to live are dropped,
 * all together; anti-entropy finds what they stood for. One thread.
 */
final class DirtyBuckets {
    private final BitSet buckets = new BitSet(BucketDigests.BUCKET_COUNT);
    private int next;
    private long oldestMs;

    void mark(int bucket, long nowMs) {
        oldestMs = buckets.isEmpty() ? nowMs : oldestMs;
        buckets.set(bucket);
    }

    boolean isEmpty() {
        return buckets.isEmpty();
    }

    int count() {
        return buckets.cardinality();
    }

    /** Takes a bucket out, each in its turn; -1 when there is none. */
    int take() {
        int bucket = buckets.nextSetBit(next);
        bucket = bucket < 0 ? buckets.nextSetBit(0) : bucket;
        if (bucket >= 0) {
            buckets.clear(bucket);
            next = bucket + 1;
        }
        return bucket;
    }

    /** Drops everything when the oldest hint is older than {@code ttlMs}, and returns how many buckets that were. */
    int expire(long nowMs, long ttlMs) {
        if (buckets.isEmpty() || nowMs - oldestMs < ttlMs) {
            return 0;
        }
        int count = count();
        clear();
        return count;
    }

    void clear() {
        buckets.clear();
    }
}
