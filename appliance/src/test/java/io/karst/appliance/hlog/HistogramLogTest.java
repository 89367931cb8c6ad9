package io.karst.appliance.hlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.Tools;
import io.karst.tuning.LatencyLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code -o hlog=} of a running server: on a directory, on none, on a file system that is full. */
@Timeout(60)
class HistogramLogTest {
    private static final Logger LOGGER = Logger.getLogger(LatencyLogger.class.getName());

    @TempDir
    private Path directory;

    /** What the writer told the operator. */
    private final List<LogRecord> told = new ArrayList<>();

    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            synchronized (told) {
                told.add(entry);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOGGER.addHandler(listener);
    }

    @AfterEach
    void stopListening() {
        LOGGER.removeHandler(listener);
    }

    private long told(Level level) {
        synchronized (told) {
            return told.stream().filter(entry -> entry.getLevel().equals(level)).count();
        }
    }

    /** Asks for something until a counter is above a number; the test's timeout is the limit. */
    private static long awaitAbove(RawClient client, String stat, long least) throws IOException {
        while (true) {
            for (int i = 0; i < 100; i++) {
                client.ask("get nothing", "END");
            }
            long value = client.stat(stat);
            if (value > least) {
                return value;
            }
        }
    }

    private static List<Path> logs(Path in) throws IOException {
        try (Stream<Path> found = Files.list(in)) {
            return found.filter(file -> file.toString().endsWith(".hlog"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void eachIntervalIsALineThatTheReaderUnderstandsAndStopWritesTheLastOne() throws Exception {
        Path logs = directory.resolve("a/b");
        try (KarstServer server = KarstServer.start("-t", "2", "-o", "hlog=" + logs + ",hlog_interval=1");
                RawClient client = server.connect()) {
            for (int i = 0; i < 170; i++) {
                client.ask("set a 0 0 1\r\n1", "STORED");
            }
            awaitAbove(client, "hlog_written", 1);
            // In the total they stay.
            assertTrue(Long.parseLong(client.stats("latency").get("set:count")) >= 10);
            for (int i = 0; i < 170; i++) {
                client.ask("delete a", i == 0 ? "DELETED" : "NOT_FOUND");
            }
            assertEquals(0, client.stat("hlog_failures"));
        }
        LatencyLog log = new LatencyLog();
        log.read(logs(logs).get(0));
        assertTrue(log.count("set") >= 10, "sets: " + log.count("set"));
        assertTrue(log.points("get").size() >= 2);
        assertEquals(10, log.count("delete"), "written at the stop");
    }

    @Test
    void resetTakesNothingFromTheLog() throws Exception {
        try (KarstServer server = KarstServer.start("-t", "1", "-o", "hlog=" + directory + ",hlog_interval=86400");
                RawClient client = server.connect()) {
            for (int i = 0; i < 170; i++) {
                client.ask("get nothing", "END");
            }
            client.ask("stats reset", "RESET");
        }
        LatencyLog log = new LatencyLog();
        log.read(logs(directory).get(0));
        assertEquals(10, log.count("get"));
    }

    @Test
    void aDirectoryThatCannotBeMadeIsToldOnceAndTriedAgain() throws Exception {
        Path blocked = Files.writeString(directory.resolve("file"), "");
        try (KarstServer server = KarstServer.start("-t", "1", "-o", "hlog=" + blocked + "/logs,hlog_interval=1");
                RawClient client = server.connect()) {
            awaitAbove(client, "hlog_failures", 1);
            assertEquals(1, told(Level.WARNING));
            assertEquals(0, client.stat("hlog_written"));
            Files.delete(blocked);
            awaitAbove(client, "hlog_written", 0);
            assertEquals(1, told(Level.INFO));
            assertEquals(1, logs(blocked.resolve("logs")).size());
        }
    }

    @Test
    void aFullFileSystemCostsIntervalsAndNothingElse() throws Exception {
        assumeTrue(Tools.run("id", "-u").out().strip().equals("0"), "not root: no tmpfs can be mounted");
        Path tiny = Files.createDirectory(directory.resolve("tiny"));
        Tools.assumeSuccess("tmpfs", "mount -t tmpfs -o size=256k karst-test " + tiny);
        try {
            Path ballast = tiny.resolve("ballast");
            try (KarstServer server = KarstServer.start("-t", "1", "-o", "hlog=" + tiny + ",hlog_interval=1");
                    RawClient client = server.connect()) {
                long before = awaitAbove(client, "hlog_written", 0);
                fill(ballast);
                awaitAbove(client, "hlog_failures", 1);
                client.ask("set a 0 0 1\r\n1", "STORED");
                assertEquals(1, told(Level.WARNING));
                Files.delete(ballast);
                awaitAbove(client, "hlog_written", before);
            }
            LatencyLog log = new LatencyLog();
            for (Path file : logs(tiny)) {
                log.read(file);
            }
            assertEquals(1, logs(tiny).size(), "the same file goes on: " + logs(tiny));
            assertTrue(log.points("get").size() >= 2);
        } finally {
            Tools.run("umount", tiny.toString());
        }
    }

    /** Until not a byte more fits. */
    private static void fill(Path ballast) throws IOException {
        byte[] page = new byte[512];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            assertTrue(e.toString().contains("No space left"), e.toString());
        }
    }

    @Test
    void withoutTheOptionNothingIsWritten() throws Exception {
        try (KarstServer server = KarstServer.start();
                RawClient client = server.connect()) {
            assertEquals(0, client.stat("hlog_written"));
            assertEquals(0, client.stat("hlog_failures"));
        }
    }
}
