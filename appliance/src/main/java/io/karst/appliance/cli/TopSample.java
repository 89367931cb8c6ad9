package io.karst.appliance.cli;

import java.io.IOException;
import java.util.Map;

/**
 * What a server said at one moment.
 *
 * @param nanos when, by this machine's monotonic clock
 * @param stats the rows of plain {@code stats}
 * @param latency the rows of {@code stats latency}; empty where the server has none
 */
record TopSample(long nanos, Map<String, String> stats, Map<String, String> latency) {
    /** Asks. */
    static TopSample of(TextClient client) throws IOException {
        Map<String, String> stats = client.stats("");
        Map<String, String> latency;
        try {
            latency = client.stats("latency");
        } catch (Refused e) {
            // memcached has no such statistics.
            latency = Map.of();
        }
        return new TopSample(System.nanoTime(), stats, latency);
    }

    /** A row as a number, 0 when there is none. */
    double number(String name) {
        String text = stats.getOrDefault(name, "0");
        return text.matches("[0-9]{1,18}(\\.[0-9]{1,9})?") ? Double.parseDouble(text) : 0;
    }

    /** A latency in microseconds as the server wrote it, or a hyphen. */
    String micros(String name) {
        return latency.getOrDefault(name, "-");
    }
}
