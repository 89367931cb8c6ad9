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
     * Advice for a store.
     *
     * @param smallBudget bytes that the small arena was cut from
     * @param small the arena
     * @param smallReport how full it is
     * @param smallIdleTicks how long its last victim had not been read
     * @param largeReport the same of the large arena, which must be there
     */
    static StoreAdvice of(
            StoreSettings settings,
            long smallBudget,
            Arena small,
            ArenaReport smallReport,
            long smallEvictions,
            long smallIdleTicks,
            ArenaReport largeReport,
            long largeEvictions,
            long largeIdleTicks) {
        double entriesMaxShare = (double) small.entriesMax / (small.capacityMask + 1);
        int mean = smallReport.items() == 0
                ? 0
                : (int) (smallReport.usedChunks() * smallReport.chunkSize() / smallReport.items());
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
        int share = (int) Math.round(settings.largeShare() * 100);
        Split split = split(
                share,
                settings,
                smallReport,
                smallEvictions,
                smallIdleTicks,
                largeReport,
                largeEvictions,
                largeIdleTicks);
        return new StoreAdvice(mean, items, hint, most, split.percent(), split.reason());
    }

    private static long fits(ArenaGeometry geometry, int entryBytes, double entriesMaxShare) {
        long byChunks = (long) geometry.chunksPerSegment() * geometry.chunkSize() / entryBytes;
        long bySlots = (long) (geometry.lookupCapacity() * entriesMaxShare);
        return geometry.segmentCount() * Math.min(byChunks, bySlots);
    }

    private record Split(int percent, String reason) {}

    private static Split split(
            int present,
            StoreSettings settings,
            ArenaReport small,
            long smallEvictions,
            long smallIdleTicks,
            ArenaReport large,
            long largeEvictions,
            long largeIdleTicks) {
        long largeUsed = large.usedChunks() * large.chunkSize();
        // What is in use, a quarter more, and never less than the items at the limit need.
        int enough = (int) Math.ceil(largeUsed * 1.25 * 100 / settings.memoryLimit());
        int least = Math.max(1, enough);
        if (smallEvictions == 0 && largeEvictions == 0) {
            return new Split(present, "nothing was evicted");
        }
        if (largeEvictions == 0) {
            return least < present
                    ? new Split(least, "small items are evicted and large ones use less than their share")
                    : new Split(present, "large items use their share");
        }
        if (smallEvictions == 0) {
            return new Split(
                    Math.min(LARGE_PERCENT_MAX, Math.max(present + 1, 2 * present)),
                    "large items are evicted and small ones are not");
        }
        double smallLoss = lossPerByte(small, smallIdleTicks);
        double largeLoss = lossPerByte(large, largeIdleTicks);
        if (largeLoss > smallLoss * CLEARLY) {
            return new Split(
                    Math.min(LARGE_PERCENT_MAX, Math.max(present + 1, 2 * present)),
                    "a byte of the large items that go would be read sooner than one of the small");
        }
        if (smallLoss > largeLoss * CLEARLY && present > 1) {
            return new Split(
                    present / 2, "a byte of the small items that go would be read sooner than one of the large");
        }
        return new Split(present, "both lose about the same");
    }

    /** Hits that the last victim would have had, per tick and byte: one over its idle time and size. */
    private static double lossPerByte(ArenaReport arena, long idleTicks) {
        double bytes = (double) arena.usedChunks() * arena.chunkSize() / Math.max(1, arena.items());
        return 1 / ((idleTicks + 1) * Math.max(1, bytes));
    }
}
