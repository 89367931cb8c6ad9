package io.karst.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What one run found.
 *
 * @param total everything, warm-up and drain included: wrong answers count wherever they come
 * @param measured what happened inside the measured window
 * @param elapsedNs length of the measured window
 * @param clientCpuNs the generator's own CPU time in it, whole process
 * @param latencies of requests intended in it, nanoseconds from the intended time to the reply
 * @param unsent arrivals of an open loop that no connection was ever free for
 */
public record LoadResult(
        LoadCounters total, LoadCounters measured, long elapsedNs, long clientCpuNs, Histogram latencies, long unsent) {
    /** Requests answered per second. */
    public double requestsPerSecond() {
        return measured.replies * 1e9 / elapsedNs;
    }

    /** The generator's own CPU per answered request, microseconds. */
    public double clientCpuMicros() {
        return clientCpuNs / 1e3 / Math.max(1, measured.replies);
    }

    /** The latency that {@code percentile} percent of requests stay below, microseconds. */
    public double latencyMicros(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    /** Whether anything happened that a right server never does. */
    public boolean isWrong() {
        return total.isWrong();
    }
}
