package io.karst.appliance.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.Cluster;
import io.karst.appliance.fixture.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** MEM-2, MEM-3, MEM-6: nodes come, go and change their weight while all others go on, and items follow. */
@Tag("slow")
@Timeout(180)
class MembersIT {
    private static final int KEYS = 2_000;

    @TempDir
    private Path directory;

    @Test
    void itemsFollowNodesThatComeAndGo() throws Exception {
        try (Cluster cluster =
                new Cluster(directory, 3, "ring-rebuild", "127.0.0.1:%d", 2, "-o", "anti_entropy=5").start()) {
            write(cluster, "1");
            awaitEverywhere(cluster, "1");
            int fourth = cluster.add();
            cluster.reload();
            cluster.start(fourth);
            awaitEverywhere(cluster, "1");
            write(cluster, "2");
            awaitEverywhere(cluster, "2");
            cluster.weight(fourth, 3);
            cluster.reload();
            awaitEverywhere(cluster, "2");
            cluster.weight(1, 0);
            cluster.reload();
            awaitEverywhere(cluster, "2");
            cluster.kill(1);
            write(cluster, "3");
            awaitEverywhere(cluster, "3");
        }
    }

    /** Anti-entropy, which would bring them in the end, is far away. */
    @Test
    void writesAreCopiedAtOnceAfterAChangeOfMembers() throws Exception {
        try (Cluster cluster = new Cluster(directory, 2, "ring-rebuild", "127.0.0.1:%d", 2, "-o", "anti_entropy=3600")
                        .start();
                RawClient here = cluster.connect(0);
                RawClient there = cluster.connect(1)) {
            cluster.weight(1, 2);
            cluster.reload();
            // Both have to read the file and to hear of each other first.
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            String answer = "";
            while (!answer.equals("HD") && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(500);
                answer = here.send("ms a 1 Lall\r\n1\r\n").line();
            }
            assertEquals("HD", answer);
            there.ask("get a", "VALUE a 0 1\r\n1\r\nEND");
            for (int i = 0; i < 100; i++) {
                there.ask("ms k" + i + " 1 Lall\r\n1", "HD");
                here.ask("get k" + i, "VALUE k" + i + " 0 1\r\n1\r\nEND");
            }
        }
    }

    @Test
    void aFileThatIsWrongChangesNothing() throws Exception {
        try (Cluster cluster = new Cluster(directory, 2, "ring-rebuild", "127.0.0.1:%d", 2).start();
                RawClient here = cluster.connect(0);
                RawClient there = cluster.connect(1)) {
            Files.writeString(directory.resolve("peers"), "nonsense\n");
            cluster.reload();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!cluster.node(0).output().contains("peers: nothing changed.") && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertTrue(
                    cluster.node(0).output().contains("an address is missing"),
                    cluster.node(0).output());
            here.ask("ms a 1 Lall\r\n1", "HD");
            there.ask("get a", "VALUE a 0 1\r\n1\r\nEND");
        }
    }

    /** As clients do that know the present ring. */
    private static void write(Cluster cluster, String value) throws Exception {
        Map<Integer, RawClient> clients = new HashMap<>();
        for (int i = 0; i < KEYS; i++) {
            int node = cluster.replicasOf("k" + i)[0];
            RawClient client = clients.get(node);
            if (client == null) {
                client = cluster.connect(node);
                clients.put(node, client);
            }
            client.ask("set k" + i + " 0 0 1\r\n" + value, "STORED");
        }
        for (RawClient client : clients.values()) {
            client.close();
        }
    }

    /** Until every key is on each of its nodes. */
    private static void awaitEverywhere(Cluster cluster, String value) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        int missing = missing(cluster, value);
        while (missing > 0 && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(100);
            missing = missing(cluster, value);
        }
        assertEquals(0, missing, "copies that are not there");
    }

    private static int missing(Cluster cluster, String value) throws Exception {
        int missing = 0;
        for (int node = 0; node < cluster.size(); node++) {
            int self = node;
            int[] keys = IntStream.range(0, KEYS)
                    .filter(i -> Arrays.stream(cluster.replicasOf("k" + i)).anyMatch(each -> each == self))
                    .toArray();
            if (keys.length == 0) {
                continue;
            }
            try (RawClient client = cluster.connect(node)) {
                for (int key : keys) {
                    client.send("mg k" + key + " v\r\n");
                    boolean isThere =
                            client.line().startsWith("VA") && client.line().equals(value);
                    missing += isThere ? 0 : 1;
                }
            }
        }
        return missing;
    }
}
