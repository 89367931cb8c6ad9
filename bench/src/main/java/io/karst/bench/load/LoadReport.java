package io.karst.bench.load;

import java.util.Locale;

/** A result as JSON for programs and as lines for people. */
public final class LoadReport {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 100};

    private LoadReport() {}

    /** One object: what was asked for, rates, counters, CPU, latencies in microseconds. */
    public static String json(LoadPlan plan, LoadResult result) {
        JsonText json = new JsonText().begin();
        json.put("address", plan.address().toString())
                .put("protocol", plan.protocol().name())
                .put("loop", plan.isOpen() ? "open" : "closed")
                .put("ratePerSecond", plan.ratePerSecond())
                .put("connections", plan.connections())
                .put("pipeline", plan.depth())
                .put("seed", plan.seed())
                .put("elapsedSeconds", result.elapsedNs() / 1e9)
                .put("requestsPerSecond", result.requestsPerSecond())
                .put("clientCpuMicrosPerRequest", result.clientCpuMicros())
                .put("unsentArrivals", result.unsent())
                .put("wrong", result.isWrong());
        counters(json.begin("measured"), result.measured()).end();
        counters(json.begin("total"), result.total()).end();
        json.begin("latencyMicros");
        for (double percentile : PERCENTILES) {
            json.put(name(percentile), result.latencyMicros(percentile));
        }
        json.put("count", result.latencies().getTotalCount()).end();
        return json.end() + "\n";
    }

    private static JsonText counters(JsonText json, LoadCounters counters) {
        return json.put("requests", counters.requests)
                .put("replies", counters.replies)
                .put("keys", counters.keys)
                .put("hits", counters.hits)
                .put("misses", counters.misses)
                .put("stored", counters.stored)
                .put("errors", counters.errors)
                .put("wrongKeys", counters.wrongKeys)
                .put("wrongValues", counters.wrongValues)
                .put("staleValues", counters.staleValues)
                .put("lost", counters.lost)
                .put("bytesOut", counters.bytesOut)
                .put("bytesIn", counters.bytesIn);
    }

    /** A few lines for the terminal. */
    public static String text(LoadPlan plan, LoadResult result) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%,.0f requests/s, %,.0f keys/s for %.1f s, %s loop, %d connections, pipeline %d%n",
                result.requestsPerSecond(),
                result.measured().keys * 1e9 / result.elapsedNs(),
                result.elapsedNs() / 1e9,
                plan.isOpen() ? "open" : "closed",
                plan.connections(),
                plan.depth()));
        text.append(plan.isOpen() ? "latency from the intended time, us:" : "latency from sending, us:");
        for (double percentile : PERCENTILES) {
            text.append(String.format(Locale.ROOT, "  %s %,.0f", name(percentile), result.latencyMicros(percentile)));
        }
        text.append(String.format(Locale.ROOT, "%ngenerator CPU %.2f us/request", result.clientCpuMicros()));
        text.append(plan.isOpen() ? " (it polls between arrivals)" : "");
        text.append(String.format(Locale.ROOT, "%n%s%n", result.total()));
        if (result.unsent() > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "%,d arrivals never found a free connection: the rate is too high%n",
                    result.unsent()));
        }
        return text.toString();
    }

    private static String name(double percentile) {
        if (percentile == 100) {
            return "max";
        }
        return "p" + (percentile == Math.rint(percentile) ? Long.toString((long) percentile) : percentile + "");
    }
}
