package io.karst.appliance.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.Cluster;
import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What replication is for: five nodes, one of them dies, and an unmodified client finds its keys where it looks next. Each client
 * with its placement, 3,000 keys.
 */
@Tag("slow")
@Timeout(300)
class FailoverIT {
    private static final int NODES = 5;
    private static final int KEYS = 3_000;
    private static final String LITERAL = "127.0.0.1:%d";
    private static final double ENOUGH = 0.995;

    @TempDir
    private Path directory;

    /** Makes a client of a cluster. */
    private interface Maker {
        FailoverClient make(Cluster cluster) throws IOException;
    }

    @Test
    void spymemcachedFindsTheKeysOfADeadNode() throws Exception {
        Found found =
                found("spy-redistribute", LITERAL, 2, 1, cluster -> FailoverClient.spymemcached(cluster.addresses()));
        assertTrue(found.ofAll() >= ENOUGH, found.toString());
    }

    /** The control: with copies where this client does not look they are of no use. */
    @Test
    void withAnotherPlacementSpymemcachedDoesNotFindThem() throws Exception {
        Found found = found("ring-rebuild", LITERAL, 2, 1, cluster -> FailoverClient.spymemcached(cluster.addresses()));
        assertTrue(found.ofDead() < 0.5, found.toString());
    }

    @Test
    void spymemcachedFindsTheKeysOfTwoDeadNodesOfThreeCopies() throws Exception {
        Found found =
                found("spy-redistribute", LITERAL, 3, 2, cluster -> FailoverClient.spymemcached(cluster.addresses()));
        assertTrue(found.ofAll() >= ENOUGH, found.toString());
    }

    @Test
    void xmemcachedFindsTheKeysOfADeadNode() throws Exception {
        Found found = found(
                "ring-rebuild-xmemcached",
                "localhost/127.0.0.1:%d",
                2,
                1,
                cluster -> FailoverClient.xmemcached(cluster.addresses()));
        assertTrue(found.ofAll() >= ENOUGH, found.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "pylibmc, ring-rebuild, /usr/bin/python3, failover_libmemcached.py",
        "pymemcache, rendezvous, /usr/bin/python3, failover_pymemcache.py",
        "dalli, dalli, ruby, failover_dalli.rb"
    })
    void clientsInOtherLanguagesFindTheKeysOfADeadNode(
            String client, String placement, String interpreter, String script) throws Exception {
        FailoverClient.assume(client);
        Found found = found(
                placement,
                LITERAL,
                2,
                1,
                cluster -> FailoverClient.script(directory, interpreter, script, cluster.addresses()));
        assertTrue(found.ofAll() >= ENOUGH, found.toString());
    }

    /** The parts that are found of all keys, and of those that a dead node owned. */
    private record Found(double ofAll, double ofDead) {}

    /** Writes, kills, reads. */
    private Found found(String placement, String nameFormat, int replicas, int deaths, Maker maker) throws Exception {
        try (Cluster cluster = new Cluster(directory, NODES, placement, nameFormat, replicas).start();
                FailoverClient client = maker.make(cluster)) {
            client.write(KEYS);
            List<Set<Integer>> holders = awaitCopies(cluster, replicas);
            // Where this client put a key is the first node that it asks, if the placement is this client's.
            Set<Integer> dead = new HashSet<>();
            for (int node = 1; node <= deaths; node++) {
                cluster.kill(node);
                dead.add(node);
            }
            List<@Nullable String> values = client.read(KEYS);
            int lost = 0;
            int concerned = 0;
            for (int i = 0; i < KEYS; i++) {
                String value = values.get(i);
                boolean isConcerned = holders.get(i).stream().anyMatch(dead::contains);
                concerned += isConcerned ? 1 : 0;
                lost += value == null ? 1 : 0;
                assertTrue(value == null || value.equals(FailoverClient.value(FailoverClient.key(i))), "got " + value);
                assertTrue(value != null || isConcerned, FailoverClient.key(i) + " is missed on a living node");
            }
            int primaries = 0;
            for (int i = 0; i < KEYS; i++) {
                primaries += dead.contains(cluster.replicasOf(FailoverClient.key(i))[0]) ? 1 : 0;
            }
            System.out.println(placement + ": " + KEYS + " keys, " + primaries + " of them first on " + dead + ", "
                    + concerned + " there at all, " + lost + " not found");
            return new Found(1 - lost / (double) KEYS, 1 - lost / (double) primaries);
        }
    }

    /** Asks every node for every key until each is on as many as it should be; on which. */
    private static List<Set<Integer>> awaitCopies(Cluster cluster, int replicas) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            List<Set<Integer>> holders = holders(cluster);
            long wrong =
                    holders.stream().filter(nodes -> nodes.size() != replicas).count();
            if (wrong == 0 || System.nanoTime() - deadline > 0) {
                assertEquals(0, wrong, "keys that are not on " + replicas + " nodes");
                return holders;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static List<Set<Integer>> holders(Cluster cluster) throws IOException {
        List<Set<Integer>> holders = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            holders.add(new HashSet<>());
        }
        for (int node = 0; node < cluster.size(); node++) {
            try (RawClient client = cluster.connect(node)) {
                for (int i = 0; i < KEYS; i++) {
                    client.send("mg " + FailoverClient.key(i) + "\r\n");
                }
                for (int i = 0; i < KEYS; i++) {
                    if (client.line().equals("HD")) {
                        holders.get(i).add(node);
                    }
                }
            }
        }
        return holders;
    }

    @Test
    void keysAreOnTheNodesThatTheRingNames() throws Exception {
        try (Cluster cluster = new Cluster(directory, NODES, "spy-redistribute", LITERAL, 3).start();
                FailoverClient client = FailoverClient.spymemcached(cluster.addresses())) {
            client.write(KEYS);
            List<Set<Integer>> holders = awaitCopies(cluster, 3);
            for (int i = 0; i < KEYS; i++) {
                Set<Integer> wanted = new HashSet<>();
                Arrays.stream(cluster.replicasOf(FailoverClient.key(i))).forEach(wanted::add);
                assertEquals(wanted, holders.get(i), FailoverClient.key(i));
            }
        }
    }
}
