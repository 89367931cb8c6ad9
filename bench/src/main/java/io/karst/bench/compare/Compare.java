package io.karst.bench.compare;

import io.karst.bench.load.BenchCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The comparison's command line: {@code bench/compare --help}. */
@Command(
        name = "bench/compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = "Runs memcached and Karst side by side and writes how they compare.",
        footer = "Exit status: 0 measured, 1 a server answered wrongly, 2 wrong options, 3 a server did not start.")
public final class Compare implements Callable<Integer> {
    /** The mode of memcached that most promises are against. */
    static final String PLAIN = "memcached";

    /** The same, allowed to serve 1,000 requests of a connection in one go; Karst's own setting. */
    static final String BATCHED = "memcached -R 1000";

    /** Ours. */
    static final String KARST = "Karst";

    /** Ours on the JDK that the package brings. */
    static final String KARST_25 = "Karst, JDK 25";

    /** The second memcached with the first one's command line. */
    static final String TWIN = "memcached again";

    private static final String MEMCACHED_COMMAND = "memcached -u nobody -U 0 -l 127.0.0.1 -t 1 -m {memory} -p {port}";
    private static final String KARST_COMMAND = "./karst -l 127.0.0.1 -t 1 -R 1000 -m {memory} -p {port}";

    @Option(names = "--memcached", paramLabel = "<command>", description = "another rival in memcached's place")
    private @Nullable String memcached;

    @Option(names = "--karst", paramLabel = "<command>", description = "Karst's command", defaultValue = KARST_COMMAND)
    private String karst = "";

    @Option(names = "--quick", description = "a smoke run of a minute: figures mean nothing", defaultValue = "false")
    private boolean quick;

    @Option(names = "--rounds", description = "rounds that count", defaultValue = "15")
    private int rounds;

    @Option(names = "--seconds", description = "seconds per round", defaultValue = "1")
    private double seconds;

    @Option(names = "--warmup", description = "seconds of every row before any of them counts", defaultValue = "2")
    private double warmupSeconds;

    @Option(names = "--memory", description = "-m of every server while speed is measured, MiB", defaultValue = "2048")
    private int memoryMib;

    @Option(
            names = "--fill-memory",
            description = "-m of every server while items are counted, MiB",
            defaultValue = "1024")
    private int fillMib;

    @Option(
            names = "--jdk25",
            paramLabel = "<directory>",
            description = "also run Karst on this JDK; left out when it is not there",
            defaultValue = "/usr/lib/jvm/temurin-25-jdk-amd64")
    private Path jdk25 = Path.of("");

    @Option(names = "--keys", description = "different keys of the small-value rows", defaultValue = "1000000")
    private int keyCount;

    @Option(names = "--zipf", description = "their exponent; 0 for uniform", defaultValue = "0.99")
    private double zipf;

    @Option(names = "--only", paramLabel = "<text>", description = "rows whose name contains this", defaultValue = "")
    private String only = "";

    @Option(
            names = "--twin",
            negatable = true,
            fallbackValue = "true",
            description = "run memcached twice, to show the noise of CPU time",
            defaultValue = "true")
    private boolean twin;

    @Option(
            names = "--latency",
            negatable = true,
            fallbackValue = "true",
            description = "measure at half load",
            defaultValue = "true")
    private boolean latency;

    @Option(
            names = "--depths",
            negatable = true,
            fallbackValue = "true",
            description = "measure gets at growing depth",
            defaultValue = "true")
    private boolean depths;

    @Option(
            names = "--fill",
            negatable = true,
            fallbackValue = "true",
            description = "count the items that fit",
            defaultValue = "true")
    private boolean fill;

    @Option(
            names = "--only-fill",
            paramLabel = "<text>",
            description = "fills whose name contains this",
            defaultValue = "")
    private String onlyFill = "";

    @Option(names = "--server-core", description = "core of the servers", defaultValue = "0")
    private int serverCore;

    @Option(names = "--root", hidden = true, description = "the source tree", defaultValue = ".")
    private Path root = Path.of(".");

    @Option(
            names = "--out",
            paramLabel = "<file>",
            description = "the page; docs/operate/performance.md unless --quick")
    private @Nullable Path out;

    private final Comparison comparison = new Comparison();
    private String[] arguments = {};

    private Compare() {}

    /** Runs and exits with the status that the help page names. */
    public static void main(String[] args) {
        Compare compare = new Compare();
        compare.arguments = args.clone();
        BenchCommand.runAndExit(compare, args);
    }

    @Override
    public Integer call() throws IOException {
        if (quick) {
            rounds = 1;
            seconds = Math.min(seconds, 0.3);
            warmupSeconds = Math.min(warmupSeconds, 1);
            fillMib = Math.min(fillMib, 64);
            keyCount = Math.min(keyCount, 20_000);
        }
        long startNs = System.nanoTime();
        rounds().run(rivals(), memoryMib, rows(), row -> latency && !comparison.isDepth(row));
        if (fill) {
            fills();
        }
        Path page = out != null
                ? out
                : root.resolve(quick ? "bench/target/compare/performance.md" : "docs/operate/performance.md");
        new ComparisonPage(comparison, settings(startNs)).write(page);
        System.out.println("written to " + page);
        comparison.problems().forEach(problem -> System.out.println("PROBLEM " + problem));
        return comparison.problems().isEmpty() ? 0 : 1;
    }

    private ComparisonPage.Settings settings(long startNs) {
        return new ComparisonPage.Settings(
                root,
                "bench/compare " + String.join(" ", arguments),
                rounds,
                seconds,
                memoryMib,
                keyCount,
                zipf,
                (System.nanoTime() - startNs) / 1e9);
    }

    private List<Rival> rivals() {
        List<Rival> rivals = new ArrayList<>();
        rivals.add(new Rival(PLAIN, memcached == null ? MEMCACHED_COMMAND : memcached));
        if (twin) {
            rivals.add(new Rival(TWIN, rivals.get(0).command()));
        }
        if (memcached == null) {
            rivals.add(new Rival(BATCHED, MEMCACHED_COMMAND + " -R 1000"));
        }
        rivals.add(new Rival(KARST, karst));
        if (Files.isExecutable(jdk25.resolve("bin/java"))) {
            rivals.add(new Rival(KARST_25, "env JAVA_HOME=" + jdk25 + " " + karst));
        }
        return rivals;
    }

    private Rounds rounds() {
        return new Rounds(comparison, root, serverCore, rounds, seconds, warmupSeconds);
    }

    /** The depths come first among the rows of their data. */
    private List<Workload> rows() {
        List<Workload> rows = new ArrayList<>();
        if (depths && only.isEmpty()) {
            rows.addAll(Workload.depths(keyCount, zipf));
            comparison.depths(rows);
        }
        Workload.standard(keyCount, zipf).stream()
                .filter(row -> row.name().contains(only))
                .forEach(rows::add);
        return rows;
    }

    // Items

    private void fills() throws IOException {
        List<Fill> fills = List.of(
                new Fill("20 B keys, 200 B values", 20, "200", 200, 0, 0, "", 1.17),
                new Fill("the same, with exptime and flags", 20, "200", 200, 7, 36_000, "", 1.10),
                new Fill(
                        "20 B keys, lognormal values, median 200 B, sigma 1.2",
                        20,
                        "lognormal:200:1.2",
                        390,
                        0,
                        0,
                        "",
                        1.12),
                // With flags, as most clients set: they move memcached's item to the next slab class, from 8.9 to 7.1
                // million.
                new Fill("10 B keys, 50 B values, flags", 10, "50", 50, 7, 0, "", 0.95),
                new Fill("10 B keys, 50 B values, flags, item_size=60", 10, "50", 50, 7, 0, " -o item_size=60", 1.30));
        for (Fill kind : fills) {
            if (!kind.name().contains(onlyFill)) {
                continue;
            }
            System.out.println(kind.name());
            for (Rival rival : rivals()) {
                if (!rival.name().equals(PLAIN) && !rival.name().equals(KARST)) {
                    continue;
                }
                boolean isOurs = rival.name().equals(KARST);
                Rival told = isOurs ? new Rival(rival.name(), rival.command() + kind.hint()) : rival;
                try (ServerProcess server = rounds().start(told, fillMib)) {
                    Fill.Kept kept = kind.run(server, fillMib);
                    comparison.addFill(kind, rival.name(), kept);
                    System.out.printf(
                            Locale.ROOT,
                            "  %-18s %,d items of %,d sets, curr_items %,d, RSS %,d MiB idle, %,d MiB full  %s%n",
                            rival.name(),
                            kept.items(),
                            kept.sets(),
                            kept.currItems(),
                            kept.idleBytes() >> 20,
                            kept.fullBytes() >> 20,
                            kept.wrong());
                }
            }
        }
    }
}
