package io.karst.appliance.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.appliance.fixture.NotifyListener;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server process as a service manager sees it. */
@Timeout(120)
class SystemdIT {
    /** Opens sockets, makes them files 3, 4, ... as systemd does, and becomes the command line behind it. */
    private static final String ACTIVATE = """
            import os, socket, sys
            sockets = []
            for address in sys.argv[1].split(','):
                kind = socket.SOCK_DGRAM if address == 'udp' else socket.SOCK_STREAM
                s = socket.socket(socket.AF_UNIX if address.startswith('/') else socket.AF_INET, kind)
                s.bind(address if address.startswith('/') else ('127.0.0.1', 0))
                if kind == socket.SOCK_STREAM:
                    s.listen(16)
                s.setblocking(address == 'blocking')
                sockets.append(os.dup(s.fileno()))
            for i, s in enumerate([os.dup2(s, 100 + i) for i, s in enumerate(sockets)]):
                os.dup2(s, 3 + i)
            os.environ['LISTEN_FDS'] = str(len(sockets))
            os.environ['LISTEN_PID'] = str(os.getpid())
            os.execvp(sys.argv[2], sys.argv[2:])
            """;

    @TempDir
    private Path directory;

    @Test
    void readinessReloadWatchdogAndStopAreTold() throws Exception {
        String name = directory.resolve("notify").toString();
        Path users = Files.writeString(directory.resolve("users"), "alice:secret\n");
        try (NotifyListener systemd = new NotifyListener(name);
                ServerProcess karst = ServerProcess.karstUnder(
                        List.of("env", "NOTIFY_SOCKET=" + name, "WATCHDOG_USEC=100000"),
                        List.of(),
                        "-m",
                        "64",
                        "-Y",
                        users.toString())) {
            String ready = systemd.nextAfter("WATCHDOG=1");
            assertTrue(ready.startsWith("READY=1\nSTATUS=serving on 127.0.0.1:" + karst.port() + ", "), ready);
            for (int i = 0; i < 3; i++) {
                assertEquals("WATCHDOG=1", systemd.next());
            }
            assertEquals(
                    0, Tools.run("kill", "-HUP", "" + karst.process().pid()).status());
            assertTrue(systemd.nextAfter("WATCHDOG=1").startsWith("RELOADING=1\nMONOTONIC_USEC="));
            assertEquals("READY=1", systemd.nextAfter("WATCHDOG=1"));
            karst.terminate();
            assertTrue(systemd.nextAfter("WATCHDOG=1").startsWith("STOPPING=1\n"));
            assertEquals(143, karst.awaitExit(10));
        }
    }

    @Test
    void socketsThatSystemdOpenedAreServed() throws Exception {
        Path path = directory.resolve("karst.sock");
        try (ServerProcess karst = activated("tcp," + path, "-m", "64", "-l", "192.0.2.1");
                RawClient client = karst.connect();
                SocketChannel unix = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.ask("set a 0 0 1\r\n1", "STORED");
            unix.connect(UnixDomainSocketAddress.of(path));
            unix.write(ByteBuffer.wrap("get a\r\n".getBytes(StandardCharsets.US_ASCII)));
            String expected = "VALUE a 0 1\r\n1\r\nEND\r\n";
            ByteBuffer answer = ByteBuffer.allocate(expected.length());
            while (answer.hasRemaining() && unix.read(answer) >= 0) {}
            assertEquals(expected, new String(answer.array(), StandardCharsets.US_ASCII));
            // The accept of the one has not kept the loop from the other.
            try (RawClient second = karst.connect()) {
                second.ask("get b", "END");
            }
            assertTrue(karst.output().contains(path + " with "), karst.output());
            karst.terminate();
            assertEquals(143, karst.awaitExit(10));
            assertTrue(Files.exists(path), "the path is systemd's");
        }
    }

    @Test
    void aSocketThatCannotBeServedIsOneLine() throws Exception {
        assertTrue(
                refusal("udp")
                        .endsWith(
                                "karst: file 3 from systemd is no stream socket that listens. Use ListenStream= in the socket unit.\n"));
        assertTrue(refusal("tcp,blocking")
                .endsWith("karst: file 4 from systemd blocks. Add NonBlocking=yes to the service unit.\n"));
        assertTrue(refusal("tcp", "-o", "io_uring").contains("karst: "));
    }

    private static String refusal(String sockets, String... options) throws Exception {
        Tools.assumeTool("python3");
        List<String> words = new ArrayList<>(List.of("python3", "-c", ACTIVATE, sockets));
        words.addAll(ServerProcess.karstCommand(List.of(), concat(List.of("-m", "64"), options)));
        Tools.Outcome outcome = Tools.run(words);
        assertEquals(71, outcome.status(), outcome.out());
        return outcome.out();
    }

    private static String[] concat(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static ServerProcess activated(String sockets, String... options) throws Exception {
        Tools.assumeTool("python3");
        return ServerProcess.karstUnder(List.of("python3", "-c", ACTIVATE, sockets), List.of(), options);
    }

    @Test
    void lockedMemoryIsLockedInTheKernelsBooks() throws Exception {
        assumeTrue(isRoot(), "not root");
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-k")) {
            assertTrue(karst.output().contains("memory lock: on, 6"), karst.output());
            long lockedKibibytes = row(karst, "VmLck");
            assertTrue(lockedKibibytes > 62 << 10 && lockedKibibytes < 66 << 10, lockedKibibytes + " KiB");
        }
    }

    @Test
    void memoryThatMayNotBeLockedIsAWarning() throws Exception {
        assumeTrue(isRoot(), "not root");
        Tools.assumeTool("setpriv");
        List<String> withoutTheRight = List.of("prlimit", "--memlock=65536", "setpriv", "--bounding-set=-ipc_lock");
        try (ServerProcess karst = ServerProcess.karstUnder(withoutTheRight, List.of(), "-m", "64", "-k");
                RawClient client = karst.connect()) {
            assertTrue(karst.output().contains("WARNING memory lock: 0 of 6"), karst.output());
            assertTrue(karst.output().contains("Raise the limit with LimitMEMLOCK=infinity"), karst.output());
            client.ask("get a", "END");
        }
    }

    private static boolean isRoot() throws Exception {
        return Tools.run("id", "-u").out().trim().equals("0");
    }

    private static long row(ServerProcess karst, String name) throws Exception {
        Map<String, String> rows = new HashMap<>();
        for (String line :
                Files.readAllLines(Path.of("/proc", "" + karst.process().pid(), "status"))) {
            String[] words = line.split(":\\s*");
            rows.put(words[0], words.length > 1 ? words[1] : "");
        }
        return Long.parseLong(rows.getOrDefault(name, "0").replaceAll("[^0-9]", ""));
    }
}
