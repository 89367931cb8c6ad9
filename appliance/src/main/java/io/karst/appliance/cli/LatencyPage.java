package io.karst.appliance.cli;

import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.ExitStatus;
import io.karst.tuning.LatencyLog;
import io.karst.tuning.plot.ChartPage;
import io.karst.tuning.plot.LineChart;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code karst latency}: percentiles of a running server or of logs, as a table, as JSON and as a drawing. */
final class LatencyPage {
    private static final String[] NAMES = {"p50", "p90", "p99", "p99.9", "p99.99", "max"};

    /** A time that is smaller is none since 1970. */
    private static final double EPOCH_SECONDS_LEAST = 1e9;

    private final PrintStream out;
    private String timeName = "seconds";

    LatencyPage(PrintStream out) {
        this.out = out;
    }

    ExitStatus run(Words given, Map<String, String> environment) throws IOException {
        List<String> sources = given.positional();
        List<LatencyRow> rows = areFiles(sources, given) ? fromFiles(sources) : fromServer(sources, given, environment);
        out.print(given.has("--json") ? json(rows) : table(rows));
        String drawing = given.value("--svg");
        if (drawing != null) {
            draw(rows, sources, drawing);
        }
        return ExitStatus.OK;
    }

    /** One word that is no file is a server, unless it looks like a file that is missing. */
    private static boolean areFiles(List<String> sources, Words given) {
        if (sources.isEmpty() || given.value("--server") != null) {
            return false;
        }
        String first = sources.get(0);
        return sources.size() > 1 || Files.exists(Path.of(first)) || first.contains("/") || first.endsWith(".hlog");
    }

    private List<LatencyRow> fromFiles(List<String> files) throws FileFailure {
        LatencyLog log = new LatencyLog();
        for (String file : files) {
            try {
                log.read(Path.of(file));
            } catch (IOException e) {
                throw new FileFailure(String.valueOf(e.getMessage()), e);
            }
        }
        double first = LatencyRow.firstSeconds(log);
        timeName = first < EPOCH_SECONDS_LEAST
                ? "seconds since the first interval"
                : "seconds since " + Instant.ofEpochSecond((long) first);
        return LatencyRow.from(log);
    }

    private static List<LatencyRow> fromServer(List<String> sources, Words given, Map<String, String> environment)
            throws IOException {
        Endpoint server = given.server(given.atMost(1).isEmpty() ? null : sources.get(0));
        try (TextClient client = new TextClient(server, given.access(environment))) {
            return LatencyRow.from(client.stats("latency"));
        }
    }

    private static String table(List<LatencyRow> rows) {
        StringBuilder table = new StringBuilder(String.format("%-12s%12s", "us", "count"));
        for (String name : NAMES) {
            table.append(String.format("%12s", name));
        }
        table.append('\n');
        for (LatencyRow row : rows) {
            table.append(String.format("%-12s%12d", row.name(), row.count()));
            for (double micros : row.micros()) {
                table.append(String.format(Locale.ROOT, "%12.2f", micros));
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static String json(List<LatencyRow> rows) throws IOException {
        Map<String, Object> classes = new LinkedHashMap<>();
        for (LatencyRow row : rows) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("count", row.count());
            for (int i = 0; i < NAMES.length; i++) {
                figures.put(
                        NAMES[i].replace(".", "") + "_us",
                        BigDecimal.valueOf(row.micros().get(i)).setScale(2, RoundingMode.HALF_UP));
            }
            classes.put(row.name(), figures);
        }
        return Json.of(classes) + "\n";
    }

    private void draw(List<LatencyRow> rows, List<String> sources, String file) throws IOException {
        if (rows.isEmpty()) {
            throw new ConfigException("--svg=\"" + file + "\": nothing was timed yet, and nothing can be drawn.");
        }
        String of = sources.isEmpty() ? "the server" : String.join(", ", sources);
        ChartPage page = new ChartPage("Latency of " + of, description(rows));
        LineChart percentiles = new LineChart("Latency by percentile, microseconds", "share of commands")
                .logarithmic(true, true)
                .xLabels(LatencyPage::percent);
        rows.forEach(row -> percentiles.add(row.name(), points(row.curve())));
        page.add(percentiles);
        List<LatencyRow> timed =
                rows.stream().filter(row -> row.overTime().size() > 2).toList();
        if (!timed.isEmpty()) {
            LineChart overTime =
                    new LineChart("99th percentile over time, microseconds", timeName).logarithmic(false, true);
            timed.forEach(row -> overTime.add(row.name(), points(row.overTime())));
            page.add(overTime);
        }
        try {
            Files.writeString(Path.of(file), page.svg());
        } catch (IOException e) {
            throw new FileFailure("--svg=\"" + file + "\": cannot be written. Name a file that can.", e);
        }
    }

    private static double[] points(List<Double> points) {
        return points.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static String description(List<LatencyRow> rows) {
        return rows.stream().map(LatencyPage::figures).collect(Collectors.joining(" "));
    }

    private static String figures(LatencyRow row) {
        List<String> figures = new ArrayList<>();
        for (int i = 0; i < NAMES.length; i++) {
            figures.add(
                    String.format(Locale.ROOT, "%s %.2f", NAMES[i], row.micros().get(i)));
        }
        return row.name() + ", " + row.count() + " timed, microseconds: " + String.join(", ", figures) + ".";
    }

    /** 10 is 90 %, 100 is 99 %, 1000 is 99.9 %. */
    private static String percent(double inverse) {
        return BigDecimal.valueOf(100 - 100 / inverse)
                        .setScale(6, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString()
                + " %";
    }
}
