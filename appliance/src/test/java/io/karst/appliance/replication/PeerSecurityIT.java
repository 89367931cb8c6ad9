package io.karst.appliance.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.Cluster;
import io.karst.appliance.fixture.RawClient;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What comes from somebody who has not the key is dropped and counted, and nobody notices but the counter. */
@Timeout(120)
class PeerSecurityIT {
    @TempDir
    private Path directory;

    @Test
    void aPeerWithAnotherKeyGetsNothingAcrossAndNobodyDies() throws Exception {
        Path ours = Files.writeString(directory.resolve("ours"), "00".repeat(32));
        Path theirs = Files.writeString(directory.resolve("theirs"), "11".repeat(32));
        try (Cluster cluster =
                new Cluster(directory, 2, "ring-rebuild", "127.0.0.1:%d", 2, "-o", "warmup_max=1,peer_key=" + ours)) {
            Thread other = new Thread(() -> start(cluster, theirs));
            other.start();
            cluster.start(0);
            other.join();
            try (RawClient here = cluster.connect(0);
                    RawClient there = cluster.connect(1)) {
                here.ask("set a 0 0 1\r\n1", "STORED");
                there.ask("set b 0 0 1\r\n1", "STORED");
                await(here, "frames_forged", 10);
                await(there, "frames_forged", 10);
                there.ask("get a", "END");
                here.ask("get b", "END");
                assertEquals("0", here.stats("replication").get("records_applied"));
                assertEquals("0", there.stats("replication").get("records_applied"));
                assertEquals("down", here.stats("replication").get("peer:1:state"));
            }
        }
    }

    private static void start(Cluster cluster, Path key) {
        try {
            cluster.start(1, "-o", "peer_key=" + key);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void datagramsThatMeanNothingChangeNothing() throws Exception {
        Path key = Files.writeString(directory.resolve("key"), "00".repeat(32));
        try (Cluster cluster =
                        new Cluster(directory, 2, "ring-rebuild", "127.0.0.1:%d", 2, "-o", "peer_key=" + key).start();
                RawClient here = cluster.connect(0);
                RawClient there = cluster.connect(1);
                DatagramSocket stranger = new DatagramSocket()) {
            Random random = new Random(1);
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                if (bytes.length > 8 && random.nextBoolean()) {
                    // As Aeron's own: a length, version 0, any flags, a type from 0 to 9.
                    bytes[0] = (byte) bytes.length;
                    bytes[1] = 0;
                    bytes[2] = 0;
                    bytes[3] = 0;
                    bytes[4] = 0;
                    bytes[6] = (byte) random.nextInt(10);
                    bytes[7] = 0;
                }
                stranger.send(new DatagramPacket(bytes, bytes.length, cluster.peerAddress(i % 2)));
            }
            for (int i = 0; i < 100; i++) {
                here.ask("ms k" + i + " 1 Lall\r\n1", "HD");
                there.ask("get k" + i, "VALUE k" + i + " 0 1\r\n1\r\nEND");
            }
            for (RawClient client : new RawClient[] {here, there}) {
                Map<String, String> stats = client.stats("replication");
                assertEquals("0", stats.get("agent_failures"));
                assertEquals("0", stats.get("frames_malformed"));
            }
            assertTrue(cluster.node(0).process().isAlive()
                    && cluster.node(1).process().isAlive());
        }
    }

    private static void await(RawClient client, String row, long atLeast) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (Long.parseLong(client.stats("replication").getOrDefault(row, "0")) < atLeast) {
            assertTrue(
                    System.nanoTime() - deadline < 0,
                    client.stats("replication").toString());
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
