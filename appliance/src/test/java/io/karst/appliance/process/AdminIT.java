package io.karst.appliance.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients may do to the process, and what the process leaves behind. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AdminIT {
    @TempDir
    private Path directory;

    @Test
    void gracefulShutdownAnswersEverybodyFirst() throws Exception {
        Path pidFile = directory.resolve("karst.pid");
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-A", "-P", pidFile.toString());
                RawClient owed = karst.connect();
                RawClient client = karst.connect()) {
            owed.ask("set big 0 0 300000\r\n" + "b".repeat(300_000), "STORED");
            // More than the socket buffers hold, so that most of it is still the server's when it is told to stop.
            String answer = "VALUE big 0 300000\r\n" + "b".repeat(300_000) + "\r\nEND\r\n";
            owed.send("get big\r\n".repeat(20)).expect(answer);
            client.send("shutdown graceful\r\n");
            assertEquals("", client.rest());
            for (int i = 1; i < 20; i++) {
                owed.expect(answer);
            }
            assertEquals("", owed.rest());
            assertEquals(0, karst.awaitExit(10));
            assertFalse(Files.exists(pidFile));
        }
    }

    @Test
    void whatWasNotSwitchedOnIsRefused() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "64");
                RawClient client = karst.connect()) {
            client.ask("shutdown", "SERVER_ERROR: shutdown not enabled");
            client.ask("shutdown graceful", "SERVER_ERROR: shutdown not enabled");
            client.ask("debugtime 10", "ERROR");
        }
    }

    @Test
    void debugtimeMovesTheClock() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-o", "debug_commands");
                RawClient client = karst.connect()) {
            client.ask("set a 0 100 1\r\n1", "STORED");
            client.ask("debugtime 99", "OK");
            client.ask("debugtime 2", "OK");
            client.ask("get a", "END");
            client.ask("debugtime x", "ERROR");
        }
    }

    /** As in memcached: a warning, and the server serves. */
    @Test
    void pidFileThatCannotBeWrittenIsAWarning() throws Exception {
        Path nowhere = directory.resolve("no/such/directory/karst.pid");
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-P", nowhere.toString());
                RawClient client = karst.connect()) {
            client.ask("get a", "END");
            List<String> warnings = karst.output()
                    .lines()
                    .filter(line -> line.contains("pid file"))
                    .toList();
            assertEquals(1, warnings.size(), karst.output());
            assertTrue(warnings.get(0).startsWith("WARNING"), warnings.get(0));
        }
    }
}
