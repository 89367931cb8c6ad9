package io.karst.store;

/**
 * What other settings would make of the items that are in the store: for {@code stats advise}. Indicative: it takes what is
 * stored now for what will be stored.
 *
 * @param meanEntryBytes mean room of an item of the small arena, chunk rounding included; 0 while it is empty
 * @param items of this size that the small arena holds with the present item size hint
 * @param itemSizeHint the hint that would hold the most, bytes; the present one unless another holds 2 % more
 * @param itemsWithHint how many that would be
 * @param largePercent the share of the memory that large items should have, per cent
 * @param largeReason why, in a few words
 */
public record StoreAdvice(
        int meanEntryBytes, long items, int itemSizeHint, long itemsWithHint, int largePercent, String largeReason) {
    private static final int[] HINTS = {16, 24, 32, 48, 64, 96, 128, 200, 300, 500, 1000, 2000, 4000, 8000};

    /** How much more another hint must hold to be worth a restart. */
    private static final double WORTH_IT = 1.02;

    /** A share that is off by less than this factor is left alone: what the last victims tell is rough. */
    private static final double CLEARLY = 4;

    private static final int LARGE_PERCENT_MAX = 90;

    /**
     * How an arena fares.
     *
     * @param arena how full it is
     * @param evictions live items that had to go
     * @param idleTicks for how long the last of them had not been read
     */
    record Pressure(ArenaReport arena, long evictions, long idleTicks) {
        /** Hits that the last victim would have had, per tick and byte: one over its idle time and size. */
        private double lossPerByte() {
            double bytes = (double) arena.usedChunks() * arena.chunkSize() / Math.max(1, arena.items());
            return 1 / ((idleTicks + 1) * Math.max(1, bytes));
        }
    }

    /**
     * Advice for a store.
     *
     * @param smallBudget bytes that the small arena was cut from
     * @param entriesMaxShare share of a hash lookup's slots that may be in use, 0..1
     */
    static StoreAdvice of(
            StoreSettings settings, long smallBudget, double entriesMaxShare, Pressure small, Pressure large) {
        ArenaReport held = small.arena();
        int mean = held.items() == 0 ? 0 : (int) (held.usedChunks() * held.chunkSize() / held.items());
        int hint = settings.itemSizeHint();
        long items = 0;
        long most = 0;
        if (mean > 0) {
            items = fits(ArenaGeometry.small(smallBudget, hint), mean, entriesMaxShare);
            most = items;
            for (int candidate : HINTS) {
                long fits = fits(ArenaGeometry.small(smallBudget, candidate), mean, entriesMaxShare);
                if (fits > most && fits > items * WORTH_IT) {
                    most = fits;
                    hint = candidate;
                }
            }
        }
        Split split = split(settings, small, large);
        return new StoreAdvice(mean, items, hint, most, split.percent(), split.reason());
    }

    private static long fits(ArenaGeometry geometry, int entryBytes, double entriesMaxShare) {
        long byChunks = (long) geometry.chunksPerSegment() * geometry.chunkSize() / entryBytes;
        long bySlots = (long) (geometry.lookupCapacity() * entriesMaxShare);
        return geometry.segmentCount() * Math.min(byChunks, bySlots);
    }

    private record Split(int percent, String reason) {}

    private static Split split(StoreSettings settings, Pressure small, Pressure large) {
        int present = settings.largePercent();
        int more = Math.min(LARGE_PERCENT_MAX, Math.max(present + 1, 2 * present));
        if (small.evictions() == 0 && large.evictions() == 0) {
            return new Split(present, "nothing was evicted");
        }
        if (large.evictions() == 0) {
            // What is in use, and a quarter more.
            long largeUsed = large.arena().usedChunks() * large.arena().chunkSize();
            int enough = Math.max(1, (int) Math.ceil(largeUsed * 1.25 * 100 / settings.memoryLimit()));
            return enough < present
                    ? new Split(enough, "small items are evicted and large ones use less than their share")
                    : new Split(present, "large items use their share");
        }
        if (small.evictions() == 0) {
            return new Split(more, "large items are evicted and small ones are not");
        }
        if (large.lossPerByte() > small.lossPerByte() * CLEARLY) {
            return new Split(more, "a byte of the large items that go would be read sooner than one of the small");
        }
        if (small.lossPerByte() > large.lossPerByte() * CLEARLY && present > 1) {
            return new Split(
                    present / 2, "a byte of the small items that go would be read sooner than one of the large");
        }
        return new Split(present, "both lose about the same");
    }
}
