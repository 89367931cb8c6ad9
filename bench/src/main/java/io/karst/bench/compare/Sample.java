package io.karst.bench.compare;

import io.karst.bench.load.LoadResult;

/**
 * One round of one server.
 *
 * @param throughput requests answered per second; keys for multiget
 * @param serverCpuMicros CPU time of the server's whole process per request or key
 * @param clientCpuMicros CPU time of the generator per request or key
 * @param serverBusy share of its core that the server had
 * @param p50Micros median latency
 * @param p99Micros 99th percentile
 * @param p999Micros 99.9th percentile
 * @param wrong what was wrong, empty for nothing
 */
record Sample(
        double throughput,
        double serverCpuMicros,
        double clientCpuMicros,
        double serverBusy,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        String wrong) {
    static Sample of(LoadResult result, long serverCpuNs, int unit) {
        double requests = Math.max(1, result.measured().replies);
        return new Sample(
                result.requestsPerSecond() * unit,
                serverCpuNs / 1e3 / requests / unit,
                result.clientCpuMicros() / unit,
                (double) serverCpuNs / result.elapsedNs(),
                result.latencyMicros(50),
                result.latencyMicros(99),
                result.latencyMicros(99.9),
                problems(result));
    }

    private static String problems(LoadResult result) {
        if (result.isWrong()) {
            return result.total().toString();
        }
        if (result.measured().misses > 0) {
            // A miss is cheaper than a hit, so the figures would flatter.
            return result.measured().misses + " misses of " + result.measured().keys + " keys";
        }
        return result.unsent() > 0 ? "rate not reached, " + result.unsent() + " arrivals unsent" : "";
    }
}
