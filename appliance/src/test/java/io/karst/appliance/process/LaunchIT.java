package io.karst.appliance.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What packaging/src/launch does before Java starts: {@code -d} and {@code -u}. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LaunchIT {
    @TempDir
    private Path directory;

    @Test
    void detachedServerIsThereWhenTheScriptEnds() throws Exception {
        Tools.assumeTool("setsid");
        Path pidFile = directory.resolve("karst.pid");
        Tools.Outcome outcome = Tools.run(launch("-m", "64", "-A", "-d", "-P", pidFile.toString()));
        assertEquals(0, outcome.status(), outcome.out());
        assertEquals("", outcome.out());
        // The pid file and the port file are written together, the connection is accepted before.
        long pid = Long.parseLong(Files.readString(pidFile).trim());
        ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
        try {
            assertEquals(
                    Long.toString(pid),
                    Tools.run("ps", "-o", "sid=", "-p", Long.toString(pid))
                            .out()
                            .trim());
            int port = Integer.parseInt(
                    Files.readString(directory.resolve("ports")).replaceAll("(?s).*TCP INET: (\\d+).*", "$1"));
            try (RawClient client = RawClient.local(port)) {
                client.ask("set a 0 0 1\r\n1", "STORED");
                assertEquals(pid, client.stat("pid"));
                client.send("shutdown\r\n");
                assertEquals("", client.rest());
            }
            server.onExit().get(20, TimeUnit.SECONDS);
            assertFalse(Files.exists(pidFile));
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void failedStartIsToldWithItsStatus() throws Exception {
        Tools.assumeTool("setsid");
        Tools.Outcome outcome = Tools.run(launch("-m", "64", "-vd", "-I", "512"));
        assertEquals(64, outcome.status(), outcome.out());
        assertTrue(outcome.out().contains("karst: max-item-size"), outcome.out());
        outcome = Tools.run(launch("-m", "64", "--daemon", "-l", "192.0.2.1"));
        assertEquals(71, outcome.status(), outcome.out());
        assertTrue(outcome.out().contains("karst: failed to listen"), outcome.out());
    }

    private List<String> launch(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "env",
                "MEMCACHED_PORT_FILENAME=" + directory.resolve("ports"),
                ServerProcess.launcher().toString()));
        words.addAll(ServerProcess.karstCommand(List.of(), options));
        return words;
    }

    /** What stands behind the main class is parsed as getopt would; a shell in place of Java tells who it is. */
    @ParameterizedTest
    @CsvSource({
        "-u nobody, nobody",
        "-unobody, nobody",
        "-vu nobody, nobody",
        "--user=nobody, nobody",
        "--user nobody, nobody",
        "-m 64 -u nobody, nobody",
        "-m64 -u nobody, nobody",
        "-o -u nobody, root",
        "-p -unobody, root",
        "-u root, root",
        "-m 64, root"
    })
    void rootBecomesTheUser(String options, String expected) throws Exception {
        assumeRoot();
        assertEquals(expected, run(options).out().trim());
    }

    @Test
    void unknownUserIsMemcachedsError() throws Exception {
        assumeRoot();
        Tools.Outcome outcome = run("-u nobody-of-this-name");
        assertEquals("can't find the user nobody-of-this-name to switch to\n", outcome.out());
        assertEquals(67, outcome.status());
    }

    private static void assumeRoot() throws Exception {
        assumeTrue(Tools.run("id", "-u").out().trim().equals("0"), "not root");
        Tools.assumeTool("setpriv");
    }

    private static Tools.Outcome run(String options) throws Exception {
        List<String> words = new ArrayList<>(
                List.of(ServerProcess.launcher().toString(), "/bin/sh", "-c", "id -un", "io.karst.appliance.Main"));
        words.addAll(List.of(options.split(" ")));
        return Tools.run(words);
    }
}
