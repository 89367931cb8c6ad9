package io.karst.store;

/**
 * How a budget of bytes is cut into segments, so that everything the arena needs (Chronicle's headers, hash lookups, free
 * lists and entry space, and our segment control areas) stays inside it.
 *
 * @param segmentCount a power of two
 * @param chunkSize bytes per chunk, a power of two
 * @param chunksPerSegment chunks in each segment
 * @param entriesPerSegment what Chronicle's builder is told; it sizes the hash lookup
 */
record ArenaGeometry(int segmentCount, int chunkSize, int chunksPerSegment, int entriesPerSegment) {
    /** Chunk of the small arena; finer chunks waste less of the last one, and 2^16 of them fill a segment. */
    static final int SMALL_CHUNK = 16;

    /** Chunk of the large arena. */
    static final int LARGE_CHUNK = 4096;

    /** Longest entry of the small arena, bytes; longer ones go to the large arena. */
    static final int SMALL_ENTRY_MAX = 16 * 1024;

    private static final long SMALL_SEGMENT_MAX = 1 << 20;
    private static final long LARGE_SEGMENT_MAX = 64L << 20;
    private static final long LARGE_SEGMENT_MIN = 1 << 20;
    private static final int LARGEST_SLOT = 8;
    private static final int CACHE_LINE = 64;

    /** Chronicle's page-aligned header in front of the segment headers: at most this much. */
    private static final long MAP_HEADER = 16 * 1024;

    /** Chronicle spaces the headers of up to 42 segments three cache lines apart, fewer when there are more. */
    private static final int SEGMENT_HEADER_MAX = 3 * CACHE_LINE;

    /** Chronicle refuses to fill a hash lookup above this share; we aim a little lower, for uneven segments. */
    private static final double LOOKUP_LOAD = 0.76;

    /**
     * Share of a lookup's slots that we use. Chronicle's own inserts stop at 0.8, which is what we do not use; readers do not
     * care. A free slot is then 14 slots from home on average, one more than at 0.8, and small items without a hint are 0.96
     * of memcached's instead of 0.95 (docs/operate/items-per-gigabyte.md).
     */
    private static final double LOOKUP_LOAD_MAX = 0.81;

    /** Smallest lookup we ask for: below, no expected number of entries makes Chronicle choose a given capacity. */
    private static final int LOOKUP_MIN = 256;

    /**
     * Segments of at most 1 MiB, the next power of two of them: small segments bound the length of a probe, the work of
     * an eviction and the time under a lock.
     *
     * @param budget bytes for all of the arena
     * @param itemSizeHint expected bytes of key plus value; smaller items than this may fill the hash lookup first
     */
    static ArenaGeometry small(long budget, int itemSizeHint) {
        int segments = powerOfTwoAtLeast(divideUp(budget, SMALL_SEGMENT_MAX));
        long perSegment = (budget - MAP_HEADER) / segments;
        int entry = roundUp(itemSizeHint + ItemLayout.OPTIONAL_OFFSET + 3, SMALL_CHUNK);
        return fit(segments, perSegment, SMALL_CHUNK, perSegment / (entry + LARGEST_SLOT));
    }

    /**
     * Contiguous large items in segments of up to 64 MiB; at least two of the largest items fit each segment where the
     * budget allows it, at least one always.
     *
     * @param entryMax longest entry in bytes
     */
    static ArenaGeometry large(long budget, long entryMax) {
        long segmentBytes = Math.max(
                Math.max(2 * largeSegmentFor(entryMax), LARGE_SEGMENT_MIN), Math.min(LARGE_SEGMENT_MAX, budget / 8));
        int segments = (int) Long.highestOneBit(Math.max(1, budget / segmentBytes));
        long perSegment = (budget - MAP_HEADER) / segments;
        return fit(segments, perSegment, LARGE_CHUNK, perSegment / SMALL_ENTRY_MAX);
    }

    /** Bytes that a large segment needs to hold one entry of {@code entryMax} bytes, everything included. */
    static long largeSegmentFor(long entryMax) {
        return entryMax + entryMax / 64 + 8L * LARGE_CHUNK;
    }

    /** Bytes that Chronicle and we take for this geometry, at most. */
    long footprintMax() {
        return MAP_HEADER
                + (long) segmentCount
                        * (tierSize(chunkSize, chunksPerSegment, lookupCapacity(entriesPerSegment), slotSize())
                                + SEGMENT_HEADER_MAX
                                + SegmentControl.length(chunksPerSegment, lookupCapacity(entriesPerSegment)));
    }

    /** Slots of each hash lookup. */
    int lookupCapacity() {
        return lookupCapacity(entriesPerSegment);
    }

    /** Most entries in a segment whose lookup has so many slots. */
    static int entriesMax(int lookupCapacity) {
        return (int) (lookupCapacity * LOOKUP_LOAD_MAX);
    }

    private int slotSize() {
        return slotSize(entriesPerSegment, chunksPerSegment);
    }

    private static ArenaGeometry fit(int segments, long perSegment, int chunkSize, long entriesWanted) {
        int capacity = powerOfTwoAtLeast((long) Math.max(LOOKUP_MIN, entriesWanted / LOOKUP_LOAD));
        int entries = entriesFor(capacity);
        long chunks = perSegment / chunkSize;
        while (chunks > 0
                && tierSize(chunkSize, chunks, capacity, slotSize(entries, chunks))
                                + SEGMENT_HEADER_MAX
                                + SegmentControl.length((int) chunks, capacity)
                        > perSegment) {
            chunks -= Math.max(1, chunks / 4096);
        }
        if (chunks < 64) {
            throw new IllegalArgumentException(
                    "a segment of " + perSegment + " bytes is too small: give the store more memory");
        }
        return new ArenaGeometry(segments, chunkSize, (int) chunks, (int) Math.min(entries, chunks));
    }

    /**
     * The expected number of entries that makes Chronicle choose a lookup of this capacity: more than half of it, and so
     * few that its Poisson allowance for uneven segments (under five standard deviations) stays below a load of 0.8.
     */
    private static int entriesFor(int capacity) {
        int entries = capacity * 6 / 10;
        while (entries + 5 * Math.sqrt(entries) + 5 > 0.8 * capacity) {
            entries--;
        }
        return entries;
    }

    /** Chronicle's arithmetic for one tier (VanillaChronicleHash.tierSize), with its anti-aliasing line always counted. */
    private static long tierSize(int chunkSize, long chunks, int lookupCapacity, int slotSize) {
        return roundUp((long) lookupCapacity * slotSize, CACHE_LINE)
                + CACHE_LINE
                + roundUp(divideUp(chunks, 8), CACHE_LINE)
                + roundUp(chunks * chunkSize, CACHE_LINE)
                + CACHE_LINE;
    }

    private static int lookupCapacity(int entries) {
        int capacity = powerOfTwoAtLeast(Math.max(entries, CACHE_LINE));
        return entries > capacity * 2.0 / 3 ? 2 * capacity : capacity;
    }

    private static int slotSize(int entries, long chunks) {
        int valueBits = 64 - Long.numberOfLeadingZeros(chunks - 1);
        int keyBits = 64 - Long.numberOfLeadingZeros(entries - 1L) + 3;
        return keyBits + valueBits <= 32 ? 4 : LARGEST_SLOT;
    }

    private static int powerOfTwoAtLeast(long value) {
        return value <= 1 ? 1 : Math.toIntExact(Long.highestOneBit(value - 1) << 1);
    }

    private static long divideUp(long value, long by) {
        return (value + by - 1) / by;
    }

    private static int roundUp(int value, int to) {
        return (value + to - 1) & -to;
    }

    private static long roundUp(long value, int to) {
        return (value + to - 1) & -(long) to;
    }
}
