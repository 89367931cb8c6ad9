package io.karst.appliance.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.NetworkNamespaces;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import io.karst.appliance.fixture.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * OPS-18, FD-3: two nodes on machines of their own, with a key between them, while datagrams get lost, nothing gets through at all, or
 * one of them stands still. Afterwards both have the same, nothing deleted is there, and no client has waited.
 */
@Tag("slow")
@Timeout(420)
class NetworkFaultsIT {
    private static final int KEYS = 4_000;
    private static final int PERIOD_SECONDS = 15;
    private static final long BOUND_BYTES = 96L << 20;

    @TempDir
    private Path directory;

    private final List<@Nullable ServerProcess> nodes = new ArrayList<>();
    private final List<RawClient> clients = new ArrayList<>();
    private final Map<String, String> wanted = new TreeMap<>();

    @SuppressWarnings("NullAway.Init") // Every test begins with it.
    private NetworkNamespaces network;

    private void start() throws Exception {
        StringBuilder peers = new StringBuilder();
        for (int i = 0; i < 2; i++) {
            peers.append("node" + i + " " + NetworkNamespaces.address(i) + ":11311 1 host" + i + "\n");
        }
        Files.writeString(directory.resolve("peers"), peers);
        Files.writeString(directory.resolve("key"), "00112233445566778899aabbccddeeff");
        List<Thread> starts = new ArrayList<>();
        nodes.addAll(Arrays.asList(null, null));
        for (int i = 0; i < 2; i++) {
            int node = i;
            Thread start = new Thread(() -> {
                try {
                    nodes.set(node, startNode(node));
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            start.start();
            starts.add(start);
        }
        for (Thread start : starts) {
            start.join();
        }
        for (int i = 0; i < 2; i++) {
            clients.add(RawClient.over(new UnixSocket(socket(i))));
        }
    }

    private ServerProcess startNode(int i) throws IOException, InterruptedException {
        return ServerProcess.karstUnder(
                network.starter(i),
                List.of(),
                "-s",
                socket(i).toString(),
                "-m",
                "64",
                "-t",
                "1",
                "-o",
                "peers=" + directory.resolve("peers") + ",peer_name=node" + i + ",replicas=2,peer_key="
                        + directory.resolve("key") + ",anti_entropy=" + PERIOD_SECONDS);
    }

    private ServerProcess node(int i) {
        return Objects.requireNonNull(nodes.get(i));
    }

    private Path socket(int node) {
        return directory.resolve("socket" + node);
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        for (ServerProcess node : nodes) {
            if (node != null) {
                node.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20})
    void lostDatagramsLoseNothing(int percent) throws Exception {
        try (NetworkNamespaces made = NetworkNamespaces.make(2)) {
            network = made;
            start();
            made.lose(0, percent);
            made.lose(1, percent);
            int suspected = 0;
            int asked = 0;
            for (int round = 0; round < 100; round++) {
                change(round);
                suspected += "hint".equals(clients.get(0).stats("replication").get("peer:1:mode")) ? 1 : 0;
                asked++;
                TimeUnit.MILLISECONDS.sleep(200);
            }
            assertTrue(made.lost(0) > 0 && made.lost(1) > 0, "no datagram was lost");
            System.out.println(percent + " % loss: " + (made.lost(0) + made.lost(1)) + " datagrams lost, hinted "
                    + suspected + " of " + asked + " times, " + clients.get(0).stats("replication"));
            assertTrue(percent > 5 || suspected <= asked / 100, "suspected " + suspected + " of " + asked + " times");
            made.lose(0, 0);
            made.lose(1, 0);
            assertAlike();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 60})
    void aPartitionHoldsNobodyUpAndHeals(int seconds) throws Exception {
        try (NetworkNamespaces made = NetworkNamespaces.make(2)) {
            network = made;
            start();
            change(0);
            assertAlike();
            double before = percentile99();
            long memory = node(0).residentBytes();
            made.lose(0, 100);
            made.lose(1, 100);
            double during = changeFor(seconds);
            assertTrue(made.lost(0) > 0 && made.lost(1) > 0, "no datagram was lost");
            long grown = node(0).residentBytes() - memory;
            System.out.println("partition of " + seconds + " s: p99 " + before + " us before, " + during
                    + " us during it, " + (grown >> 20) + " MiB more");
            assertTrue(grown < BOUND_BYTES, grown + " bytes more");
            assertTrue(during <= 2 * before + 100, "p99 " + before + " us before, " + during + " during");
            made.lose(0, 0);
            made.lose(1, 0);
            assertAlike();
        }
    }

    @Test
    void aPeerThatStandsStillHoldsNobodyUp() throws Exception {
        try (NetworkNamespaces made = NetworkNamespaces.make(2)) {
            network = made;
            start();
            change(0);
            assertAlike();
            double before = percentile99();
            String pid = Long.toString(node(1).process().pid());
            Tools.run("kill", "-STOP", pid);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            double during = 0;
            for (int round = 0; System.nanoTime() - end < 0; round++) {
                for (int i = 0; i < 20; i++) {
                    String key = "stopped:" + (round * 20 + i);
                    clients.get(0).ask("set " + key + " 0 0 1\r\n1", "STORED");
                    wanted.put(key, "1");
                }
                during = Math.max(during, percentile99());
            }
            Tools.run("kill", "-CONT", pid);
            System.out.println(
                    "peer stopped for 30 s: p99 " + before + " us before, at most " + during + " us meanwhile");
            assertAlike();
        }
    }

    /** Changes on both sides: new keys, new values, and deletes of what the other side has written. */
    private void change(int round) throws IOException {
        for (int i = 0; i < KEYS / 100; i++) {
            int side = i % 2;
            String key = "k" + (round * KEYS / 100 + i);
            String value = "v" + round + ":" + i;
            clients.get(side).ask("set " + key + " 0 0 " + value.length() + "\r\n" + value, "STORED");
            wanted.put(key, value);
        }
        for (int i = 0; round > 20 && i < 4; i++) {
            String old = "k" + ((round - 20) * KEYS / 100 + i);
            // One after the other at the same node, or versions could be equal to the clock.
            clients.get((i + 1) % 2).send("delete " + old + "\r\n").line();
            wanted.remove(old);
        }
    }

    private double changeFor(int seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Double> windows = new ArrayList<>();
        for (int round = 1; System.nanoTime() - end < 0 && round < 100; round++) {
            change(round);
            windows.add(percentile99());
            TimeUnit.MILLISECONDS.sleep(Math.max(1, seconds * 1_000L / 100));
        }
        TimeUnit.NANOSECONDS.sleep(Math.max(0, end - System.nanoTime()));
        windows.sort(null);
        return windows.get(windows.size() / 2);
    }

    /** Microseconds. */
    private double percentile99() throws IOException {
        long[] times = new long[1_000];
        for (int i = 0; i < times.length; i++) {
            long begin = System.nanoTime();
            clients.get(0).ask("mn", "MN");
            times[i] = System.nanoTime() - begin;
        }
        Arrays.sort(times);
        return times[times.length * 99 / 100] / 1e3;
    }

    /** Waits until both nodes have what is wanted, for two periods of anti-entropy. */
    private void assertAlike() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2 * PERIOD_SECONDS);
        List<String> differences = differences();
        while (!differences.isEmpty() && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(200);
            differences = differences();
        }
        assertEquals(List.of(), differences, () -> {
            try {
                return clients.get(0).stats("replication") + "\n"
                        + clients.get(1).stats("replication");
            } catch (IOException e) {
                return e.toString();
            }
        });
        for (RawClient client : clients) {
            assertEquals("0", client.stats("replication").get("agent_failures"));
        }
    }

    private List<String> differences() throws IOException {
        List<String> keys = new ArrayList<>(wanted.keySet());
        for (int i = 0; i < KEYS; i += 7) {
            if (!wanted.containsKey("k" + i)) {
                keys.add("k" + i);
            }
        }
        List<String> differences = new ArrayList<>();
        for (int node = 0; node < 2; node++) {
            for (String key : keys) {
                clients.get(node).send("mg " + key + " v\r\n");
                String value = clients.get(node).line().equals("EN")
                        ? "nothing"
                        : clients.get(node).line();
                String right = wanted.getOrDefault(key, "nothing");
                if (!value.equals(right) && differences.size() < 10) {
                    differences.add(node + ": " + key + " is " + value + ", not " + right);
                }
            }
        }
        return differences;
    }
}
