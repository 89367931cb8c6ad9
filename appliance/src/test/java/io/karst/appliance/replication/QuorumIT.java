package io.karst.appliance.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.Cluster;
import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * CON-3 over processes that are killed and come back: what is read at QUORUM is a miss, or nothing older than what was
 * acknowledged at QUORUM before the read began.
 */
@Tag("slow")
@Timeout(300)
class QuorumIT {
    private static final int KEYS = 200;
    private static final int DEATHS = 3;

    @TempDir
    private Path directory;

    private final long[] acknowledged = new long[KEYS];
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();
    private long reads;
    private long hits;

    @Test
    void nothingOldIsReadWhileNodesDieAndComeBackAndItemsAreEvicted() throws Exception {
        try (Cluster cluster =
                new Cluster(directory, 3, "ring-rebuild", "127.0.0.1:%d", 3, "-o", "anti_entropy=5").start()) {
            Thread writer = new Thread(() -> run(cluster, this::write));
            Thread reader = new Thread(() -> run(cluster, this::read));
            Thread filler = new Thread(() -> run(cluster, QuorumIT::fill));
            List<Thread> threads = List.of(writer, reader, filler);
            threads.forEach(Thread::start);
            for (int death = 0; death < DEATHS; death++) {
                TimeUnit.SECONDS.sleep(4);
                cluster.kill(death);
                TimeUnit.SECONDS.sleep(2);
                cluster.start(death);
            }
            TimeUnit.SECONDS.sleep(4);
            isOver.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            long evictions = 0;
            for (int i = 0; i < 3; i++) {
                try (RawClient client = cluster.connect(i)) {
                    evictions += client.stat("evictions");
                    assertEquals("0", client.stats("replication").get("agent_failures"));
                }
            }
            System.out.println("quorum: " + reads + " reads, " + hits + " hits, " + evictions + " evictions");
            assertEquals(null, wrong.get());
            assertTrue(hits > 500 && evictions > 1_000, hits + " hits, " + evictions + " evictions");
        }
    }

    @Test
    void withoutEvictionNothingAcknowledgedIsLost() throws Exception {
        try (Cluster cluster =
                new Cluster(directory, 3, "ring-rebuild", "127.0.0.1:%d", 3, "-M", "-o", "anti_entropy=5").start()) {
            List<String> stored = new ArrayList<>();
            for (int death = 0; death < DEATHS; death++) {
                int alive = (death + 1) % 3;
                int other = (death + 2) % 3;
                store(cluster, alive, "a" + death, stored);
                cluster.kill(death);
                store(cluster, other, "b" + death, stored);
                cluster.start(death);
                for (int node = 0; node < 3; node++) {
                    awaitQuorum(cluster, node, stored);
                }
            }
        }
    }

    private static void store(Cluster cluster, int node, String prefix, List<String> stored) throws IOException {
        try (RawClient client = cluster.connect(node)) {
            for (int i = 0; i < 1_000; i++) {
                client.send("ms " + prefix + ":" + i + " 1 Lquorum\r\n1\r\n");
                if (client.line().equals("HD")) {
                    stored.add(prefix + ":" + i);
                }
            }
        }
    }

    /** A node that has just come back does not count yet, so a quorum may have to wait for it. */
    private static void awaitQuorum(Cluster cluster, int node, List<String> stored) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try (RawClient client = cluster.connect(node)) {
            for (String key : stored) {
                String answer = "";
                do {
                    client.send("mg " + key + " v Lquorum\r\n");
                    answer = client.line();
                } while (answer.startsWith("SERVER_ERROR") && System.nanoTime() - deadline < 0);
                assertEquals("VA 1", answer, key + " through " + node);
                assertEquals("1", client.line());
            }
        }
    }

    /** One step of a client; throws when its node is gone. */
    private interface Step {
        void take(RawClient client, Random random) throws IOException;
    }

    private void run(Cluster cluster, Step step) {
        Random random = new Random(7);
        while (!isOver.get()) {
            // Longer than the nodes' clocks lie apart: of two writes at once that of the later clock stays.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            try (RawClient client = cluster.connect(random.nextInt(3))) {
                for (int i = 0; i < 300 && !isOver.get(); i++) {
                    step.take(client, random);
                }
            } catch (IOException | AssertionError e) {
                // The node is dead, for a moment.
            }
        }
    }

    private void write(RawClient client, Random random) throws IOException {
        int key = random.nextInt(KEYS);
        long number = System.nanoTime();
        String value = Long.toString(number);
        client.send("ms k" + key + " " + value.length() + " Lquorum\r\n" + value + "\r\n");
        if (client.line().equals("HD")) {
            synchronized (acknowledged) {
                acknowledged[key] = Math.max(acknowledged[key], number);
            }
        }
    }

    private void read(RawClient client, Random random) throws IOException {
        int key = random.nextInt(KEYS);
        long before;
        synchronized (acknowledged) {
            before = acknowledged[key];
        }
        client.send("mg k" + key + " v Lquorum\r\n");
        String answer = client.line();
        reads++;
        if (answer.startsWith("VA")) {
            hits++;
            long value = Long.parseLong(client.line());
            if (value < before) {
                wrong.compareAndSet(null, "k" + key + ": " + value + " after " + before);
            }
        }
    }

    private static void fill(RawClient client, Random random) throws IOException {
        String filling = "x".repeat(5_000);
        client.ask(
                "set filler:" + random.nextInt(100_000) + " 0 " + (1 + random.nextInt(5)) + " 5000\r\n" + filling,
                "STORED");
    }
}
