package io.karst.bench.load;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Latencies of the requests that were intended inside the measured window, however late their reply came. Nanoseconds,
 * up to 100 s, three digits. Not thread-safe; no allocation per record.
 */
final class LatencyLog {
    private static final long HIGHEST_NS = 100_000_000_000L;

    private final Histogram total = new Histogram(64, HIGHEST_NS, 3);
    private @Nullable Histogram interval;
    private long fromNs = Long.MAX_VALUE;
    private long toNs = Long.MAX_VALUE;

    /** Also keep the current interval apart, for {@link #takeInterval}. */
    void keepIntervals() {
        interval = new Histogram(64, HIGHEST_NS, 3);
    }

    void begin(long nowNs) {
        fromNs = nowNs;
    }

    void end(long nowNs) {
        toNs = nowNs;
    }

    void record(long intendedNs, long nowNs) {
        if (intendedNs < fromNs || intendedNs >= toNs) {
            return;
        }
        long latencyNs = Math.max(0, Math.min(HIGHEST_NS, nowNs - intendedNs));
        total.recordValue(latencyNs);
        if (interval != null) {
            interval.recordValue(latencyNs);
        }
    }

    /** What was recorded since the last call, or null when intervals are not kept. */
    @Nullable
    Histogram takeInterval() {
        Histogram taken = interval;
        if (taken != null) {
            keepIntervals();
        }
        return taken;
    }

    Histogram total() {
        return total;
    }
}
