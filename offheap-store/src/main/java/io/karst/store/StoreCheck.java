package io.karst.store;

import io.karst.eviction.EvictionPolicy;
import io.karst.eviction.PolicyKind;
import java.util.BitSet;
import net.openhft.chronicle.hash.impl.BigSegmentHeader;
import org.agrona.UnsafeApi;

/**
 * Walks whole segments and compares what is told twice: hash lookup against entries, entries against free list, free list
 * against block index, and all of them against the counters. For tests and soaks: it allocates, and it holds each
 * segment's write lock while it looks.
 */
final class StoreCheck {
    private final Arena arena;
    private final Segment segment;

    private StoreCheck(Arena arena) {
        this.arena = arena;
        EvictionPolicy policy = PolicyKind.NONE.policy();
        this.segment = new Segment(arena, new Moment(policy, 0, null), new StoreCounters(), false);
    }

    /** @throws IllegalStateException naming the first difference */
    static void check(Arena arena) {
        StoreCheck check = new StoreCheck(arena);
        for (int i = 0; i < arena.segmentCount; i++) {
            check.segment.selectIndex(i);
            check.segment.lockWrite();
            try {
                check.checkSegment(i);
            } finally {
                check.segment.unlockWrite();
            }
        }
    }

    private void checkSegment(int index) {
        BitSet used = new BitSet(arena.chunkCount);
        BitSet starts = new BitSet(arena.chunkCount);
        int entries = 0;
        for (int slot = 0; slot < segment.slotCount(); slot++) {
            if (segment.findSlot(slot)) {
                entries++;
                checkEntry(index, used, starts);
            }
        }
        require(entries == BigSegmentHeader.INSTANCE.entries(arena.header(index)), index, "entry count", entries);
        long control = arena.control(index);
        require(
                used.cardinality() == UnsafeApi.getInt(control + SegmentControl.USED_CHUNKS),
                index,
                "used chunks",
                used.cardinality());
        for (int chunk = 0; chunk < arena.chunkCount; chunk++) {
            require(isMarked(index, chunk) == used.get(chunk), index, "free list at chunk", chunk);
        }
        long lowestFree = BigSegmentHeader.INSTANCE.lowestPossiblyFreeChunk(arena.header(index));
        require(lowestFree <= used.nextClearBit(0), index, "lowest possibly free chunk", lowestFree);
        int hand = UnsafeApi.getInt(control + SegmentControl.HAND);
        require(hand < arena.chunkCount && isBoundary(hand, used, starts), index, "hand inside an entry", hand);
        int sweepHand = UnsafeApi.getInt(control + SegmentControl.SWEEP_HAND);
        require(
                sweepHand == arena.chunkCount || (sweepHand < arena.chunkCount && isBoundary(sweepHand, used, starts)),
                index,
                "sweep hand inside an entry",
                sweepHand);
        checkBounds(index, control, used);
    }

    private void checkEntry(int index, BitSet used, BitSet starts) {
        long key = segment.key();
        int keyLength = segment.keyLength();
        long hash = XxHash64.hash(key, keyLength);
        require(((int) hash & (arena.segmentCount - 1)) == index, index, "entry in the wrong segment, hash", hash);
        long entry = key - StopBit.size(keyLength);
        long entrySpace = arena.tier(index) + arena.entrySpaceOffset;
        int start = (int) ((entry - entrySpace) >>> arena.chunkShift);
        int length = Segment.entryLength(keyLength, segment.itemLength());
        int end = start + ((length + (1 << arena.chunkShift) - 1) >>> arena.chunkShift);
        require(end <= arena.chunkCount, index, "entry behind the end, chunk", start);
        require(used.nextSetBit(start) < 0 || used.nextSetBit(start) >= end, index, "entries overlap at chunk", start);
        used.set(start, end);
        starts.set(start);
        int headerLength = ItemLayout.headerLength(ItemLayout.control(segment.item()));
        require(headerLength <= segment.itemLength(), index, "header longer than item at chunk", start);
        require(ItemLayout.version(segment.item()) > 0, index, "version of the entry at chunk", start);
        checkExpiry(index, start);
    }

    private static boolean isBoundary(int chunk, BitSet used, BitSet starts) {
        return !used.get(chunk) || starts.get(chunk);
    }

    private void checkExpiry(int index, int start) {
        int expiresAt = ItemLayout.expiresAt(segment.item(), ItemLayout.control(segment.item()));
        if (expiresAt == 0 || segment.isBeingSwept()) {
            return;
        }
        int earliest = UnsafeApi.getInt(arena.control(index) + SegmentControl.EARLIEST_EXPIRY);
        require(
                earliest != 0 && Integer.compareUnsigned(earliest, expiresAt) <= 0,
                index,
                "earliest expiry " + earliest + " behind that of the entry at chunk",
                start);
    }

    private void checkBounds(int index, long control, BitSet used) {
        int longest = 0;
        int start = used.nextClearBit(0);
        while (start < arena.chunkCount) {
            int next = used.nextSetBit(start);
            int end = next < 0 ? arena.chunkCount : next;
            longest = Math.max(longest, end - start);
            for (int block = start >>> SegmentControl.BLOCK_SHIFT;
                    block <= (end - 1) >>> SegmentControl.BLOCK_SHIFT;
                    block++) {
                int run = end - Math.max(start, block << SegmentControl.BLOCK_SHIFT);
                int bound = UnsafeApi.getInt(control + SegmentControl.BLOCK_INDEX + 4L * block);
                require(bound >= run, index, "bound of block " + block + " below the free run", run);
            }
            start = used.nextClearBit(end);
        }
        int bound = UnsafeApi.getInt(control + SegmentControl.RUN_BOUND);
        require(bound >= longest, index, "bound of the segment below the free run", longest);
    }

    private boolean isMarked(int index, int chunk) {
        long word = UnsafeApi.getLong(arena.tier(index) + arena.freeListOffset + ((long) (chunk >>> 6) << 3));
        return (word >>> chunk & 1) != 0;
    }

    private void require(boolean holds, int index, String what, long value) {
        if (!holds) {
            throw new IllegalStateException(
                    "arena " + arena.map.name() + ", segment " + index + ": " + what + " " + value);
        }
    }
}
