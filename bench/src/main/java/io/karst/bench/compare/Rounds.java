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
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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

/**
 * Rounds of rows against several servers by turns.
 *
 * @param comparison takes what is measured
 * @param root the source tree, where servers start and leave their logs
 * @param serverCore which core servers share
 * @param rounds that count
 * @param seconds of each
 * @param warmupSeconds of every row before any of its data counts
 */
record Rounds(Comparison comparison, Path root, int serverCore, int rounds, double seconds, double warmupSeconds) {
    /** Starts the rivals, measures each row, and stops them; {@code isOpen} says for which rows latency is measured, too. */
    void run(List<Rival> rivals, int memoryMib, List<Workload> rows, Predicate<Workload> isOpen) throws IOException {
        Map<String, ServerProcess> servers = new LinkedHashMap<>();
        try {
            for (Rival rival : rivals) {
                ServerProcess server = start(rival, memoryMib);
                servers.put(rival.name(), server);
                server.suspend();
            }
            Workload.@Nullable Data loaded = null;
            Map<String, Dataset> datasets = new LinkedHashMap<>();
            for (Workload workload : rows) {
                if (!workload.data().equals(loaded)) {
                    loaded = workload.data();
                    fill(servers, datasets, loaded);
                    warmUp(rows, loaded, servers, datasets);
                }
                closedRounds(workload, servers, datasets);
                if (isOpen.test(workload)) {
                    openRounds(workload, servers, datasets);
                }
            }
        } finally {
            for (ServerProcess server : servers.values()) {
                server.close();
            }
        }
    }

    /** Starts one server, pinned; its command goes on the page. */
    ServerProcess start(Rival rival, int mib) throws IOException {
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
    private void warmUp(
            List<Workload> rows, Workload.Data data, Map<String, ServerProcess> servers, Map<String, Dataset> datasets)
            throws IOException {
        for (Workload workload : rows) {
            if (workload.data().equals(data)) {
                for (ServerProcess server : servers.values()) {
                    sample(workload.closed(server.port(), 0, warmupSeconds), workload, server, datasets, 0);
                }
            }
        }
    }

    /** A server's plan for one round. */
    @FunctionalInterface
    private interface Planner {
        LoadPlan plan(ServerProcess server, int round);
    }

    private void closedRounds(Workload workload, Map<String, ServerProcess> servers, Map<String, Dataset> datasets)
            throws IOException {
        System.out.println(workload.name());
        alternate(
                workload,
                servers,
                datasets,
                (server, round) -> workload.closed(server.port(), settleSeconds(round), seconds),
                (name, sample) -> {
                    comparison.addFull(workload, name, sample);
                    System.out.printf(
                            Locale.ROOT,
                            "  %-18s %,11.0f/s  server %7.2f us  busy %3.0f %%  generator %7.2f us  %s%n",
                            name,
                            sample.throughput(),
                            sample.serverCpuMicros(),
                            sample.serverBusy() * 100,
                            sample.clientCpuMicros(),
                            sample.wrong());
                });
    }

    private void openRounds(Workload workload, Map<String, ServerProcess> servers, Map<String, Dataset> datasets)
            throws IOException {
        double most = Spread.of(comparison.full(workload, Compare.PLAIN), Sample::throughput)
                .median();
        double rate = most / workload.unit() / 2;
        comparison.addHalfRate(workload, rate);
        Map<String, ServerProcess> others = new LinkedHashMap<>(servers);
        others.remove(Compare.TWIN);
        alternate(
                workload,
                others,
                datasets,
                (server, round) -> workload.open(server.port(), rate, settleSeconds(round), seconds, round),
                (name, sample) -> {
                    comparison.addHalf(workload, name, sample);
                    System.out.printf(
                            Locale.ROOT,
                            "  %-18s %,11.0f/s  p50 %,7.0f  p99 %,7.0f  p99.9 %,7.0f us  %s%n",
                            name,
                            sample.throughput(),
                            sample.p50Micros(),
                            sample.p99Micros(),
                            sample.p999Micros(),
                            sample.wrong());
                });
    }

    /** All rounds of a row, servers by turns; what the first round finds is not kept. */
    private void alternate(
            Workload workload,
            Map<String, ServerProcess> servers,
            Map<String, Dataset> datasets,
            Planner planner,
            BiConsumer<String, Sample> keeper)
            throws IOException {
        for (int round = 0; round <= rounds; round++) {
            for (ServerProcess server : order(servers, round)) {
                Sample sample = sample(planner.plan(server, round), workload, server, datasets, round);
                if (round > 0) {
                    keeper.accept(server.name(), sample);
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
}
