package io.karst.store;

/**
 * An arena in numbers.
 *
 * @param segmentCount segments it is cut into
 * @param chunkSize bytes per chunk
 * @param chunksPerSegment chunks of each segment
 * @param usedChunks chunks in use, over all segments
 * @param items items held, dead ones that nobody met yet included
 * @param footprint bytes it takes off heap, everything included
 * @param hashLookupBytes bytes of that which index the items
 */
public record ArenaReport(
        int segmentCount,
        int chunkSize,
        int chunksPerSegment,
        long usedChunks,
        long items,
        long footprint,
        long hashLookupBytes) {

    /** Chunks over all segments. */
    public long totalChunks() {
        return (long) segmentCount * chunksPerSegment;
    }

    /** Share of the chunks in use, 0..1. */
    public double usedShare() {
        return (double) usedChunks / totalChunks();
    }
}
