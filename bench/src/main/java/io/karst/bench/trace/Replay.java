package io.karst.bench.trace;

import io.karst.bench.compare.Machine;
import io.karst.bench.compare.PageRegion;
import io.karst.bench.compare.Rival;
import io.karst.bench.compare.ServerProcess;
import io.karst.bench.load.BenchCommand;
import io.karst.bench.load.Dataset;
import io.karst.bench.load.KeySpace;
import io.karst.bench.load.LoadGenerator;
import io.karst.bench.load.LoadObserver;
import io.karst.bench.load.LoadPlan;
import io.karst.bench.load.LoadResult;
import io.karst.bench.load.ValueSizes;
import io.karst.tuning.plot.LineChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The trace replay's command line: {@code bench/replay --help}. */
@Command(
        name = "bench/replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = "Replays request traces against memcached and Karst at equal -m: get, then set on a miss.",
        footer = "Exit status: 0 measured, 1 a server answered wrongly, 2 wrong options, 3 a server did not start.")
public final class Replay implements Callable<Integer> {
    private static final int DEPTH = 64;
    private static final int STRETCHES = 100;
    /** A bound that cuts hardly anything off the published sizes. */
    private static final int FULL_TABLE = 1_000_000;

    private static final String BEGIN = "<!-- replay:begin, written by bench/replay -->";
    private static final String END = "<!-- replay:end -->";

    @Option(names = "--traces", paramLabel = "<dir>", description = "directory of *.trace.xz and the sizes file")
    private @Nullable Path traces;

    @Option(names = "--only", paramLabel = "<text>", description = "traces whose name contains this", defaultValue = "")
    private String only = "";

    @Option(names = "--sizes", paramLabel = "<spec>", description = "value sizes; the sizes file unless given")
    private @Nullable String sizes;

    @Option(
            names = "--footprint",
            description = "of all items together, MiB: copies are added until they are",
            defaultValue = "640")
    private int footprintMib;

    @Option(
            names = "--share",
            paramLabel = "<percent>",
            split = ",",
            description = "-m of both servers, per cent of the footprint",
            defaultValue = "10,30")
    private List<Integer> shares = List.of();

    @Option(
            names = "--max-value",
            paramLabel = "<bytes>",
            split = ",",
            description = "longest value; a row for each",
            defaultValue = "8192,1000000")
    private List<Integer> maxValues = List.of();

    @Option(names = "--requests", description = "of each trace, at most", defaultValue = "60000")
    private int requestsMax;

    @Option(names = "--seed", description = "of the sizes", defaultValue = "42")
    private long seed;

    @Option(
            names = "--memcached",
            paramLabel = "<command>",
            description = "the rival",
            defaultValue = "memcached -u nobody -U 0 -l 127.0.0.1 -t 1 -m {memory} -p {port}")
    private String memcached = "";

    @Option(
            names = "--karst",
            paramLabel = "<command>",
            description = "Karst's command",
            defaultValue = "./karst -l 127.0.0.1 -t 1 -R 1000 -m {memory} -p {port}")
    private String karst = "";

    @Option(names = "--root", hidden = true, description = "the source tree", defaultValue = ".")
    private Path root = Path.of(".");

    @Option(names = "--out", paramLabel = "<file>", description = "the page; docs/operate/hit-ratio.md unless given")
    private @Nullable Path out;

    private final StringBuilder table = new StringBuilder();
    private final StringBuilder plots = new StringBuilder();
    private final List<String> problems = new ArrayList<>();
    private String[] arguments = {};
    private final Map<Integer, List<Double>> ratios = new TreeMap<>();

    private Replay() {}

    /** Runs and exits with the status that the help page names. */
    public static void main(String[] args) {
        Replay replay = new Replay();
        replay.arguments = args.clone();
        BenchCommand.runAndExit(replay, args);
    }

    @Override
    public Integer call() throws IOException {
        Path directory = traces != null ? traces : root.resolve("../shared/traces");
        Path page = out != null ? out : root.resolve("docs/operate/hit-ratio.md");
        Path plotDirectory = page.resolveSibling(page.getFileName().toString().replaceFirst("\\.md$", ""));
        Files.createDirectories(plotDirectory.toAbsolutePath());
        String spec = sizes != null ? sizes : "json:" + directory.resolve("kvcache_reg-sizes.json");
        ValueSizes valueSizes = ValueSizes.of(spec, seed);
        for (Path file : Trace.files(directory, only)) {
            Trace trace = Trace.read(file, requestsMax);
            for (int maxValue : maxValues) {
                for (int share : shares) {
                    replay(trace, maxValue, share, valueSizes.atMost(maxValue), plotDirectory);
                }
            }
        }
        write(page, spec);
        problems.forEach(problem -> System.out.println("PROBLEM " + problem));
        return problems.isEmpty() ? 0 : 1;
    }

    private void replay(Trace trace, int maxValue, int share, ValueSizes valueSizes, Path plotDirectory)
            throws IOException {
        Footprint footprint = Footprint.of(trace, valueSizes, (long) footprintMib << 20);
        int copies = footprint.copies();
        int memoryMib = (int) (footprint.memory(share) >> 20);
        Outcome theirs = run(new Rival("memcached", memcached), trace, copies, memoryMib, valueSizes);
        Outcome ours = run(new Rival("Karst", karst), trace, copies, memoryMib, valueSizes);
        double ratio = ours.missRatio / theirs.missRatio;
        ratios.computeIfAbsent(maxValue, key -> new ArrayList<>()).add(ratio);
        table.append(String.format(
                Locale.ROOT,
                "| %s | %s | %d %% | %d | %d | %,d | %.4f | %.4f | **%.3f** | %.3f | %.4f | %,d | %,d |%n",
                trace.name(),
                sizeName(maxValue),
                share,
                memoryMib,
                copies,
                theirs.requests,
                theirs.missRatio,
                ours.missRatio,
                ratio,
                ours.lateMissRatio / theirs.lateMissRatio,
                (double) trace.distinctCount() * copies / theirs.requests,
                theirs.items,
                ours.items));
        String name = trace.name() + "-" + maxValue + "-" + share + ".svg";
        String title = String.format(
                Locale.ROOT,
                "%s: share of gets that hit, values %s, -m %d, %d %% of the footprint",
                trace.name(),
                sizeName(maxValue),
                memoryMib,
                share);
        LineChart chart = new LineChart(title, "million gets")
                .add("memcached", theirs.points)
                .add("Karst", ours.points);
        Files.writeString(plotDirectory.resolve(name), chart.svg());
        plots.append(String.format(Locale.ROOT, "%n![%s](%s/%s)%n", name, plotDirectory.getFileName(), name));
    }

    private static String sizeName(int maxValue) {
        return maxValue >= FULL_TABLE ? "all sizes" : "≤ " + maxValue / 1024 + " KB";
    }

    /** Geometric mean and worst cell of the rows with one bound of the sizes, against what is promised. */
    private String verdicts() {
        StringBuilder text = new StringBuilder();
        ratios.forEach((maxValue, list) -> text.append(String.format(
                Locale.ROOT,
                "Values %s: geometric mean of the ratio **%.3f** over %d rows, promised ≤ %s; worst row %.3f, promised ≤"
                        + " 1.03.%n",
                sizeName(maxValue),
                Math.exp(list.stream().mapToDouble(Math::log).average().orElse(0)),
                list.size(),
                maxValue >= FULL_TABLE ? "1.00" : "0.92",
                Collections.max(list))));
        return text.toString();
    }

    /**
     * One replay against one server.
     *
     * @param requests gets
     * @param missRatio over all of them
     * @param lateMissRatio over the second half, when memory is full
     * @param items held at the end
     * @param points of the plot
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed from one method to the next, never compared.
    private record Outcome(long requests, double missRatio, double lateMissRatio, long items, double[] points) {}

    private Outcome run(Rival rival, Trace trace, int copies, int memoryMib, ValueSizes valueSizes) throws IOException {
        Path log = root.resolve("bench/target/replay-" + rival.name() + ".log");
        Files.createDirectories(log.toAbsolutePath().getParent());
        try (ServerProcess server = ServerProcess.start(rival, memoryMib, 0, root, log)) {
            Dataset dataset = Dataset.unversioned(new KeySpace(Footprint.KEY_LENGTH), valueSizes, 0, 0);
            ReplaySource source = new ReplaySource(trace, copies, DEPTH, STRETCHES);
            LoadResult result =
                    LoadGenerator.run(LoadPlan.untilDry(server.port(), 1, DEPTH), dataset, source, LoadObserver.NONE);
            if (result.isWrong()) {
                problems.add(rival.name() + ", " + trace.name() + ": " + result.total());
            }
            double[] points = new double[2 * STRETCHES];
            for (int i = 0; i < STRETCHES; i++) {
                points[2 * i] = (i + 0.5) / STRETCHES * source.requests() / 1e6;
                points[2 * i + 1] = source.hitRatio(i);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-18s %-10s %,d gets of %d copies: %.4f missed, %.4f in the second half, %,.0f requests/s  %s%n",
                    trace.name(),
                    rival.name(),
                    source.requests(),
                    copies,
                    source.missRatio(0),
                    source.missRatio(STRETCHES / 2),
                    result.requestsPerSecond(),
                    result.isWrong() ? result.total() : "");
            return new Outcome(
                    source.requests(),
                    source.missRatio(0),
                    source.missRatio(STRETCHES / 2),
                    server.stat("curr_items"),
                    points);
        }
    }

    private void write(Path page, String spec) throws IOException {
        Machine machine = Machine.read(root);
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                """
                Each get that misses is followed by a set of its key, over the wire, every byte checked. Several copies of a trace
                run by turns, each with keys of its own and starting at another place, so many that all items together are at least
                %d MiB; `-m` is a share of that. A key's value size is drawn once, from the sizes that Meta published for a
                key-value cache, independently of how popular the key is. *Ratio* is our misses divided by memcached's, below 1 is
                better for us; *late* is the same for the second half, when memory is full. *First* is the share of gets that ask for
                a key for the first time: nobody can do better.

                | trace | values | share | `-m` | copies | gets | memcached misses | Karst misses | ratio | late | first | memcached items | Karst items |
                |---|---|---|---|---|---|---|---|---|---|---|---|---|
                %s
                %s
                %s
                ## How this was measured

                    bench/replay %s

                | | |
                |---|---|
                | date | %s |
                | commit | %s |
                | machine | %s, kernel %s |
                | sizes | `%s`, seed %d |
                | memcached | `%s` |
                | Karst | `%s` |
                | traces | cache2k's (CC BY 4.0, headissue GmbH, Jens Wilke), first %,d requests each |
                """,
                footprintMib,
                table,
                verdicts(),
                plots,
                String.join(" ", arguments),
                Instant.now().truncatedTo(ChronoUnit.MINUTES),
                machine.commit(),
                machine.hardware(),
                machine.kernel(),
                spec.replaceFirst("json:.*/", ""),
                seed,
                memcached,
                karst,
                requestsMax));
        problems.forEach(problem -> text.append("\nWrong: ").append(problem).append('\n'));
        String old = Files.exists(page) ? Files.readString(page) : "# Hit ratio on real traces\n\n";
        Files.writeString(page, PageRegion.insert(old, BEGIN, END, text.toString()));
        System.out.println(text);
    }
}
