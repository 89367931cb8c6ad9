package io.karst.appliance.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are programs of their own: two Python libraries, libmemcached's conformance test, and nc as people use it. */
@Timeout(180)
class CommandLineClientsIT {
    private static final int MEMCCAPABLE_TESTS = 54;

    @TempDir
    Path directory = Path.of(".");

    @Test
    void pymemcacheSeesNoDifferenceToMemcached() throws Exception {
        Tools.assumePythonModule("pymemcache");
        assertSameAsMemcached("pymemcache_script.py");
    }

    @Test
    void pylibmcSeesNoDifferenceToMemcached() throws Exception {
        Tools.assumePythonModule("pylibmc");
        assertSameAsMemcached("pylibmc_script.py");
    }

    private void assertSameAsMemcached(String script) throws IOException, InterruptedException {
        String expected;
        try (ServerProcess memcached = ServerProcess.memcached("-m", "64")) {
            expected = python(script, memcached.port());
        }
        try (KarstServer karst = KarstServer.start("-m", "64", "-o", "debug_commands")) {
            assertEquals(expected, python(script, karst.port(), "--debugtime"));
        }
    }

    private String python(String script, int port, String... arguments) throws IOException, InterruptedException {
        for (String name : new String[] {"witness.py", script}) {
            try (InputStream in = getClass().getResourceAsStream("/client/" + name)) {
                Files.copy(
                        java.util.Objects.requireNonNull(in, name),
                        directory.resolve(name),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
        java.util.List<String> words = new java.util.ArrayList<>(
                java.util.List.of("/usr/bin/python3", directory.resolve(script).toString(), Integer.toString(port)));
        words.addAll(java.util.List.of(arguments));
        Tools.Outcome outcome = Tools.run(words);
        assertEquals(0, outcome.status(), outcome.out());
        assertTrue(outcome.out().lines().count() > 100, outcome.out());
        return outcome.out();
    }

    @Test
    void memccapableIsContentWithEveryTest() throws Exception {
        Tools.assumeTool("memccapable");
        try (KarstServer karst = KarstServer.start("-m", "64")) {
            Tools.Outcome outcome =
                    Tools.run("memccapable", "-h", "127.0.0.1", "-p", Integer.toString(karst.port()), "-t", "5");
            long passed = outcome.out()
                    .lines()
                    .filter(line -> line.contains("[pass]"))
                    .count();
            assertEquals(MEMCCAPABLE_TESTS, passed, outcome.out());
            assertFalse(outcome.out().contains("FAIL"), outcome.out());
            assertEquals(0, outcome.status(), outcome.out());
        }
    }

    @Test
    void personWithNcGetsAnswersHoweverTheyClose() throws Exception {
        Tools.assumeTool("nc");
        try (KarstServer karst = KarstServer.start("-m", "64")) {
            String at = " 127.0.0.1 " + karst.port();
            assertShell(
                    "STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n",
                    "printf 'set a 0 0 1\\r\\n1\\r\\nget a\\r\\n' | nc -N" + at);
            assertShell("VALUE a 0 1\r\n1\r\nEND\r\n", "printf 'get a\\r\\n' | nc -q1" + at);
            assertShell("VALUE a 0 1\r\n1\r\nEND\r\n", "printf 'get a\\r\\nquit\\r\\n' | nc" + at);
            // As telnet users type: bare newlines. Only the data block must end properly.
            assertShell("VALUE a 0 1\r\n1\r\nEND\r\nNOT_FOUND\r\n", "printf 'get a\\ndelete b\\n' | nc -N" + at);
            assertShell(
                    "CLIENT_ERROR bad data chunk\r\n", "printf 'set a 0 0 1\\n1\\n\\n' | nc -N" + at + " | head -n 1");
            assertShell(
                    "STORED\r\n",
                    "{ printf 'set a 0 '; sleep 0.1; printf '0 1\\n2'; sleep 0.1; printf '\\r\\n'; } | nc -N" + at);
        }
    }

    @Test
    void personWithNcUsesTheUnixSocket() throws Exception {
        Tools.assumeTool("nc");
        Path socket = directory.resolve("karst.sock");
        try (KarstServer karst = KarstServer.start("-m", "64", "-s", socket.toString(), "-a", "770")) {
            assertEquals(1, karst.appliance().addresses().size());
            assertEquals(
                    "rwxrwx---",
                    java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertShell(
                    "STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n",
                    "printf 'set a 0 0 1\\r\\n1\\r\\nget a\\r\\n' | nc -N -U " + socket);
        }
        assertFalse(Files.exists(socket));
    }

    private static void assertShell(String expected, String command) throws IOException, InterruptedException {
        assertEquals(expected, Tools.run("/bin/sh", "-c", command).out(), command);
    }
}
