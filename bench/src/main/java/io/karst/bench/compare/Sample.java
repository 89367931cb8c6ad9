package io.karst.bench.compare;

import io.karst.bench.load.LoadResult;
import org.HdrHistogram.Histogram;

/**
 * One round of one server.
 *
 * @param throughput requests answered per second; keys for multiget
 * @param serverCpuMicros CPU time of the server's whole process per request or key
 * @param clientCpuMicros CPU time of the generator per request or key
 * @param serverBusy share of its core that the server had
 * @param latencies nanoseconds, of every request
 * @param wrong what was wrong, empty for nothing
 */
record Sample(
        double throughput,
        double serverCpuMicros,
        double clientCpuMicros,
        double serverBusy,
        Histogram latencies,
        String wrong) {
    static Sample of(LoadResult result, long serverCpuNs, Workload workload) {
        int unit = workload.unit();
        double requests = Math.max(1, result.measured().replies);
        return new Sample(
                result.requestsPerSecond() * unit,
                serverCpuNs / 1e3 / requests / unit,
                result.clientCpuMicros() / unit,
                (double) serverCpuNs / result.elapsedNs(),
                result.latencies(),
                problems(result, workload.missing()));
    }

    double p50Micros() {
        return micros(50);
    }

    double p99Micros() {
        return micros(99);
    }

    double p999Micros() {
        return micros(99.9);
    }

    private double micros(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    private static String problems(LoadResult result, boolean missing) {
        if (result.isWrong()) {
            return result.total().toString();
        }
        if (missing && result.measured().hits > 0) {
            return result.measured().hits + " hits of keys that nobody set";
        }
        if (!missing && result.measured().misses > 0) {
            // A miss is cheaper than a hit, so the figures would flatter.
            return result.measured().misses + " misses of " + result.measured().keys + " keys";
        }
        return result.unsent() > 0 ? "rate not reached, " + result.unsent() + " arrivals unsent" : "";
    }
}
