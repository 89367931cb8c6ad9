package io.karst.tuning.plan;

/**
 * One server of a cluster.
 *
 * @param memoryBytes of the machine
 * @param cores of it that serve
 * @param usePercent of both that is planned with: the rest is for the day when a neighbour is down
 */
public record Node(long memoryBytes, int cores, int usePercent) {
    /** Bytes for items, with what Karst takes beside them left out. */
    long itemBytes() {
        return memoryBytes / 100 * usePercent - Measured.BYTES_BESIDE_ITEMS;
    }

    /** Requests per second. */
    long requests() {
        return cores * Measured.REQUESTS_PER_CORE / 100 * usePercent;
    }
}
