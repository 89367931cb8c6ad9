package io.karst.appliance.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.Cluster;
import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** REP-2, CON-1: what a client does at one node is soon so at the other, over real sockets. */
@Timeout(120)
class ReplicationIT {
    private static final long PATIENCE_SECONDS = 30;

    @TempDir
    private Path directory;

    private Cluster two() throws IOException {
        return new Cluster(directory, 2, "ring-rebuild", "127.0.0.1:%d", 2).start();
    }

    @Test
    void everyKindOfWriteIsSoonOnTheOtherNode() throws Exception {
        try (Cluster cluster = two();
                RawClient here = cluster.connect(0);
                RawClient there = cluster.connect(1)) {
            here.ask("set a 42 0 5\r\nhello", "STORED");
            awaitReply(there, "get a", "VALUE a 42 5", "hello", "END");
            here.ask("append a 0 0 1\r\n!", "STORED");
            awaitReply(there, "get a", "VALUE a 42 6", "hello!", "END");
            here.ask("delete a", "DELETED");
            awaitReply(there, "get a", "END");
            there.ask("add a 0 0 1\r\n5", "STORED");
            awaitReply(here, "get a", "VALUE a 0 1", "5", "END");
            here.ask("incr a 37", "42");
            awaitReply(there, "get a", "VALUE a 0 2", "42", "END");
            here.ask("touch a 1000", "TOUCHED");
            awaitReply(there, "mg a t", "HD t1000", "HD t999", "HD t998");
            here.ask("md a I T30", "HD");
            awaitReply(there, "mg a v", "VA 2 Z X", "42");
            here.ask("mg vivid N60 v", "VA 0 W\r\n");
            awaitReply(there, "mg vivid v", "VA 0 Z", "");
            here.ask("set large 7 0 1000000\r\n" + "x".repeat(1_000_000), "STORED");
            awaitReply(there, "mg large s f", "HD s1000000 f7");
        }
    }

    @Test
    void aDeletedKeyDoesNotComeBackAndNeitherDoesAFlushedOne() throws Exception {
        try (Cluster cluster = two();
                RawClient here = cluster.connect(0);
                RawClient there = cluster.connect(1)) {
            for (int i = 0; i < 1_000; i++) {
                here.ask("set k" + i + " 0 0 1\r\n1", "STORED");
            }
            awaitReply(there, "get k999", "VALUE k999 0 1", "1", "END");
            here.ask("delete k7", "DELETED");
            awaitReply(there, "get k7", "END");
            here.ask("delete k7", "NOT_FOUND");
            here.ask("delete never", "NOT_FOUND");
            here.ask("flush_all", "OK");
            // What clients place here is gone everywhere; the other node's items stay on both.
            int gone = 0;
            for (int i = 0; i < 1_000; i++) {
                String key = "k" + i;
                if (i == 7) {
                    continue;
                }
                boolean isOurs = cluster.replicasOf(key)[0] == 0;
                gone += isOurs ? 1 : 0;
                String[] answer = isOurs ? new String[] {"END"} : new String[] {"VALUE " + key + " 0 1", "1", "END"};
                here.ask("get " + key, String.join("\r\n", answer));
                awaitReply(there, "get " + key, answer);
            }
            assertTrue(gone > 200 && gone < 800, gone + " gone");
            here.ask("set k1 0 0 1\r\n2", "STORED");
            awaitReply(there, "get k1", "VALUE k1 0 1", "2", "END");
            // Tombstones are no items.
            assertEquals(there.stat("curr_items"), here.stat("curr_items"));
        }
    }

    @Test
    void aNodeThatComesBackHasWhatWasWrittenMeanwhile() throws Exception {
        try (Cluster cluster = two()) {
            try (RawClient here = cluster.connect(0)) {
                for (int i = 0; i < 2_000; i++) {
                    here.ask("set k" + i + " 0 0 3\r\nold", "STORED");
                }
                cluster.kill(1);
                for (int i = 0; i < 1_000; i++) {
                    here.ask("set k" + i + " 0 0 3\r\nnew", "STORED");
                }
                here.ask("delete k1500", "DELETED");
                cluster.start(1);
            }
            // At once: the port was closed until it had everything.
            try (RawClient there = cluster.connect(1)) {
                for (int i = 0; i < 2_000; i++) {
                    String value = i < 1_000 ? "new" : "old";
                    there.ask("get k" + i, i == 1_500 ? "END" : "VALUE k" + i + " 0 3\r\n" + value + "\r\nEND");
                }
            }
        }
    }

    @Test
    void statsTellHowItStandsWithEveryPeer() throws Exception {
        try (Cluster cluster = two();
                RawClient here = cluster.connect(0)) {
            here.ask("set a 0 0 1\r\n1", "STORED");
            Map<String, String> stats = awaitStats(here, "peer:1:state", "up");
            assertEquals("on", stats.get("replication"));
            assertEquals("warm", stats.get("state"));
            assertEquals("send", stats.get("peer:1:mode"));
            assertEquals("same", stats.get("peer:1:config"));
            assertEquals("0", stats.get("agent_failures"));
            assertEquals("0", stats.get("peer:1:dirty_buckets"));
        }
    }

    @Test
    void lagIsATargetOnceAPeerHasAcknowledgedSomething() throws Exception {
        try (Cluster cluster = two();
                RawClient here = cluster.connect(0)) {
            here.ask("set a 0 0 1\r\n1", "STORED");
            Map<String, String> slo = here.stats("slo");
            while ("n/a".equals(slo.get("replication_lag_ms:verdict"))) {
                slo = here.stats("slo");
            }
            assertTrue(
                    slo.getOrDefault("replication_lag_ms:measured", "").matches("[0-9]+\\.[0-9]{3}"), slo.toString());
        }
    }

    @Test
    void peersWithAnotherConfigurationAreNamed() throws Exception {
        try (Cluster cluster = new Cluster(directory, 2, "ring-rebuild", "127.0.0.1:%d", 2).start()) {
            cluster.kill(1);
            cluster.start(1, "-o", "placement=rendezvous");
            try (RawClient here = cluster.connect(0)) {
                awaitStats(here, "peer:1:config", "different");
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!cluster.node(0).output().contains("has another configuration")
                    && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertTrue(
                    cluster.node(0).output().contains("has another configuration"),
                    cluster.node(0).output());
        }
    }

    private static Map<String, String> awaitStats(RawClient client, String key, String value) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Map<String, String> stats = client.stats("replication");
        while (!value.equals(stats.get(key)) && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(20);
            stats = client.stats("replication");
        }
        assertEquals(value, stats.get(key), stats.toString());
        return stats;
    }

    /** Asks until the answer has come; its first line may be one of several, when there is only one. */
    private static void awaitReply(RawClient client, String request, String... lines) throws Exception {
        boolean isChoice = lines[0].startsWith("HD");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            String answer = reply(client, request);
            boolean isThere = isChoice ? List.of(lines).contains(answer) : answer.equals(String.join("\r\n", lines));
            if (isThere) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                assertEquals(String.join("\r\n", lines), answer, request);
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    /** All lines of an answer. */
    private static String reply(RawClient client, String request) throws IOException {
        client.send(request + "\r\nmn\r\n");
        List<String> lines = new ArrayList<>();
        for (String line = client.line(); !line.equals("MN"); line = client.line()) {
            lines.add(line);
        }
        return String.join("\r\n", lines);
    }
}
