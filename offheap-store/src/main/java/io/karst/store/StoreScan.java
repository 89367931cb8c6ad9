package io.karst.store;

import org.jspecify.annotations.Nullable;

/**
 * The steps of {@link StoreSession#scan}. Hot path of a dump: no allocation; one small segment's shared lock per step, and
 * under it now and then the shared lock of a large one, in the order that every reader takes them.
 */
/*
 * A slot number is no place to go on from: removing an entry shifts its neighbours backwards, over the position of a scan,
 * and an overwritten item may change the arena. What never changes is a key's hash, so the scan goes by that: the lowest
 * bits choose the small segment, the next ones the home, the slot where a lookup of the key begins. A step takes a window
 * of homes of one small segment and shows every item that has its home there, wherever it lies:
 *
 *   in the small arena   between the window's begin and the first empty slot behind its end (linear probing)
 *   in the large arena   where the same bits of the hash lead there; mostly to an empty slot, which costs one read
 *
 * Both happen under the small segment's lock, which whoever moves a key between the arenas holds alone. So an item whose
 * key is present during the whole scan is shown exactly once, at its home, whatever happens around it. Only keys of which
 * the lookup's bits of the hash are 0 need care, because Chronicle keeps them as all ones.
 */
final class StoreScan {
    private static final int NONE = -1;

    private final StoreSession session;
    private final Segment small;
    private final @Nullable Segment large;

    private int lockedLarge = NONE;

    StoreScan(StoreSession session, Segment small, @Nullable Segment large) {
        this.session = session;
        this.small = small;
        this.large = large;
    }

    /** As {@link StoreSession#scan}. */
    long step(long cursor, int homesMax, @Nullable SizeBand only, StoreSession.ItemVisitor visitor) {
        int homeCount = small.slotCount();
        int index = (int) (cursor / homeCount);
        int from = (int) (cursor % homeCount);
        int to = Math.min(homeCount, from + homesMax);
        small.selectIndex(index);
        small.lockRead();
        try {
            if (only != SizeBand.LARGE) {
                showSmall(from, to, visitor);
            }
            if (large != null && only != SizeBand.SMALL && !large.arena.isEmpty()) {
                showLarge(large, index, from, to, visitor);
            }
        } finally {
            small.unlockRead();
        }
        return (long) index * homeCount + to;
    }

    /**
     * Shows the items of a bucket, which are those with its number in the low 16 bits of their hash: a few homes of one
     * segment of each arena, or whole segments where there are more than 65,536.
     */
    void bucket(int bucket, StoreSession.ItemVisitor visitor) {
        int count = small.arena.segmentCount;
        for (int index = bucket & (count - 1); index < count; index += ReplicaTracking.BUCKET_COUNT) {
            small.selectIndex(index);
            small.lockRead();
            try {
                bucketOf(small, bucket, index, visitor);
                if (large != null && !large.arena.isEmpty()) {
                    lockLarge(large, bucket & (large.arena.segmentCount - 1));
                    bucketOf(large, bucket, index, visitor);
                }
            } finally {
                if (large != null) {
                    unlockLarge(large);
                }
                small.unlockRead();
            }
        }
    }

    private void bucketOf(Segment of, int bucket, int smallIndex, StoreSession.ItemVisitor visitor) {
        int homeCount = of.slotCount();
        int lookupBits = bucket >>> of.arena.segmentBits;
        int step = Math.min(homeCount, Math.max(1, ReplicaTracking.BUCKET_COUNT >>> of.arena.segmentBits));
        for (int home = lookupBits & (step - 1); home < homeCount; home += step) {
            bucketAt(of, home, bucket, smallIndex, visitor);
        }
        if (lookupBits == 0 && step > 1) {
            // Keys whose bits are 0 have the last home.
            bucketAt(of, homeCount - 1, bucket, smallIndex, visitor);
        }
    }

    private void bucketAt(Segment of, int home, int bucket, int smallIndex, StoreSession.ItemVisitor visitor) {
        int slotCount = of.slotCount();
        for (int i = 0; i < slotCount; i++) {
            int slot = (home + i) & (slotCount - 1);
            int itsHome = of.homeAt(slot);
            if (itsHome < 0) {
                return;
            }
            if (itsHome == home) {
                of.findSlot(slot);
                long hash = XxHash64.hash(of.key(), of.keyLength());
                if (ReplicaTracking.bucketOf(hash) == bucket
                        && ((int) hash & (small.arena.segmentCount - 1)) == smallIndex) {
                    session.show(of, visitor);
                }
            }
        }
    }

    /** Behind the last position. */
    long end() {
        return (long) small.arena.segmentCount * small.slotCount();
    }

    private void showSmall(int from, int to, StoreSession.ItemVisitor visitor) {
        int slotCount = small.slotCount();
        for (int slot = from; slot < from + slotCount; slot++) {
            int home = small.homeAt(slot % slotCount);
            if (home < 0) {
                if (slot >= to - 1) {
                    return;
                }
            } else if (home >= from && home < to) {
                small.findSlot(slot % slotCount);
                session.show(small, visitor);
            }
        }
    }

    private void showLarge(Segment of, int index, int from, int to, StoreSession.ItemVisitor visitor) {
        try {
            for (int home = from; home < to; home++) {
                probeLarge(of, index, home, home, visitor);
            }
            if (to == small.slotCount()) {
                // Keys whose bits are 0 have the last home.
                probeLarge(of, index, to - 1, 0, visitor);
            }
        } finally {
            unlockLarge(of);
        }
    }

    /** Shows large items of a home in the small arena, where the bits of their hash that make it are {@code homeBits}. */
    private void probeLarge(Segment of, int index, int home, int homeBits, StoreSession.ItemVisitor visitor) {
        int smallBits = small.arena.segmentBits;
        long known = index | (long) homeBits << smallBits;
        int knownBits = smallBits + Long.bitCount(small.arena.capacityMask);
        int largeBits = of.arena.segmentBits;
        lockLarge(of, (int) known & (of.arena.segmentCount - 1));
        long lookup = known >>> largeBits;
        int lookupBits = knownBits - largeBits;
        int unknownBits = Math.max(0, Long.bitCount(of.arena.capacityMask) - lookupBits);
        for (long high = 0; high < 1L << unknownBits; high++) {
            int slot = (int) ((lookup | high << lookupBits) & of.arena.capacityMask);
            probeRun(of, slot, known, knownBits, home, visitor);
            if (slot == 0) {
                probeRun(of, of.slotCount() - 1, known, knownBits, home, visitor);
            }
        }
    }

    private void probeRun(
            Segment of, int first, long known, int knownBits, int home, StoreSession.ItemVisitor visitor) {
        int slotCount = of.slotCount();
        int largeBits = of.arena.segmentBits;
        for (int i = 0; i < slotCount; i++) {
            int slot = (first + i) % slotCount;
            int itsHome = of.homeAt(slot);
            if (itsHome < 0) {
                return;
            }
            // A run is met from several homes; an item is this one's if its lookup begins here.
            if (itsHome == first && of.mayHaveBits(slot, known >>> largeBits, knownBits - largeBits)) {
                of.findSlot(slot);
                long hash = XxHash64.hash(of.key(), of.keyLength());
                if ((hash & ((1L << knownBits) - 1)) == known && small.homeOf(hash) == home) {
                    session.show(of, visitor);
                }
            }
        }
    }

    private void lockLarge(Segment of, int largeIndex) {
        if (lockedLarge != largeIndex) {
            unlockLarge(of);
            of.selectIndex(largeIndex);
            of.lockRead();
            lockedLarge = largeIndex;
        }
    }

    private void unlockLarge(Segment of) {
        if (lockedLarge != NONE) {
            lockedLarge = NONE;
            of.unlockRead();
        }
    }
}
