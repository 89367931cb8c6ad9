package io.karst.bench.compare;

import io.karst.bench.load.BenchCommand;
import io.karst.tuning.plot.LineChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a request costs as items, connections and event loops grow: {@code bench/scale --help}. */
@Command(
        name = "bench/scale",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = "Measures CPU per request as items, connections and event loops grow, beside memcached.",
        footer = "Exit status: 0 measured, 1 a server answered wrongly, 2 wrong options, 3 a server did not start.")
public final class Scale implements Callable<Integer> {
    private static final String BEGIN = "<!-- scale:begin, written by bench/scale -->";
    private static final String END = "<!-- scale:end -->";
    private static final String MEMCACHED =
            "memcached -u nobody -U 0 -l 127.0.0.1 -R 1000 -c 12000 -m {memory} -p {port}";
    private static final String KARST = "./karst -l 127.0.0.1 -R 1000 -c 12000 -m {memory} -p {port}";
    private static final String ONE = " -t 1";
    private static final String TWO = " -t 2";

    @Option(names = "--quick", description = "a smoke run: figures mean nothing", defaultValue = "false")
    private boolean quick;

    @Option(names = "--rounds", description = "rounds that count", defaultValue = "9")
    private int rounds;

    @Option(names = "--seconds", description = "seconds per round", defaultValue = "1")
    private double seconds;

    @Option(names = "--server-core", description = "core of the servers", defaultValue = "0")
    private int serverCore;

    @Option(names = "--root", hidden = true, description = "the source tree", defaultValue = ".")
    private Path root = Path.of(".");

    private final StringBuilder text = new StringBuilder();
    private final List<String> problems = new ArrayList<>();
    private String[] arguments = {};

    private Scale() {}

    /** Runs and exits with the status that the help page names. */
    public static void main(String[] args) {
        Scale scale = new Scale();
        scale.arguments = args.clone();
        BenchCommand.runAndExit(scale, args);
    }

    @Override
    public Integer call() throws IOException {
        int[] items =
                quick ? new int[] {10_000, 100_000} : new int[] {10_000, 100_000, 1_000_000, 4_000_000, 20_000_000};
        int[] connections = quick ? new int[] {1, 10} : new int[] {1, 10, 100, 1_000, 10_000};
        if (quick) {
            rounds = 1;
            seconds = 0.2;
        }
        Path page = root.resolve(quick ? "bench/target/compare/scale.md" : "docs/operate/scale.md");
        Path plots = page.resolveSibling("scale");
        Files.createDirectories(plots.toAbsolutePath());
        List<Rival> pair = List.of(new Rival(Compare.BATCHED, MEMCACHED + ONE), new Rival(Compare.KARST, KARST + ONE));
        // 20 M items of 20 B and 200 B are 4.7 GB in Karst and 6.2 in memcached.
        Comparison byItems = measured(pair, quick ? 256 : 8192, Workload.items(items));
        Comparison byConnections = measured(pair, 256, Workload.connections(connections));
        Comparison byThreads = measured(
                List.of(
                        new Rival(Compare.BATCHED, MEMCACHED + ONE),
                        new Rival("memcached, 2 threads", MEMCACHED + TWO),
                        new Rival(Compare.KARST, KARST + ONE),
                        new Rival("Karst, 2 loops", KARST + TWO)),
                256,
                Workload.threads());
        section("Items", "Uniform keys, 20 B and 200 B, 50 connections.", byItems);
        plot(
                plots.resolve("items.svg"),
                "CPU per request by items, microseconds",
                byItems,
                row -> row.data().keyCount());
        section("Connections", "100,000 items, one request at a time.", byConnections);
        plot(
                plots.resolve("connections.svg"),
                "CPU per request by connections, microseconds",
                byConnections,
                Workload::connections);
        section("Event loops", "100,000 items, zipf 0.99; both loops on the one core of the servers.", byThreads);
        loops(byThreads);
        conditions();
        String old = Files.exists(page) ? Files.readString(page) : "# What a request costs as things grow\n\n";
        Files.writeString(page, PageRegion.insert(old, BEGIN, END, text.toString()));
        System.out.println(text + "written to " + page);
        problems.forEach(problem -> System.out.println("PROBLEM " + problem));
        return problems.isEmpty() ? 0 : 1;
    }

    private Comparison measured(List<Rival> rivals, int memoryMib, List<Workload> rows) throws IOException {
        Comparison comparison = new Comparison();
        new Rounds(comparison, root, serverCore, rounds, seconds, seconds).run(rivals, memoryMib, rows, row -> false);
        problems.addAll(comparison.problems());
        return comparison;
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private void section(String title, String what, Comparison comparison) {
        line("## %s", title);
        line("");
        line("%s Server CPU per request, µs; medians of %d rounds [least–most].", what, rounds);
        line("");
        List<String> rivals = comparison.rivals(comparison.workloads().get(0));
        line("| | %s | memcached / Karst |", String.join(" | ", rivals));
        line("|---|%s---|", "---|".repeat(rivals.size()));
        for (Workload row : comparison.workloads()) {
            List<String> cells = new ArrayList<>();
            for (String rival : rivals) {
                cells.add(Spread.of(comparison.full(row, rival), Sample::serverCpuMicros)
                        .text("%.2f"));
            }
            line(
                    "| %s | %s | %s |",
                    row.name(),
                    String.join(" | ", cells),
                    comparison.cpuRatio(row, Compare.BATCHED, Compare.KARST).text("%.2f"));
        }
        line("");
    }

    private void loops(Comparison comparison) {
        line("| two loops / one, CPU per request | memcached | Karst |");
        line("|---|---|---|");
        for (Workload row : comparison.workloads()) {
            line(
                    "| %s | %s | %s |",
                    row.name(),
                    comparison
                            .cpuRatio(row, "memcached, 2 threads", Compare.BATCHED)
                            .text("%.2f"),
                    comparison.cpuRatio(row, "Karst, 2 loops", Compare.KARST).text("%.2f"));
        }
        line("");
    }

    /** A line per server and depth over what grows, both axes by ratios. */
    private void plot(Path file, String title, Comparison comparison, ToDoubleFunction<Workload> x) throws IOException {
        LineChart chart = new LineChart(title, file.getFileName().toString().replace(".svg", ""))
                .logarithmic(true, true)
                .xLabels(tick -> String.format(Locale.ROOT, "%,.0f", tick));
        for (String rival : comparison.rivals(comparison.workloads().get(0))) {
            for (int depth : comparison.workloads().stream()
                    .mapToInt(Workload::depth)
                    .distinct()
                    .toArray()) {
                List<Workload> rows = comparison.workloads().stream()
                        .filter(row -> row.depth() == depth)
                        .toList();
                double[] points = new double[2 * rows.size()];
                for (int i = 0; i < rows.size(); i++) {
                    points[2 * i] = x.applyAsDouble(rows.get(i));
                    points[2 * i + 1] = Spread.of(comparison.full(rows.get(i), rival), Sample::serverCpuMicros)
                            .median();
                }
                chart.add(depth == 1 ? rival : rival + ", 32 deep", points);
            }
        }
        Files.writeString(file, chart.svg());
        line("![%s](scale/%s)", file.getFileName(), file.getFileName());
        line("");
    }

    private void conditions() throws IOException {
        Machine machine = Machine.read(root);
        line("## How this was measured");
        line("");
        line("    bench/scale %s", String.join(" ", arguments));
        line("");
        line("| | |");
        line("|---|---|");
        line("| date | %s |", Instant.now().truncatedTo(ChronoUnit.MINUTES));
        line("| commit | %s |", machine.commit());
        line("| machine | %s, kernel %s |", machine.hardware(), machine.kernel());
        line("| rounds | %d of %.1f s each, alternating, after one discarded |", rounds, seconds);
        line("| memcached | `%s` |", MEMCACHED + ONE);
        line("| Karst | `%s` |", KARST + ONE);
    }
}
