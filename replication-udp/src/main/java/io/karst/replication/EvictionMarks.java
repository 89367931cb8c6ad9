package io.karst.replication;

import java.util.Arrays;

/**
 * The highest version that has left each bucket by eviction, expiry or purge: 512 KiB that tell a miss from a loss.
 *
 * <p>An item that is absent and not above the mark may have been here and have left; it is not filled in again, and a
 * quorum read does not count an older version of it. One thread.
 */
final class EvictionMarks {
    private final long[] marks = new long[BucketDigests.BUCKET_COUNT];

    long mark(int bucket) {
        return marks[bucket];
    }

    void raise(int bucket, long version) {
        marks[bucket] = Math.max(marks[bucket], version);
    }

    void clear() {
        Arrays.fill(marks, 0);
    }
}
