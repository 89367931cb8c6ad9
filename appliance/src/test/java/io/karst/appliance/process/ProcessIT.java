package io.karst.appliance.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** memcached's command line, and the end of a server, seen from outside. */
@Timeout(120)
class ProcessIT {
    private static final int EXIT_SIGTERM = 143;

    @TempDir
    Path directory = Path.of(".");

    @Test
    void severalAddressesEachGetTheirPortInTheFile() throws Exception {
        assumeTrue(hasIpv6(), "no IPv6 loopback here");
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-l", "127.0.0.1", "-l", "[::1]");
                RawClient four = karst.connect();
                RawClient six = RawClient.connect(new InetSocketAddress(
                        InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
                        karst.ports().getOrDefault("TCP INET6", 0)))) {
            four.ask("set a 0 0 1\r\n1", "STORED");
            six.ask("get a", "VALUE a 0 1\r\n1\r\nEND");
            assertTrue(
                    karst.output().contains("listens on 127.0.0.1:" + karst.port() + ", [0:0:0:0:0:0:0:1]:"),
                    karst.output());
        }
    }

    private static boolean hasIpv6() throws IOException {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        return loopback != null
                && loopback.getInterfaceAddresses().stream()
                        .anyMatch(address -> address.getAddress().getAddress().length == 16);
    }

    @Test
    void connectionsBeyondTheLimitAreToldSoAndCounted() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-c", "3")) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                RawClient client = karst.connect();
                clients.add(client);
                client.ask("verbosity 0", "OK");
            }
            for (int i = 0; i < 5; i++) {
                try (RawClient rejected = karst.connect()) {
                    assertEquals("ERROR Too many open connections\r\n", rejected.rest());
                }
            }
            assertEquals(5, clients.get(0).stat("rejected_connections"));
            assertEquals(3, clients.get(0).stat("curr_connections"));
            assertEquals(3, clients.get(0).stat("max_connections"));
            clients.get(1).close();
            // The place is free as soon as the loop has seen the close.
            String answer = "";
            while (!answer.equals("OK")) {
                try (RawClient next = karst.connect()) {
                    answer = next.send("verbosity 0\r\n").line();
                }
            }
            clients.get(0).close();
            clients.get(2).close();
        }
    }

    @Test
    void longBurstsYieldAndAreCounted() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-R", "2");
                RawClient client = karst.connect()) {
            client.send("touch a 0\r\n".repeat(100)).expect("NOT_FOUND\r\n".repeat(100));
            assertTrue(client.stat("conn_yields") >= 10, "conn_yields " + client.stat("conn_yields"));
        }
    }

    @Test
    void memoryThatIsFullIsAnErrorWhenNothingMayGo() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "16", "-M");
                RawClient client = karst.connect()) {
            String value = "v".repeat(4000);
            int stored = 0;
            String answer = "STORED";
            for (int i = 0; i < 10_000 && answer.equals("STORED"); i++) {
                answer = client.send("set key" + i + " 0 0 4000\r\n" + value + "\r\n")
                        .line();
                stored += answer.equals("STORED") ? 1 : 0;
            }
            assertEquals("SERVER_ERROR out of memory storing object", answer);
            assertTrue(stored > 2000, "stored " + stored);
            assertEquals(0, client.stat("evictions"));
            assertEquals(1, client.stat("store_no_memory"));
            client.ask("get key0", "VALUE key0 0 4000\r\n" + value + "\r\nEND");
            client.ask("delete key0", "DELETED");
            client.ask("get key" + stored, "END");
        }
    }

    @Test
    void itemBeyondTheLimitTakesTheOldOneWithIt() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-I", "2k");
                RawClient client = karst.connect()) {
            client.ask("set a 0 0 3\r\nold", "STORED");
            client.ask("set a 0 0 2048\r\n" + "v".repeat(2048), "SERVER_ERROR object too large for cache");
            client.ask("get a", "END");
            client.ask("set a 0 0 1900\r\n" + "v".repeat(1900), "STORED");
            assertEquals(1, client.stat("store_too_large"));
            assertEquals("2048", client.stats("settings").get("item_size_max"));
        }
    }

    @Test
    void whatIsSwitchedOffAnswersSo() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-F", "-X");
                RawClient client = karst.connect()) {
            client.ask("set a 0 0 1\r\n1", "STORED");
            client.ask("flush_all", "CLIENT_ERROR flush_all not allowed");
            client.ask("stats cachedump 1 1", "CLIENT_ERROR stats cachedump not allowed");
            client.ask("shutdown", "SERVER_ERROR: shutdown not enabled");
            client.ask("get a", "VALUE a 0 1\r\n1\r\nEND");
        }
    }

    @Test
    void clientMayShutDownWhenAllowedTo() throws Exception {
        Path pidFile = directory.resolve("karst.pid");
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-A", "-P", pidFile.toString());
                RawClient client = karst.connect()) {
            awaitFile(pidFile);
            assertEquals(
                    Long.toString(karst.process().pid()),
                    Files.readString(pidFile).trim());
            client.ask("shutdown foo", "CLIENT_ERROR invalid shutdown mode");
            client.send("shutdown\r\n");
            assertEquals("", client.rest());
            assertEquals(0, karst.awaitExit(5));
            assertFalse(Files.exists(pidFile));
        }
    }

    private static void awaitFile(Path file) throws InterruptedException {
        for (int i = 0; i < 500 && !Files.exists(file); i++) {
            Thread.sleep(10);
        }
    }

    @Test
    void sigtermDeliversWhatIsOwedAndLeavesNoFile() throws Exception {
        Tools.assumeTool("nc");
        Path socket = directory.resolve("karst.sock");
        Path pidFile = directory.resolve("karst.pid");
        ServerProcess karst =
                ServerProcess.karst("-m", "64", "-s", socket.toString(), "-a", "700", "-P", pidFile.toString());
        try (karst) {
            awaitFile(pidFile);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertEquals(
                    "STORED\r\n",
                    Tools.run("/bin/sh", "-c", "printf 'set a 0 0 1\\r\\n1\\r\\n' | nc -N -U " + socket)
                            .out());
            long started = System.nanoTime();
            karst.terminate();
            assertEquals(EXIT_SIGTERM, karst.awaitExit(5));
            assertTrue(System.nanoTime() - started < 5_000_000_000L);
            assertFalse(Files.exists(socket));
            assertFalse(Files.exists(pidFile));
        }
    }

    @Test
    void repliesOnTheirWayArriveDespiteSigterm() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "64");
                RawClient client = karst.connect()) {
            String value = "v".repeat(500_000);
            client.ask("set a 0 0 500000\r\n" + value, "STORED");
            String reply = "VALUE a 0 500000\r\n" + value + "\r\nEND\r\n";
            // More than the socket buffers hold, so that most of it is still the server's when the signal comes.
            client.send("get a\r\n".repeat(20)).expect(reply);
            karst.terminate();
            for (int i = 1; i < 20; i++) {
                client.expect(reply);
            }
            assertEquals("", client.rest());
            assertEquals(EXIT_SIGTERM, karst.awaitExit(6));
        }
    }

    @Test
    void debiansConfigurationIsUnderstood() throws Exception {
        Path configuration = directory.resolve("memcached.conf");
        Files.writeString(
                configuration,
                String.join(
                        "\n",
                        "# memcached default config file",
                        "-d",
                        "logfile /var/log/memcached.log",
                        "# -v",
                        "-m 64",
                        "-p 11211",
                        "-u memcache",
                        "-l 127.0.0.1",
                        "-l ::1",
                        "-P " + directory.resolve("memcached.pid"),
                        ""));
        try (ServerProcess karst = ServerProcess.karst("--config=" + configuration);
                RawClient client = karst.connect()) {
            client.ask("set a 0 0 1\r\n1", "STORED");
            assertEquals("67108864", client.stats("settings").get("maxbytes"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c 0",
                "-c -1",
                "-t 0",
                "-B http",
                "-l nosuch.invalid",
                "-I 512",
                "-I 40m",
                "-S -B ascii",
                "--nosuch"
            })
    void wrongCommandLineEndsWithOneLine(String words) throws Exception {
        Tools.Outcome outcome = Tools.run(ServerProcess.karstCommand(List.of(), words.split(" ")));
        assertNotEquals(0, outcome.status());
        List<String> lines = outcome.out().lines().toList();
        assertEquals(1, lines.size(), outcome.out());
        assertTrue(lines.get(0).startsWith("karst: "), outcome.out());
    }

    @Test
    void portInUseEndsWithOneLine() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "64")) {
            Tools.Outcome outcome =
                    Tools.run(ServerProcess.karstCommand(List.of(), "-m", "64", "-p", Integer.toString(karst.port())));
            assertNotEquals(0, outcome.status());
            List<String> errors = outcome.out()
                    .lines()
                    .filter(line -> line.startsWith("karst: "))
                    .toList();
            assertEquals(1, errors.size(), outcome.out());
            assertTrue(errors.get(0).contains(Integer.toString(karst.port())), outcome.out());
            assertFalse(outcome.out().contains("Exception"), outcome.out());
        }
    }

    @Test
    void heapThatIsUsedUpEndsTheProcessWithItsReason() throws Exception {
        List<String> tinyHeap = List.of("-Xms12m", "-Xmx12m");
        List<RawClient> clients = new ArrayList<>();
        try (ServerProcess karst = ServerProcess.karst(tinyHeap, "-m", "64", "-c", "5000", "-t", "1")) {
            try {
                for (int i = 0; i < 4000 && karst.process().isAlive(); i++) {
                    RawClient client = karst.connect();
                    clients.add(client);
                    client.send("version\r\n");
                }
            } catch (IOException e) {
                // It is gone.
            }
            assertEquals(3, karst.awaitExit(20), karst.output());
            assertTrue(karst.output().contains("OutOfMemoryError"), karst.output());
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void hangUpReadsTheUsersAgain() throws Exception {
        Path users = Files.writeString(directory.resolve("users"), "alice:secret\n");
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-Y", users.toString());
                RawClient inside = karst.connect()) {
            inside.ask("set x 0 0 12\r\nalice secret", "STORED");
            Files.writeString(users, "alice:changed\n");
            String pid = String.valueOf(karst.process().pid());
            assertEquals(0, Tools.run("kill", "-HUP", pid).status());
            String answer = "";
            while (!answer.equals("STORED")) {
                try (RawClient client = karst.connect()) {
                    answer = client.send("set x 0 0 13\r\nalice changed\r\n").line();
                }
            }
            inside.ask("get a", "END");
        }
    }

    @Test
    void aMissingFileOfUsersIsOneLine() throws Exception {
        Tools.Outcome outcome = Tools.run(ServerProcess.karstCommand(List.of(), "-m", "64", "-Y", "/nosuch/users"));
        assertEquals(71, outcome.status());
        assertTrue(
                outcome.out().endsWith("karst: /nosuch/users: no such file. Name one with a user:password per line.\n"),
                outcome.out());
    }

    @Test
    void passwdTakesThePasswordFromStdin() throws Exception {
        Path users = directory.resolve("users");
        Path input = Files.writeString(directory.resolve("input"), "secret\n");
        List<String> words = new ArrayList<>(ServerProcess.karstCommand(List.of()));
        words.removeAll(List.of("-p", "-1"));
        words.addAll(List.of("passwd", "--file", users.toString(), "alice"));
        Process process = new ProcessBuilder(words)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .start();
        assertEquals("user alice added\n", new String(process.getInputStream().readAllBytes(), UTF_8));
        assertEquals(0, process.waitFor());
        assertTrue(Files.readString(users).startsWith("alice:SCRAM-SHA-256$4096:"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(users)));
    }
}
