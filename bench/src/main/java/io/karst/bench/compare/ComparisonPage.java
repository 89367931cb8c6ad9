package io.karst.bench.compare;

import io.karst.tuning.plot.BarChart;
import io.karst.tuning.plot.LineChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** The comparison as a page and plots: everything that was measured, losses first among equals. */
final class ComparisonPage {
    private static final String BEGIN = "<!-- compare:begin, written by bench/compare -->";
    private static final String END = "<!-- compare:end -->";

    /** Rows whose latencies are drawn as curves. */
    private static final List<String> CURVES =
            List.of("50 connections, 90 / 10", "1,000 connections, 90 / 10", "50 × 32 pipelined, get");

    private static final int CURVE_POINTS = 81;

    /** Up to 99.99 %. */
    private static final double CURVE_DECADES = 4;

    /**
     * How it was measured.
     *
     * @param root the source tree
     * @param command that repeats it
     * @param rounds that count
     * @param seconds per round
     * @param memoryMib -m
     * @param keyCount of small values
     * @param zipf their exponent
     * @param tookSeconds the whole comparison
     */
    record Settings(
            Path root,
            String command,
            int rounds,
            double seconds,
            int memoryMib,
            int keyCount,
            double zipf,
            double tookSeconds) {}

    private final Comparison comparison;
    private final Settings settings;
    private final StringBuilder text = new StringBuilder();

    ComparisonPage(Comparison comparison, Settings settings) {
        this.comparison = comparison;
        this.settings = settings;
    }

    /** Writes the page and its plots; text outside the two markers of an older page stays. */
    void write(Path page) throws IOException {
        String stem = page.getFileName().toString().replaceFirst("\\.md$", "");
        Path plots = page.resolveSibling(stem);
        Files.createDirectories(plots.toAbsolutePath());
        if (!comparison.workloads().isEmpty()) {
            ratios();
            plot(plots, stem, "cpu.svg", cpuPlot());
            costs();
            latencies();
            if (comparison.halfRate(comparison.workloads().get(0)) > 0) {
                plot(plots, stem, "p999.svg", latencyPlot());
                for (Workload workload : comparison.workloads()) {
                    if (CURVES.contains(workload.name())) {
                        plot(plots, stem, fileName(workload.name()) + ".svg", percentilePlot(workload));
                    }
                }
            }
        }
        if (!comparison.depths().isEmpty()) {
            depths();
            plot(
                    plots,
                    stem,
                    "depth-throughput.svg",
                    depthPlot(
                            "Thousand gets per second by depth, 50 connections", sample -> sample.throughput() / 1e3));
            plot(
                    plots,
                    stem,
                    "depth-cpu.svg",
                    depthPlot("Server CPU per get by depth, microseconds", Sample::serverCpuMicros));
        }
        if (!comparison.fills().isEmpty()) {
            items();
            plot(plots, stem, "items.svg", itemsPlot());
        }
        problems();
        conditions();
        String old = Files.exists(page) ? Files.readString(page) : "# Performance, side by side with memcached\n\n";
        Files.writeString(page, PageRegion.insert(old, BEGIN, END, text.toString()));
        System.out.println(text);
    }

    private void plot(Path plots, String stem, String name, String svg) throws IOException {
        Files.writeString(plots.resolve(name), svg);
        line("");
        line("![%s](%s/%s)", name, stem, name);
    }

    private void line(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    // Ratios

    private void ratios() {
        line("## Ratios");
        line("");
        line(
                "Above 1 is in Karst's favour in the first three columns of figures (memcached's CPU per request divided by");
        line(
                "ours; our throughput divided by memcached's); below 1 in the last. *Noise* is memcached against a second");
        line(
                "memcached with the same command line, CPU per request. Medians of %d rounds, with the 95 %% interval of the median.",
                settings.rounds);
        line("");
        line(
                "| workload | against | CPU per request | promised | on JDK 25 | throughput | noise | p99.9 at half load |");
        line("|---|---|---|---|---|---|---|---|");
        for (Workload workload : comparison.workloads()) {
            for (String rival : comparison.rivals(workload)) {
                if (isRival(rival)) {
                    ratioRow(workload, rival);
                }
            }
        }
        line("");
    }

    private static boolean isRival(String name) {
        return !name.equals(Compare.KARST) && !name.equals(Compare.KARST_25) && !name.equals(Compare.TWIN);
    }

    private void ratioRow(Workload workload, String rival) {
        String promise = "–";
        if (workload.promise() > 0 && workload.promiseMode().equals(rival)) {
            boolean kept = comparison.cpuRatio(workload, rival, Compare.KARST).median() >= workload.promise();
            promise = String.format(Locale.ROOT, "≥ %.2f %s", workload.promise(), kept ? "kept" : "**missed**");
        }
        line(
                "| %s | %s | %s | %s | %s | %s | %s | %s |",
                workload.name(),
                rival,
                ratio(comparison.cpuRatio(workload, rival, Compare.KARST)),
                promise,
                comparison.full(workload, Compare.KARST_25).isEmpty()
                        ? "–"
                        : ratio(comparison.cpuRatio(workload, rival, Compare.KARST_25)),
                ratio(Spread.ratio(
                        Spread.values(comparison.full(workload, Compare.KARST), Sample::throughput),
                        Spread.values(comparison.full(workload, rival), Sample::throughput))),
                rival.equals(Compare.PLAIN)
                                && !comparison.full(workload, Compare.TWIN).isEmpty()
                        ? ratio(comparison.cpuRatio(workload, rival, Compare.TWIN))
                        : "–",
                comparison.half(workload, rival).isEmpty()
                        ? "–"
                        : ratio(Spread.ratio(
                                Spread.values(comparison.half(workload, Compare.KARST), Sample::p999Micros),
                                Spread.values(comparison.half(workload, rival), Sample::p999Micros))));
    }

    private static String ratio(Spread spread) {
        return spread.text("%.2f");
    }

    // Figures

    private void costs() {
        line("");
        line("## CPU and throughput");
        line("");
        line(
                "Closed loop. Server CPU is user and system time of the whole process, per request; per key for multiget.");
        line(
                "*Busy* is the share of its core that the server had: below 95 %% the generator or the machine was the limit,");
        line("and the throughput is a lower bound. Where the generator's CPU per request exceeds the server's, it is");
        line("marked `!`.");
        line("");
        line("| workload | server | CPU, µs | requests/s | busy | generator CPU, µs |");
        line("|---|---|---|---|---|---|");
        for (Workload workload : comparison.workloads()) {
            for (String rival : comparison.rivals(workload)) {
                List<Sample> samples = comparison.full(workload, rival);
                Spread server = Spread.of(samples, Sample::serverCpuMicros);
                Spread client = Spread.of(samples, Sample::clientCpuMicros);
                line(
                        "| %s | %s | %s | %s | %.0f %% | %.2f%s |",
                        workload.name(),
                        rival,
                        server.text("%.2f"),
                        Spread.of(samples, Sample::throughput).text("%,.0f"),
                        Spread.of(samples, Sample::serverBusy).median() * 100,
                        client.median(),
                        client.median() > server.median() ? " !" : "");
            }
        }
    }

    private void latencies() {
        line("");
        line("## Latency at half load");
        line("");
        line("Open loop, Poisson arrivals at half of what memcached reached in the closed loop, one rate for all;");
        line(
                "microseconds from the intended time, so waiting in any queue counts. A pipelined arrival is a burst of 32.");
        line("");
        line("| workload | rate/s | server | p50 | p99 | p99.9 |");
        line("|---|---|---|---|---|---|");
        for (Workload workload : comparison.workloads()) {
            for (String rival : comparison.rivals(workload)) {
                List<Sample> samples = comparison.half(workload, rival);
                if (!samples.isEmpty()) {
                    line(
                            "| %s | %,.0f | %s | %s | %s | %s |",
                            workload.name(),
                            comparison.halfRate(workload),
                            rival,
                            Spread.of(samples, Sample::p50Micros).text("%,.0f"),
                            Spread.of(samples, Sample::p99Micros).text("%,.0f"),
                            Spread.of(samples, Sample::p999Micros).text("%,.0f"));
                }
            }
        }
    }

    private String cpuPlot() {
        List<String> against = new ArrayList<>();
        for (String rival : comparison.rivals(comparison.workloads().get(0))) {
            if (isRival(rival) || rival.equals(Compare.TWIN)) {
                against.add(rival);
            }
        }
        List<String> series = against.stream()
                .map(rival -> rival.equals(Compare.TWIN) ? "noise" : "against " + rival)
                .toList();
        BarChart chart =
                new BarChart("memcached's CPU per request divided by Karst's (right of the line: Karst)", series, 1);
        for (Workload workload : comparison.workloads()) {
            double[][] bars = new double[against.size()][];
            for (int i = 0; i < bars.length; i++) {
                String rival = against.get(i);
                bars[i] = bar(
                        rival.equals(Compare.TWIN)
                                ? comparison.cpuRatio(workload, Compare.PLAIN, Compare.TWIN)
                                : comparison.cpuRatio(workload, rival, Compare.KARST));
            }
            chart.add(workload.name(), bars);
        }
        return chart.svg();
    }

    private String latencyPlot() {
        List<String> rivals = comparison.rivals(comparison.workloads().get(0)).stream()
                .filter(rival -> !rival.equals(Compare.TWIN))
                .toList();
        BarChart chart = new BarChart("p99.9 at half load, microseconds (shorter is better)", rivals, 0);
        for (Workload workload : comparison.workloads()) {
            double[][] bars = new double[rivals.size()][];
            for (int i = 0; i < bars.length; i++) {
                bars[i] = bar(Spread.of(comparison.half(workload, rivals.get(i)), Sample::p999Micros));
            }
            chart.add(workload.name(), bars);
        }
        return chart.svg();
    }

    /** One curve a server, over the share of requests that were quicker: 90, 99, 99.9 %. */
    private String percentilePlot(Workload workload) {
        LineChart chart = new LineChart(
                        "Latency at half load, " + workload.name() + ", microseconds",
                        "share of requests that were quicker")
                .logarithmic(true, true)
                .xLabels(oneIn -> String.format(Locale.ROOT, "%.5g %%", 100 - 100 / oneIn));
        for (String rival : comparison.rivals(workload)) {
            List<Sample> samples = comparison.half(workload, rival);
            if (!samples.isEmpty()) {
                chart.add(rival, curve(samples));
            }
        }
        return chart.svg();
    }

    private static double[] curve(List<Sample> samples) {
        Histogram all = samples.get(0).latencies().copy();
        samples.stream().skip(1).forEach(sample -> all.add(sample.latencies()));
        double[] points = new double[2 * CURVE_POINTS];
        for (int i = 0; i < CURVE_POINTS; i++) {
            double oneIn = Math.pow(10, i * CURVE_DECADES / (CURVE_POINTS - 1));
            points[2 * i] = oneIn;
            points[2 * i + 1] = Math.max(1, all.getValueAtPercentile(100 - 100 / oneIn) / 1e3);
        }
        return points;
    }

    private static String fileName(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    private void depths() {
        List<String> rivals = comparison.rivals(comparison.depths().get(0));
        line("");
        line("## Depth");
        line("");
        line("Gets by 50 connections, 20 B and 200 B: thousands per second, and server CPU per get in µs.");
        line("");
        line("| depth | %s |", String.join(" | ", rivals));
        line("|---|%s", "---|".repeat(rivals.size()));
        for (Workload workload : comparison.depths()) {
            List<String> cells = new ArrayList<>();
            for (String rival : rivals) {
                List<Sample> samples = comparison.full(workload, rival);
                cells.add(String.format(
                        Locale.ROOT,
                        "%,.0f, %.2f",
                        Spread.of(samples, Sample::throughput).median() / 1e3,
                        Spread.of(samples, Sample::serverCpuMicros).median()));
            }
            line("| %d | %s |", workload.depth(), String.join(" | ", cells));
        }
    }

    private String depthPlot(String title, ToDoubleFunction<Sample> figure) {
        LineChart chart = new LineChart(title, "requests sent in one piece")
                .logarithmic(true, true)
                .xLabels(depth -> String.format(Locale.ROOT, "%,.0f", depth));
        for (String rival : comparison.rivals(comparison.depths().get(0))) {
            double[] points = new double[2 * comparison.depths().size()];
            int at = 0;
            for (Workload workload : comparison.depths()) {
                points[at++] = workload.depth();
                points[at++] =
                        Spread.of(comparison.full(workload, rival), figure).median();
            }
            chart.add(rival, points);
        }
        return chart.svg();
    }

    private static double[] bar(Spread spread) {
        return new double[] {spread.median(), spread.least(), spread.most()};
    }

    // Items

    private void items() {
        line("");
        int memoryMib = comparison
                .fills()
                .values()
                .iterator()
                .next()
                .values()
                .iterator()
                .next()
                .memoryMib();
        line("## Items held in `-m %d`", memoryMib);
        line("");
        line(
                "Three times more sets than fit, then every key is read back and every byte checked. *Idle* and *full* are the");
        line("resident memory before the first and after the last set.");
        line("");
        line("| items | server | readable | `curr_items` | ratio | promised | RSS idle, MiB | RSS full, MiB |");
        line("|---|---|---|---|---|---|---|---|");
        comparison
                .fills()
                .forEach((fill, byRival) -> byRival.forEach((rival, kept) -> {
                    boolean ours = rival.equals(Compare.KARST);
                    double ratio = fillRatio(byRival, rival);
                    line(
                            "| %s | %s | %,d | %,d | %.3f | %s | %,d | %,d |",
                            fill.name(),
                            rival,
                            kept.items(),
                            kept.currItems(),
                            ratio,
                            ours
                                    ? String.format(
                                            Locale.ROOT,
                                            "≥ %.2f %s",
                                            fill.promise(),
                                            ratio >= fill.promise() ? "kept" : "**missed**")
                                    : "–",
                            kept.idleBytes() >> 20,
                            kept.fullBytes() >> 20);
                }));
    }

    private static double fillRatio(Map<String, Fill.Kept> byRival, String rival) {
        Fill.Kept ours = byRival.get(rival);
        Fill.Kept theirs = byRival.get(Compare.PLAIN);
        return ours == null || theirs == null ? 0 : (double) ours.items() / Math.max(1, theirs.items());
    }

    private String itemsPlot() {
        List<String> rivals =
                List.copyOf(comparison.fills().values().iterator().next().keySet());
        BarChart chart = new BarChart("Million items readable, equal -m", rivals, 0);
        comparison.fills().forEach((fill, byRival) -> {
            double[][] bars = new double[rivals.size()][];
            for (int i = 0; i < bars.length; i++) {
                Fill.Kept kept = byRival.get(rivals.get(i));
                double millions = kept == null ? 0 : kept.items() / 1e6;
                bars[i] = new double[] {millions, millions, millions};
            }
            chart.add(fill.name().replaceFirst("^20 B keys, ", ""), bars);
        });
        return chart.svg();
    }

    // Conditions

    private void problems() {
        if (comparison.problems().isEmpty()) {
            line("");
            line("Every byte of every reply was right, from every server.");
            return;
        }
        line("");
        line("## Wrong answers");
        line("");
        comparison.problems().forEach(problem -> line("- %s", problem));
    }

    private void conditions() throws IOException {
        Machine machine = Machine.read(settings.root);
        line("");
        line("## How this was measured");
        line("");
        line("    %s", settings.command);
        line("");
        line("| | |");
        line("|---|---|");
        line("| date | %s, %.0f minutes |", Instant.now().truncatedTo(ChronoUnit.MINUTES), settings.tookSeconds / 60);
        line("| commit | %s |", machine.commit());
        line("| machine | %s |", machine.hardware());
        line("| kernel | %s |", machine.kernel());
        line("| generator's JVM | %s |", machine.jvm());
        line("| load average at the end | %s |", machine.loadAverage());
        line("| rounds | %d of %.1f s each, alternating, after one discarded |", settings.rounds, settings.seconds);
        line("| keys | %,d of 20 B, zipf %.2f (uniform for large values) |", settings.keyCount, settings.zipf);
        comparison.commands().forEach((rival, command) -> line("| %s | `%s` |", rival, command));
        line("");
        line("Servers share core 0, the generator has core 1; servers that are not being measured are stopped.");
    }
}
