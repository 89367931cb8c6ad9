package io.karst.appliance.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory that a killed process has left in a directory is given back by the next. */
@Timeout(60)
class SharedDirectoryTest {
    @TempDir
    private Path parent;

    private long count() throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.count();
        }
    }

    @Test
    void itIsGoneWhenItIsClosed() throws IOException {
        try (SharedDirectory directory = SharedDirectory.makeIn(parent)) {
            Files.writeString(directory.path().resolve("file"), "x");
            assertEquals(2, count());
        }
        assertEquals(0, count());
    }

    @Test
    void theNextOneRemovesWhatADeadProcessLeft() throws IOException {
        Path left = Files.createDirectory(parent.resolve("karst-aeron-1"));
        Files.writeString(left.resolve("file"), "x");
        Files.writeString(parent.resolve("karst-aeron-1.lock"), "");
        try (SharedDirectory directory = SharedDirectory.makeIn(parent)) {
            assertFalse(Files.exists(left));
            // One of the living stays.
            try (SharedDirectory second = SharedDirectory.makeIn(parent)) {
                assertTrue(Files.isDirectory(directory.path()) && Files.isDirectory(second.path()));
            }
        }
        assertEquals(0, count());
    }

    /** Nodes that start at once take neither each other's directories nor each other's orphans for more than they are. */
    @Test
    void manyThatStartAtOnceDoNotDisturbEachOther() throws Exception {
        for (int i = 0; i < 20; i++) {
            Path left = Files.createDirectory(parent.resolve("karst-aeron-x" + i));
            Files.writeString(left.resolve("file"), "x");
            Files.writeString(parent.resolve("karst-aeron-x" + i + ".lock"), "");
        }
        List<Callable<SharedDirectory>> starts = Collections.nCopies(16, () -> SharedDirectory.makeIn(parent));
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<SharedDirectory> made = new ArrayList<>();
            for (Future<SharedDirectory> each : threads.invokeAll(starts)) {
                made.add(each.get());
            }
            for (SharedDirectory each : made) {
                assertTrue(Files.isDirectory(each.path()), each.path().toString());
            }
            assertEquals(32, count());
            for (SharedDirectory each : made) {
                each.close();
            }
            assertEquals(0, count());
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aKilledNodeLeavesNothingBehindOnceItIsStartedAgain(@TempDir Path peers) throws Exception {
        try (Cluster cluster = new Cluster(peers, 2, "ring-rebuild", "127.0.0.1:%d", 2).start()) {
            long before = shared();
            cluster.kill(1);
            cluster.start(1);
            assertEquals(before, shared());
        }
    }

    private static long shared() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(each -> each.getFileName().toString().startsWith("karst-aeron-"))
                    .count();
        }
    }
}
