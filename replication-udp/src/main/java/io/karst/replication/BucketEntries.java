package io.karst.replication;

import java.util.Arrays;

/** Hash and version of what this node and a peer should both have in one bucket, by hash, unsigned. One thread. */
final class BucketEntries {
    private long[] hashes = new long[64];
    private long[] versions = new long[64];
    private int count;
    private int bucket;

    /** Reads a bucket of the store. */
    void collect(ReplicaStore store, ReplicaState state, int bucket, int peer) {
        this.bucket = bucket;
        count = 0;
        store.walk(bucket, item -> {
            if (state.isShared(item, peer)) {
                insert(item.hash(), item.version());
            }
        });
    }

    private void insert(long hash, long version) {
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
            versions = Arrays.copyOf(versions, 2 * count);
        }
        int at = lowerBound(hash);
        if (at < count && hashes[at] == hash) {
            // Two keys with one hash travel together: whoever asks for one gets both.
            versions[at] = Math.max(versions[at], version);
            return;
        }
        System.arraycopy(hashes, at, hashes, at + 1, count - at);
        System.arraycopy(versions, at, versions, at + 1, count - at);
        hashes[at] = hash;
        versions[at] = version;
        count++;
    }

    /** The index of the first entry whose hash is not below this one. */
    int lowerBound(long hash) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(hashes[middle], hash) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    int bucket() {
        return bucket;
    }

    int count() {
        return count;
    }

    long hash(int i) {
        return hashes[i];
    }

    long version(int i) {
        return versions[i];
    }

    /** The last hash of the range that ends before entry {@code to}. */
    long rangeEnd(int to) {
        return to == count ? lastHash(bucket) : hashes[to - 1];
    }

    /** The last hash of a bucket. */
    static long lastHash(int bucket) {
        return (long) bucket << 48 | 0xFFFF_FFFF_FFFFL;
    }
}
