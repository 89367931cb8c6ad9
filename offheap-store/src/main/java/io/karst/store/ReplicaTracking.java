package io.karst.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What a store keeps for replication, by bucket: one of 65,536 parts of the keys, by 16 bits of their hash. A bucket
 * lies in one small segment, or in few whole ones, so that it is cheap to walk.
 *
 * <p>Sessions note here, under their segment's lock, that something in a bucket has changed, and the highest version that
 * left it by eviction, expiry or purge. Half a mebibyte on the heap. Thread-safe; nothing allocates.
 */
public final class ReplicaTracking {
    /** Buckets. */
    public static final int BUCKET_COUNT = 65_536;

    /** Up to which versions are the items of each node flushed? Any thread. */
    public interface FlushTest {
        /**
         * Whether an item at or below the store's flush floor is flushed, or belongs to a node that was not. Called under the
         * segment's lock for old items until they are settled: must not be slow.
         */
        boolean isFlushed(long key, int keyLength, long version);

        /** A client has flushed what belongs to this node, up to a version. */
        void flushed(long version);
    }

    final FlushTest flushTest;
    private final AtomicLongArray marks = new AtomicLongArray(BUCKET_COUNT);
    private final AtomicLongArray changed = new AtomicLongArray(BUCKET_COUNT / Long.SIZE);
    private final AtomicLong tombstones = new AtomicLong();

    /** Nothing has changed or left yet. */
    public ReplicaTracking(FlushTest flushTest) {
        this.flushTest = flushTest;
    }

    /** The bucket of a key by the store's hash: its low 16 bits, which choose the segment first. */
    static int bucketOf(long hash) {
        return (int) hash & (BUCKET_COUNT - 1);
    }

    /** The hash as peers know it, whose high 16 bits are the bucket. */
    public static long publicHash(long hash) {
        return Long.rotateRight(hash, 16);
    }

    /** The hash of a key as peers know it. */
    public static long publicHash(long key, int keyLength) {
        return publicHash(XxHash64.hash(key, keyLength));
    }

    /** Notes that an item came, went or got another version. */
    void changed(long hash) {
        int bucket = bucketOf(hash);
        int word = bucket / Long.SIZE;
        long bit = 1L << bucket;
        long seen = changed.getPlain(word);
        while ((seen & bit) == 0) {
            seen = changed.compareAndExchange(word, seen, seen | bit) == seen ? bit : changed.get(word);
        }
    }

    /** Notes that a version has left for good without anybody having asked for it. */
    void left(long hash, long version) {
        raise(bucketOf(hash), version);
        changed(hash);
    }

    private void raise(int bucket, long version) {
        long seen = marks.get(bucket);
        while (version > seen && !marks.compareAndSet(bucket, seen, version)) {
            seen = marks.get(bucket);
        }
    }

    void addTombstones(int delta) {
        tombstones.addAndGet(delta);
    }

    /** The highest version that has left a bucket, 0 for none. */
    public long mark(int bucket) {
        return marks.get(bucket);
    }

    /** The first bucket from {@code from} on that has changed since it was last taken, which takes it; -1 for none. */
    public int takeChanged(int from) {
        for (int word = from / Long.SIZE; word < changed.length(); word++) {
            long bits = changed.get(word);
            if (word == from / Long.SIZE) {
                bits &= -1L << from;
            }
            if (bits != 0) {
                int bucket = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                clear(word, Long.lowestOneBit(bits));
                return bucket;
            }
        }
        return -1;
    }

    /** Has every bucket looked at again. */
    public void everythingChanged() {
        for (int word = 0; word < changed.length(); word++) {
            changed.set(word, -1L);
        }
    }

    private void clear(int word, long bit) {
        long seen = changed.get(word);
        while (!changed.compareAndSet(word, seen, seen & ~bit)) {
            seen = changed.get(word);
        }
    }

    /** Tombstones in the store. */
    public long tombstoneCount() {
        return tombstones.get();
    }

    /** Forgets what has left. */
    void clearMarks() {
        for (int bucket = 0; bucket < BUCKET_COUNT; bucket++) {
            marks.set(bucket, 0);
        }
    }
}
