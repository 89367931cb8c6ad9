package io.karst.store;

import org.agrona.UnsafeApi;

/**
 * What we keep per segment beside Chronicle's map, off heap and inside {@code -m}. Read and written under the segment's
 * write lock, except that statistics may read it without.
 *
 * <pre>
 *  offset  width
 *  0       8      last version assigned or applied in this segment
 *  8       4      hand: the chunk where the eviction goes on; always the start of an entry or a free chunk
 *  12      4      chunks in use
 *  16      4      upper bound of the longest free run in the whole segment
 *  20      4      second (Unix) of the last sweep that found nothing to remove; only used where nothing may be evicted
 *  24      4      sweep hand: the chunk where the sweep for dead items goes on, as the hand; 0 when none is under way
 *  28      4      a second (Unix, unsigned) before which nothing here expires, 0 when nothing ever does
 *  32      4 x b  block index: for each block of 1,024 chunks an upper bound of the longest free run that lies in it or
 *                 starts in it
 *  ..      2 x g  ghosts: fingerprints of evicted keys, 0 for none
 * </pre>
 */
final class SegmentControl {
    static final int LAST_VERSION = 0;
    static final int HAND = 8;
    static final int USED_CHUNKS = 12;
    static final int RUN_BOUND = 16;
    static final int FRUITLESS_SWEEP = 20;
    static final int SWEEP_HAND = 24;
    static final int EARLIEST_EXPIRY = 28;
    static final int BLOCK_INDEX = 32;

    /** Chunks per block of the index, as a shift. */
    static final int BLOCK_SHIFT = 10;

    private SegmentControl() {}

    static int blockCount(int chunks) {
        return (chunks + (1 << BLOCK_SHIFT) - 1) >>> BLOCK_SHIFT;
    }

    /** Where the ghosts begin. */
    static int ghostOffset(int chunks) {
        return BLOCK_INDEX + 4 * blockCount(chunks);
    }

    /**
     * How many ghosts a segment with this many slots in its hash lookup remembers, a power of two: about half as many as it
     * holds items. As many as items took 0.4 % more of the memory and changed misses by 0.1 % either way; none at all had
     * 0.1 to 2.2 % more misses (docs/decisions/0006).
     */
    static int ghostCount(long lookupCapacity) {
        return (int) Math.max(1, lookupCapacity / 4);
    }

    /** Bytes per segment, a multiple of a cache line. */
    static int length(int chunks, long lookupCapacity) {
        return (ghostOffset(chunks) + 2 * ghostCount(lookupCapacity) + 63) & -64;
    }

    /** Makes an empty segment's area out of zeroed memory. */
    static void initialize(long control, int chunks) {
        UnsafeApi.putInt(control + RUN_BOUND, chunks);
        for (int block = 0; block < blockCount(chunks); block++) {
            UnsafeApi.putInt(control + BLOCK_INDEX + 4L * block, chunks - (block << BLOCK_SHIFT));
        }
    }
}
