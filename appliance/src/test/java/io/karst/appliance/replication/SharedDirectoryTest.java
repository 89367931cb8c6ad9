package io.karst.appliance.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
