package io.karst.store;

import org.jspecify.annotations.Nullable;

/**
 * Looks for dead items, expired or flushed, and gives their room back before anybody misses it: a walk through some of the
 * store's segments, in address order, a bounded number of items at a time. A segment that holds nothing that could
 * have expired costs one read. Used by its session's thread; allocates nothing; a segment that somebody else holds is
 * left for the next pass.
 */
public final class ExpirySweep {
    /** Seconds between two passes that look at every item, so that old accesses stay recognisable as old. */
    private static final int FULL_PASS_SECONDS = 4 * 3600;

    private final StoreSession session;
    private final Segment small;
    private final @Nullable Segment large;
    private final int segments;
    private final int part;
    private final int parts;

    private int position;
    private long floorSwept;
    private long floorOfPass;
    private int fullPassBegan;
    private boolean isFull;

    private int looked;
    private int removed;

    ExpirySweep(StoreSession session, Segment small, @Nullable Segment large, int part, int parts) {
        this.session = session;
        this.small = small;
        this.large = large;
        this.segments = small.arena.segmentCount + (large == null ? 0 : large.arena.segmentCount);
        this.part = part;
        this.parts = parts;
        this.position = part;
        this.fullPassBegan = session.nowSeconds();
    }

    /**
     * Goes on.
     *
     * @param itemsMax items to look at; also bounds the segments that are only asked whether they have anything
     * @return whether this step came to the end of a pass through all segments of the part
     */
    public boolean step(int itemsMax) {
        looked = 0;
        removed = 0;
        long floor = session.refreshFloor();
        for (int visits = 0; looked < itemsMax && visits < itemsMax; visits++) {
            if (position >= segments) {
                floorSwept = floorOfPass;
                beginPass(floor);
                return true;
            }
            if (isDone(itemsMax, floor)) {
                position += parts;
            }
        }
        return false;
    }

    private void beginPass(long floor) {
        position = part;
        floorOfPass = floor;
        int now = session.nowSeconds();
        isFull = now - fullPassBegan >= FULL_PASS_SECONDS;
        if (isFull) {
            fullPassBegan = now;
        }
    }

    /** Sweeps the segment at the position for a while; true when there is no more to do here in this pass. */
    private boolean isDone(int itemsMax, long floor) {
        boolean isSmall = position < small.arena.segmentCount;
        Segment segment = isSmall || large == null ? small : large;
        segment.selectIndex(isSmall ? position : position - small.arena.segmentCount);
        boolean begins = !segment.isBeingSwept();
        if (begins && !segment.mayHaveExpired() && floor == floorSwept && !isFull) {
            return true;
        }
        if (!segment.tryLockWrite()) {
            // One that is always busy must not hold up the rest; a walk that has begun goes on in the next pass.
            return true;
        }
        try {
            return segment.sweep(this, itemsMax - looked);
        } finally {
            segment.unlockWrite();
        }
    }

    /** Told by a segment of what it looked at and removed. */
    void add(int itemsLooked, int itemsRemoved) {
        looked += itemsLooked;
        removed += itemsRemoved;
    }

    /** Items that the last step looked at. */
    public int looked() {
        return looked;
    }

    /** Items that the last step removed. */
    public int removed() {
        return removed;
    }
}
