package io.karst.store;

import static io.karst.store.SegmentControl.BLOCK_INDEX;
import static io.karst.store.SegmentControl.BLOCK_SHIFT;
import static io.karst.store.SegmentControl.RUN_BOUND;
import static io.karst.store.SegmentControl.USED_CHUNKS;

import org.agrona.UnsafeApi;

/**
 * Which chunks of a segment are in use: Chronicle's bit set (1 = in use), and our block index, which finds a free run
 * without reading all of the bits. Every method wants the segment's write lock, except {@link #nextUsed}, which a shared
 * one suffices for. Allocates nothing.
 */
/*
 * The block index. Victims leave holes that are too short for the item at hand but right for a later one. Looking for
 * such a hole by first fit reads up to 8 KiB of bits per insert (0.5 to 1 us, evidence/store-paths.md section 3); not
 * looking at all leaves 25 to 37 % of the chunks unused on mixed sizes. So each block of 1,024 chunks has an upper bound
 * of the longest free run that touches it, counted from where the run enters the block to where it ends, in this block
 * or a later one. Freeing raises the bounds; allocating leaves them, since a run only gets shorter; a scan that comes
 * back empty-handed corrects the bound of its block. RUN_BOUND is the same for the whole segment, so that a full
 * segment is known from one int. Room that is made for an item and used up by it at once must not leave its length in the
 * bounds, or each insert scans a block in vain: 80 of 600 ns.
 */
final class FreeList {
    private static final int CHUNKS_PER_BLOCK = 1 << BLOCK_SHIFT;

    private final int chunkCount;
    private final int blockCount;
    private final long offset;

    private int notedBlock;
    private int notedBlockBound;
    private int notedRunBound;

    FreeList(Arena arena) {
        chunkCount = arena.chunkCount;
        blockCount = SegmentControl.blockCount(chunkCount);
        offset = arena.freeListOffset;
    }

    /** First used chunk at or after {@code from}, or {@code limit} when there is none before it. */
    int nextUsed(long tier, int from, int limit) {
        if (from >= limit) {
            return limit;
        }
        long bits = tier + offset;
        int word = from >>> 6;
        int lastWord = (limit - 1) >>> 6;
        long used = word(bits, word) & (-1L << from);
        while (used == 0) {
            if (++word > lastWord) {
                return limit;
            }
            used = word(bits, word);
        }
        return Math.min(limit, (word << 6) + Long.numberOfTrailingZeros(used));
    }

    private int nextFree(long bits, int from, int limit) {
        if (from >= limit) {
            return limit;
        }
        int word = from >>> 6;
        int lastWord = (limit - 1) >>> 6;
        long free = ~word(bits, word) & (-1L << from);
        while (free == 0) {
            if (++word > lastWord) {
                return limit;
            }
            free = ~word(bits, word);
        }
        return Math.min(limit, (word << 6) + Long.numberOfTrailingZeros(free));
    }

    /** Start of the free run that ends just before {@code chunk}; {@code chunk} itself when its neighbour is in use. */
    int runStart(long tier, int chunk) {
        long bits = tier + offset;
        if (chunk == 0) {
            return 0;
        }
        int word = (chunk - 1) >>> 6;
        long used = word(bits, word) & (-1L >>> (63 - ((chunk - 1) & 63)));
        while (used == 0) {
            if (--word < 0) {
                return 0;
            }
            used = word(bits, word);
        }
        return (word << 6) + 64 - Long.numberOfLeadingZeros(used);
    }

    boolean isFree(long tier, int from, int count) {
        return from + count <= chunkCount && nextUsed(tier, from, from + count) == from + count;
    }

    /** Marks {@code count} free chunks as in use. */
    void take(long tier, long control, int start, int count) {
        assert isFree(tier, start, count);
        mark(tier + offset, start, count, true);
        UnsafeApi.putInt(control + USED_CHUNKS, UnsafeApi.getInt(control + USED_CHUNKS) + count);
    }

    /** Gives {@code count} used chunks back and raises the bounds of the blocks that the merged run touches. */
    void release(long tier, long control, int start, int count) {
        long bits = tier + offset;
        mark(bits, start, count, false);
        UnsafeApi.putInt(control + USED_CHUNKS, UnsafeApi.getInt(control + USED_CHUNKS) - count);
        int runStart = runStart(tier, start);
        int runEnd = nextUsed(tier, start + count, chunkCount);
        raise(control + RUN_BOUND, runEnd - runStart);
        for (int block = runStart >>> BLOCK_SHIFT; block <= (runEnd - 1) >>> BLOCK_SHIFT; block++) {
            raise(bound(control, block), runEnd - Math.max(runStart, block << BLOCK_SHIFT));
        }
    }

    /** Start of a free run of at least {@code count} chunks, lowest address first as far as the index knows, or -1. */
    int findRun(long tier, long control, int count) {
        if (UnsafeApi.getInt(control + RUN_BOUND) < count) {
            return -1;
        }
        int longest = 0;
        for (int block = 0; block < blockCount; block++) {
            long bound = bound(control, block);
            if (UnsafeApi.getInt(bound) >= count) {
                int found = scan(tier, bound, block, count);
                if (found >= 0) {
                    return found;
                }
            }
            longest = Math.max(longest, UnsafeApi.getInt(bound));
        }
        UnsafeApi.putInt(control + RUN_BOUND, longest);
        return -1;
    }

    /** Notes the bounds before room is made from a chunk on, for {@link #restoreBounds}. */
    void noteBounds(long control, int chunk) {
        notedBlock = chunk >>> BLOCK_SHIFT;
        notedBlockBound = UnsafeApi.getInt(bound(control, notedBlock));
        notedRunBound = UnsafeApi.getInt(control + RUN_BOUND);
    }

    /**
     * Takes back what making room has raised, as far as known: {@code count} chunks were freed at {@code start}, and are about
     * to be taken.
     *
     * @param others no other run that is free now, but was not when the bounds were noted, is longer
     */
    void restoreBounds(long tier, long control, int start, int count, int others) {
        int end = start + count;
        int runEnd = nextUsed(tier, end, chunkCount);
        int longest = Math.max(others, runEnd - end);
        lower(control + RUN_BOUND, Math.max(notedRunBound, longest));
        if (start >>> BLOCK_SHIFT == notedBlock && (runEnd - 1) >>> BLOCK_SHIFT == notedBlock) {
            lower(bound(control, notedBlock), Math.max(notedBlockBound, longest));
        }
    }

    private int scan(long tier, long bound, int block, int count) {
        long bits = tier + offset;
        int blockEnd = Math.min(chunkCount, (block << BLOCK_SHIFT) + CHUNKS_PER_BLOCK);
        int longest = 0;
        int start = nextFree(bits, block << BLOCK_SHIFT, blockEnd);
        while (start < blockEnd) {
            int end = nextUsed(tier, start, chunkCount);
            if (end - start >= count) {
                return start;
            }
            longest = Math.max(longest, end - start);
            start = nextFree(bits, end, blockEnd);
        }
        UnsafeApi.putInt(bound, longest);
        return -1;
    }

    private static long bound(long control, int block) {
        return control + BLOCK_INDEX + 4L * block;
    }

    private static void raise(long address, int value) {
        if (UnsafeApi.getInt(address) < value) {
            UnsafeApi.putInt(address, value);
        }
    }

    private static void lower(long address, int value) {
        if (UnsafeApi.getInt(address) > value) {
            UnsafeApi.putInt(address, value);
        }
    }

    private static long word(long bits, int word) {
        return UnsafeApi.getLong(bits + ((long) word << 3));
    }

    private static void mark(long bits, int start, int count, boolean used) {
        int at = start;
        int rest = count;
        while (rest > 0) {
            int shift = at & 63;
            int span = Math.min(64 - shift, rest);
            long mask = (span == 64 ? -1L : (1L << span) - 1) << shift;
            long address = bits + ((long) (at >>> 6) << 3);
            long word = UnsafeApi.getLong(address);
            UnsafeApi.putLong(address, used ? word | mask : word & ~mask);
            at += span;
            rest -= span;
        }
    }
}
