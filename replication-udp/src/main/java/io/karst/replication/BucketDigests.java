package io.karst.replication;

import java.util.Arrays;

/**
 * 65,536 digests of the items that two nodes should both have, and 256 of groups of them: whoever has the same digest
 * has the same items in the same versions.
 *
 * <p>A digest is the XOR of a mixed 64-bit word per item, so it follows a change in a few nanoseconds and in any order.
 * Half a mebibyte per peer. One thread.
 */
final class BucketDigests {
    static final int BUCKET_COUNT = 65_536;
    static final int GROUP_COUNT = 256;
    static final int BUCKETS_PER_GROUP = BUCKET_COUNT / GROUP_COUNT;

    private final long[] buckets = new long[BUCKET_COUNT];
    private final long[] groups = new long[GROUP_COUNT];

    /** The bucket of a key's hash, 0 to 65,535: its high 16 bits. */
    static int bucketOf(long hash) {
        return (int) (hash >>> 48);
    }

    /** Puts an item in, or takes the same one out. */
    void toggle(long hash, long version) {
        long word = mix(hash ^ mix(version));
        buckets[bucketOf(hash)] ^= word;
        groups[bucketOf(hash) / BUCKETS_PER_GROUP] ^= word;
    }

    long bucket(int bucket) {
        return buckets[bucket];
    }

    long group(int group) {
        return groups[group];
    }

    /** Takes everything out of a bucket. */
    void clear(int bucket) {
        groups[bucket / BUCKETS_PER_GROUP] ^= buckets[bucket];
        buckets[bucket] = 0;
    }

    void clear() {
        Arrays.fill(buckets, 0);
        Arrays.fill(groups, 0);
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    private static long mix(long value) {
        long z = value + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
