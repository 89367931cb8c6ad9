package io.karst.tuning.plan;

/**
 * What a cluster is to carry.
 *
 * @param items kept at one time, without replicas
 * @param keyBytes of a typical item
 * @param valueBytes of a typical item
 * @param requestsPerSecond at the peak
 * @param readPercent of them that read, 0 to 100
 * @param replicas copies of each item, the first one counted
 * @param hotPercent of the items that nearly all reads ask for
 */
public record Workload(
        long items,
        int keyBytes,
        int valueBytes,
        long requestsPerSecond,
        int readPercent,
        int replicas,
        int hotPercent) {
    /** Reads per second. */
    public long reads() {
        return requestsPerSecond * readPercent / 100;
    }

    /** Writes per second, before they are replicated. */
    public long writes() {
        return requestsPerSecond - reads();
    }

    /** Bytes of keys and values, without replicas. */
    public long rawBytes() {
        return items * (keyBytes + (long) valueBytes);
    }
}
