package io.karst.bench.compare;

import io.karst.bench.load.Dataset;
import io.karst.bench.load.LoadGenerator;
import io.karst.bench.load.LoadObserver;
import io.karst.bench.load.LoadPlan;
import io.karst.bench.load.LoadResult;
import io.karst.bench.load.RangeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/*
 * What makes two servers comparable on a machine of two noisy cores:
 *  - one core for whichever server is on, one for the generator; the other servers are stopped (SIGSTOP);
 *  - rounds of a few seconds alternate between servers, in a different order each time, so that a noisy minute hits all;
 *  - the first round of each is thrown away: compilers, page faults, and the generator's own warm-up;
 *  - ratios are taken within a round and the median of the ratios is shown, with its bootstrapped 95 % interval;
 *  - CPU time is the server's whole process, so whatever it does on the side (compiling, collecting) is in the bill;
 *  - a second memcached with the same command line takes part: its ratio should be 1.00 and shows what noise is;
 *  - latency comes from an open loop at one rate for all: half of what memcached could do.
 */

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
        System.exit(new CommandLine(compare)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println("bench/compare: " + e.getMessage());
                    return e instanceof IllegalArgumentException ? 2 : 3;
                })
                .execute(args));
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
        speed();
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

    // Speed

    private void speed() throws IOException {
        Map<String, ServerProcess> servers = new LinkedHashMap<>();
        try {
            for (Rival rival : rivals()) {
                ServerProcess server = start(rival, memoryMib);
                servers.put(rival.name(), server);
                server.suspend();
            }
            Workload.@Nullable Data loaded = null;
            Map<String, Dataset> datasets = new LinkedHashMap<>();
            for (Workload workload : rows()) {
                if (!workload.data().equals(loaded)) {
                    loaded = workload.data();
                    fill(servers, datasets, loaded);
                    warmUp(loaded, servers, datasets);
                }
                closedRounds(workload, servers, datasets);
                if (latency && !comparison.isDepth(workload)) {
                    openRounds(workload, servers, datasets);
                }
            }
        } finally {
            for (ServerProcess server : servers.values()) {
                server.close();
            }
        }
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

    private ServerProcess start(Rival rival, int mib) throws IOException {
        Path log = root.resolve("bench/target/compare/" + rival.name().replace(' ', '-') + ".log");
        Files.createDirectories(log.toAbsolutePath().getParent());
        ServerProcess server = ServerProcess.start(rival, mib, serverCore, root, log);
        comparison.addCommand(rival.name(), server.commandLine());
        return server;
    }

    private void fill(Map<String, ServerProcess> servers, Map<String, Dataset> datasets, Workload.Data data)
            throws IOException {
        for (ServerProcess server : servers.values()) {
            Dataset dataset = data.dataset();
            datasets.put(server.name(), dataset);
            server.resume();
            LoadResult filled = LoadGenerator.run(
                    LoadPlan.untilDry(server.port(), 4, 8),
                    dataset,
                    RangeSource.sets(0, data.keyCount()),
                    LoadObserver.NONE);
            server.suspend();
            if (filled.isWrong()) {
                comparison.addProblem(server.name() + ", filling: " + filled.total());
            }
        }
    }

    /** Every row on this data for a while, so that no row pays for compiling what another one uses. */
    private void warmUp(Workload.Data data, Map<String, ServerProcess> servers, Map<String, Dataset> datasets)
            throws IOException {
        for (Workload workload : Workload.standard(keyCount, zipf)) {
            if (workload.data().equals(data)) {
                for (ServerProcess server : servers.values()) {
                    sample(workload.closed(server.port(), 0, warmupSeconds), workload, server, datasets, 0);
                }
            }
        }
    }

    private void closedRounds(Workload workload, Map<String, ServerProcess> servers, Map<String, Dataset> datasets)
            throws IOException {
        System.out.println(workload.name());
        for (int round = 0; round <= rounds; round++) {
            for (ServerProcess server : order(servers, round)) {
                LoadPlan plan = workload.closed(server.port(), settleSeconds(round), seconds);
                Sample sample = sample(plan, workload, server, datasets, round);
                if (round > 0) {
                    comparison.addFull(workload, server.name(), sample);
                    System.out.printf(
                            Locale.ROOT,
                            "  %-18s %,11.0f/s  server %7.2f us  busy %3.0f %%  generator %7.2f us  %s%n",
                            server.name(),
                            sample.throughput(),
                            sample.serverCpuMicros(),
                            sample.serverBusy() * 100,
                            sample.clientCpuMicros(),
                            sample.wrong());
                }
            }
        }
    }

    private void openRounds(Workload workload, Map<String, ServerProcess> servers, Map<String, Dataset> datasets)
            throws IOException {
        double most =
                Spread.of(comparison.full(workload, PLAIN), Sample::throughput).median();
        double rate = most / workload.unit() / 2;
        comparison.addHalfRate(workload, rate);
        for (int round = 0; round <= rounds; round++) {
            for (ServerProcess server : order(servers, round)) {
                if (server.name().equals(TWIN)) {
                    continue;
                }
                LoadPlan plan = LoadPlan.open(
                                server.port(),
                                workload.connections(),
                                workload.depth(),
                                rate,
                                settleSeconds(round),
                                seconds,
                                round)
                        .speaking(workload.protocol());
                Sample sample = sample(plan, workload, server, datasets, round);
                if (round > 0) {
                    comparison.addHalf(workload, server.name(), sample);
                    System.out.printf(
                            Locale.ROOT,
                            "  %-18s %,11.0f/s  p50 %,7.0f  p99 %,7.0f  p99.9 %,7.0f us  %s%n",
                            server.name(),
                            sample.throughput(),
                            sample.p50Micros(),
                            sample.p99Micros(),
                            sample.p999Micros(),
                            sample.wrong());
                }
            }
        }
    }

    /** The discarded round runs twice as long; later ones only let queues fill. */
    private double settleSeconds(int round) {
        return round == 0 ? seconds : seconds / 10;
    }

    private static List<ServerProcess> order(Map<String, ServerProcess> servers, int round) {
        List<ServerProcess> order = new ArrayList<>(servers.values());
        Collections.rotate(order, -round);
        return order;
    }

    private static Sample sample(
            LoadPlan plan, Workload workload, ServerProcess server, Map<String, Dataset> datasets, int round)
            throws IOException {
        CpuMeter meter = new CpuMeter(server);
        server.resume();
        try {
            Dataset dataset = datasets.get(server.name());
            if (dataset == null) {
                throw new IllegalStateException("nothing filled into " + server.name());
            }
            LoadResult result = LoadGenerator.run(plan, dataset, workload.source(round), meter);
            return Sample.of(result, meter.ns, workload);
        } finally {
            server.suspend();
        }
    }

    /** The server's CPU time in the measured window. */
    private static final class CpuMeter implements LoadObserver {
        private final ServerProcess server;
        private long ns;

        CpuMeter(ServerProcess server) {
            this.server = server;
        }

        @Override
        public void begin() {
            ns = server.cpuNs();
        }

        @Override
        public void end() {
            ns = server.cpuNs() - ns;
        }
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
                try (ServerProcess server = start(told, fillMib)) {
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
