package io.karst.appliance.cli;

import io.karst.tuning.LatencyLog;
import io.karst.tuning.OperationClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one kind of command.
 *
 * @param name {@code get}, {@code set}, ...
 * @param count of timed commands
 * @param micros the latencies at {@link #PERCENTS}, then the greatest one, microseconds
 * @param curve 1 / (1 - share) and microseconds by turns: the same and, from logs, more
 * @param overTime seconds and the 99th percentile in microseconds by turns; empty for a running server
 */
record LatencyRow(String name, long count, List<Double> micros, List<Double> curve, List<Double> overTime) {
    /** What is printed. */
    static final List<Double> PERCENTS = List.of(50.0, 90.0, 99.0, 99.9, 99.99);

    /** How a running server calls these, and the greatest one. */
    private static final List<String> STATS = List.of("p50_us", "p90_us", "p99_us", "p999_us", "p9999_us", "max_us");

    private static final double NS_PER_US = 1_000;
    private static final int POINTS_PER_DECADE = 10;

    /** Logarithmic axes begin above 0; this is as fine as histograms are. */
    private static final double LEAST_US = 0.016;

    /** From the answer to {@code stats latency}; an older server leaves some out, which are 0 then. */
    static List<LatencyRow> from(Map<String, String> stats) {
        List<LatencyRow> rows = new ArrayList<>();
        for (String key : stats.keySet()) {
            if (key.endsWith(":count")) {
                String name = key.substring(0, key.indexOf(':'));
                List<Double> micros = STATS.stream()
                        .map(stat -> number(stats.get(name + ":" + stat)))
                        .toList();
                long count = (long) number(stats.get(key));
                rows.add(new LatencyRow(name, count, micros, curveOf(count, micros), List.of()));
            }
        }
        return rows;
    }

    private static double number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,15}(\\.[0-9]{1,9})?") ? Double.parseDouble(text) : 0;
    }

    private static List<Double> curveOf(long count, List<Double> micros) {
        List<Double> points = new ArrayList<>();
        for (int i = 0; i < PERCENTS.size(); i++) {
            double x = 100 / (100 - PERCENTS.get(i));
            if (x < count && micros.get(i) > 0) {
                add(points, x, micros.get(i));
            }
        }
        add(points, Math.max(1, count), micros.get(PERCENTS.size()));
        return points;
    }

    /** From logs. */
    static List<LatencyRow> from(LatencyLog log) {
        double first = firstSeconds(log);
        return log.tags().stream()
                .sorted(Comparator.comparingInt(LatencyRow::order))
                .map(tag -> from(log, tag, first))
                .toList();
    }

    /** The end of the first interval, as {@link LatencyLog.Point#atSeconds}; where {@link #overTime} begins. */
    static double firstSeconds(LatencyLog log) {
        return log.tags().stream()
                .flatMap(tag -> log.points(tag).stream())
                .mapToDouble(LatencyLog.Point::atSeconds)
                .min()
                .orElse(0);
    }

    /** In a log, tags come in the order of their first use; here in that of {@code stats latency}, then others. */
    private static int order(String tag) {
        return Stream.of(OperationClass.values())
                        .map(OperationClass::label)
                        .toList()
                        .indexOf(tag)
                & Integer.MAX_VALUE;
    }

    private static LatencyRow from(LatencyLog log, String tag, double firstSeconds) {
        List<Double> micros = new ArrayList<>();
        PERCENTS.forEach(percent -> micros.add(log.percentileNs(tag, percent) / NS_PER_US));
        micros.add(log.maxNs(tag) / NS_PER_US);
        long count = log.count(tag);
        List<Double> curve = new ArrayList<>();
        for (int i = 0; Math.pow(10, i / (double) POINTS_PER_DECADE) < count; i++) {
            double x = Math.pow(10, i / (double) POINTS_PER_DECADE);
            add(curve, x, log.percentileNs(tag, 100 - 100 / x) / NS_PER_US);
        }
        add(curve, count, micros.get(PERCENTS.size()));
        List<Double> overTime = new ArrayList<>();
        log.points(tag).stream()
                .sorted(Comparator.comparingDouble(LatencyLog.Point::atSeconds))
                .forEach(point -> add(overTime, point.atSeconds() - firstSeconds, point.p99Ns() / NS_PER_US));
        return new LatencyRow(tag, count, micros, curve, overTime);
    }

    private static void add(List<Double> points, double x, double micros) {
        points.add(x);
        points.add(Math.max(LEAST_US, micros));
    }
}
