package io.karst.appliance.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Z}, over real sockets, with the JDK's TLS on the other side. */
@Timeout(60)
class TlsTest {
    private static final String TLS_1_2 = "TLSv1.2";
    private static final String TLS_1_3 = "TLSv1.3";
    private static final int MEGABYTE = 1_000_000;

    @TempDir
    Path directory;

    private TestCertificate server;

    @BeforeEach
    void makeCertificate() throws Exception {
        server = TestCertificate.make(directory, "server", "EC");
    }

    private KarstServer start(String... more) throws IOException {
        return startWith(server.options(""), more);
    }

    private static KarstServer startWith(String options, String... more) throws IOException {
        String[] words = new String[more.length + 7];
        String[] first = {"-m", "64", "-t", "1", "-Z", "-o", options};
        System.arraycopy(first, 0, words, 0, first.length);
        System.arraycopy(more, 0, words, first.length, more.length);
        return KarstServer.start(words);
    }

    /** 30 s for the rest of a command, 60 s for reading: as without TLS, where DeadlineTest has them on its own clock. */
    @Test
    @Tag("slow")
    @Timeout(180)
    void whoKeepsOthersWaitingIsCutOff() throws Exception {
        String big = "0123456789".repeat(MEGABYTE / 10);
        try (KarstServer karst = start();
                RawClient bystander = TestCertificate.client(karst.address(), TLS_1_3, null);
                RawClient half = TestCertificate.client(karst.address(), TLS_1_3, null);
                RawClient reader = TestCertificate.client(karst.address(), TLS_1_2, null);
                RawClient binary = TestCertificate.client(karst.address(), TLS_1_3, null)) {
            bystander.send("set b 0 0 " + MEGABYTE + "\r\n" + big + "\r\n").expect("STORED\r\n");
            half.send("get b");
            reader.send("get b\r\n".repeat(20));
            String getB = "\u0080\0\0\1" + "\0".repeat(7) + "\1" + "\0".repeat(12) + "b";
            binary.send(getB.repeat(20));
            while (bystander.stat("partial_command_kicks") == 0) {
                Thread.sleep(200);
            }
            assertEquals("", half.rest());
            assertEquals(0, bystander.stat("slow_reader_kicks"));
            while (bystander.stat("slow_reader_kicks") < 2) {
                Thread.sleep(200);
            }
            bystander.ask("get nothing", "END");
            assertEquals(0, bystander.stat("handler_failures"));
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2,EC", "TLSv1.3,EC", "TLSv1.2,RSA", "TLSv1.3,RSA"})
    void storesAndAnswers(String protocol, String algorithm) throws Exception {
        server = TestCertificate.make(directory, "server", algorithm);
        String big = "0123456789".repeat(MEGABYTE / 10);
        try (KarstServer karst = start();
                RawClient client = TestCertificate.client(karst.address(), protocol, null)) {
            client.send("set a 0 0 1\r\n1\r\nget a\r\n").expect("STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n");
            client.send("set b 0 0 " + MEGABYTE + "\r\n" + big + "\r\n").expect("STORED\r\n");
            client.send("get b\r\n".repeat(3));
            for (int i = 0; i < 3; i++) {
                client.expect("VALUE b 0 " + MEGABYTE + "\r\n" + big + "\r\nEND\r\n");
            }
            assertEquals(0, client.stat("ssl_handshake_errors"));
            assertTrue(client.stat("time_since_server_cert_refresh") >= 0);
            assertEquals("yes", client.stats("settings").get("ssl_enabled"));
            assertEquals(server.chain().toString(), client.stats("settings").get("ssl_chain_cert"));
        }
    }

    @Test
    void manyRequestsInPiecesOfAnySize() throws Exception {
        StringBuilder requests = new StringBuilder();
        StringBuilder answers = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            requests.append("set k")
                    .append(i)
                    .append(" 0 0 3\r\nabc\r\nget k")
                    .append(i)
                    .append("\r\n");
            answers.append("STORED\r\nVALUE k").append(i).append(" 0 3\r\nabc\r\nEND\r\n");
        }
        try (KarstServer karst = start();
                RawClient client = TestCertificate.client(karst.address(), TLS_1_3, null)) {
            Thread writer = new Thread(() -> {
                try {
                    int size = 1;
                    for (int from = 0; from < requests.length(); from += size, size = size * 7 % 9_973) {
                        client.send(requests.substring(from, Math.min(requests.length(), from + size)));
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            // At first some bytes at a time, one record each; the reader below sees to it that nobody blocks.
            writer.start();
            client.expect(answers.toString());
            writer.join();
        }
    }

    @Test
    void aClientThatReadsLateGetsEveryByte() throws Exception {
        String big = "0123456789".repeat(MEGABYTE / 10);
        try (KarstServer karst = start();
                RawClient client = TestCertificate.client(karst.address(), TLS_1_3, null);
                RawClient bystander = TestCertificate.client(karst.address(), TLS_1_3, null)) {
            client.send("set b 0 0 " + MEGABYTE + "\r\n" + big + "\r\n").expect("STORED\r\n");
            client.send("get b\r\n".repeat(40));
            // The server stops when the kernel's buffers are full, and not for others.
            while (!bystander.stats("conns").containsValue("conn_mwrite")) {
                bystander.ask("get a", "END");
            }
            assertTrue(bystander.stat("bytes_written") < 20L * MEGABYTE, "nothing held the server back");
            for (int i = 0; i < 40; i++) {
                client.expect("VALUE b 0 " + MEGABYTE + "\r\n" + big + "\r\nEND\r\n");
            }
        }
    }

    @Test
    void aGoodByeEndsTheConnection() throws Exception {
        try (KarstServer karst = start();
                RawClient client = TestCertificate.client(karst.address(), TLS_1_3, null)) {
            client.ask("get a", "END");
            assertEquals("", client.endOutput().rest());
        }
    }

    @Test
    void quitAnswersAndSaysGoodBye() throws Exception {
        try (KarstServer karst = start();
                RawClient client = TestCertificate.client(karst.address(), TLS_1_2, null)) {
            // A TLS socket that is closed without close_notify throws instead of ending.
            assertEquals("END\r\n", client.send("get a\r\nquit\r\n").rest());
        }
    }

    @Test
    void anIdleClientIsClosed() throws Exception {
        try (KarstServer karst = startWith(server.options(",idle_timeout=1"))) {
            try (RawClient client = TestCertificate.client(karst.address(), TLS_1_3, null)) {
                client.ask("get a", "END");
                assertEquals(-1, readOrEnd(client));
            }
        }
    }

    private static int readOrEnd(RawClient client) {
        try {
            return client.socket().getInputStream().read();
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void whatWasReceivedIsAnsweredAtTheEnd() throws Exception {
        KarstServer karst = start();
        try (RawClient client = TestCertificate.client(karst.address(), TLS_1_3, null)) {
            client.ask("get a", "END");
            client.send("set a 0 0 5\r\n12");
            Thread closing = new Thread(karst::close);
            closing.start();
            assertEquals("", client.rest());
            closing.join();
        }
    }

    @Test
    void wordsInClearEndTheConnectionAndAreCounted() throws Exception {
        try (KarstServer karst = start();
                RawClient inClear = karst.connect()) {
            inClear.send("set a 0 0 1\r\n1\r\n");
            inClear.rest();
            try (RawClient client = TestCertificate.client(karst.address(), TLS_1_3, null)) {
                assertEquals(1, client.stat("ssl_handshake_errors"));
                assertEquals(1, client.stat("malformed_connections"));
                assertEquals(0, client.stat("handler_failures"));
            }
        }
    }

    @Test
    void somebodyWhoOnlyConnectsIsNoError() throws Exception {
        try (KarstServer karst = start()) {
            karst.connect().close();
            try (RawClient client = TestCertificate.client(karst.address(), TLS_1_3, null)) {
                while (client.stat("curr_connections") > 1) {
                    Thread.onSpinWait();
                }
                assertEquals(0, client.stat("ssl_handshake_errors"));
                assertEquals(0, client.stat("handler_failures"));
            }
        }
    }

    @Test
    void tlsOnAPortInClearEndsTheConnection() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64")) {
            assertThrows(IOException.class, () -> TestCertificate.connect(karst.address(), TLS_1_3, null));
            try (RawClient client = karst.connect()) {
                assertEquals(1, client.stat("malformed_connections"));
                assertEquals(0, client.stat("handler_failures"));
                client.ask("refresh_certs", "Error TLS not enabled");
            }
        }
    }

    @Test
    void eachListenerAsksForWhatItsPrefixSays() throws Exception {
        TestCertificate friend = TestCertificate.make(directory, "friend", "EC");
        TestCertificate stranger = TestCertificate.make(directory, "stranger", "EC");
        try (KarstServer karst = startWith(
                server.options(",ssl_ca_cert=" + friend.chain() + ",ssl_verify_mode=2"),
                "-l",
                "127.0.0.1,btls:127.0.0.1,mtls:127.0.0.1,notls:127.0.0.1")) {
            InetSocketAddress[] addresses = karst.appliance().addresses().toArray(InetSocketAddress[]::new);
            assertEquals(4, addresses.length);
            for (String protocol : new String[] {TLS_1_2, TLS_1_3}) {
                for (int i : new int[] {0, 2}) {
                    try (RawClient client = TestCertificate.client(addresses[i], protocol, friend)) {
                        client.ask("get a", "END");
                    }
                    assertThrows(IOException.class, () -> talk(addresses[i], protocol, null));
                    assertThrows(IOException.class, () -> talk(addresses[i], protocol, stranger));
                }
                talk(addresses[1], protocol, null);
            }
            try (RawClient client = RawClient.connect(addresses[3])) {
                client.ask("get a", "END");
                assertEquals(8, client.stat("ssl_handshake_errors"));
                assertEquals(0, client.stat("handler_failures"));
            }
        }
    }

    /** In TLS 1.3 a client hears only after its handshake that its certificate is not good enough. */
    private static void talk(InetSocketAddress address, String protocol, @Nullable TestCertificate own)
            throws Exception {
        try (SSLSocket socket = TestCertificate.connect(address, protocol, own)) {
            socket.getOutputStream().write("get a\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            if (socket.getInputStream().readNBytes(5).length < 5) {
                throw new IOException("closed");
            }
        }
    }

    @Test
    void verifyModeOneAsksAndTakesNoForAnAnswer() throws Exception {
        TestCertificate friend = TestCertificate.make(directory, "friend", "RSA");
        try (KarstServer karst = startWith(server.options(",ssl_ca_cert=" + friend.chain() + ",ssl_verify_mode=1"))) {
            talk(karst.address(), TLS_1_3, null);
            talk(karst.address(), TLS_1_3, friend);
        }
    }

    @Test
    void refreshedCertificatesAreForNewConnections() throws Exception {
        try (KarstServer karst = start();
                RawClient old = TestCertificate.client(karst.address(), TLS_1_3, null)) {
            TestCertificate next = TestCertificate.make(directory, "next", "RSA");
            move(next.chain(), server.chain());
            // The key is still the old one.
            old.send("refresh_certs\r\n");
            assertTrue(old.line().startsWith("Error validating the certificate"));
            Files.writeString(server.key(), "nonsense");
            old.send("refresh_certs\r\n");
            assertEquals("Error loading the key: " + server.key() + ": no private key in it", old.line());
            assertEquals("CN=server", subject(karst));
            move(next.key(), server.key());
            old.ask("refresh_certs", "OK");
            assertEquals("CN=next", subject(karst));
            Files.delete(server.chain());
            karst.appliance().reload();
            assertEquals("CN=next", subject(karst));
            old.ask("get a", "END");
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String subject(KarstServer karst) throws Exception {
        try (SSLSocket socket = TestCertificate.connect(karst.address(), TLS_1_3, null)) {
            return socket.getSession().getPeerPrincipal().getName();
        }
    }

    @Test
    void oneCipherIsTheOnlyOne() throws Exception {
        String only = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        try (KarstServer karst = startWith(server.options(",ssl_ciphers=ECDHE-ECDSA-AES256-GCM-SHA384"))) {
            try (SSLSocket socket = TestCertificate.connect(karst.address(), TLS_1_2, null)) {
                assertEquals(only, socket.getSession().getCipherSuite());
            }
            talk(karst.address(), TLS_1_3, null);
        }
    }

    @Test
    void anOlderTlsThanWantedIsRefused() throws Exception {
        try (KarstServer karst = startWith(server.options(",ssl_min_version=3"))) {
            assertThrows(IOException.class, () -> TestCertificate.connect(karst.address(), TLS_1_2, null));
            talk(karst.address(), TLS_1_3, null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HIGH", "ECDHE-RSA-AES128-GCM-SHA256:NOSUCH"})
    void aCipherThatIsNoneStopsTheStart(String ciphers) {
        IOException refusal = assertThrows(
                IOException.class,
                () -> startWith(server.options(",ssl_ciphers=" + ciphers)).close());
        assertTrue(String.valueOf(refusal.getMessage()).startsWith("Error setting the provided cipher(s): "));
    }

    @Test
    void oneConnectionTooManyIsClosedWithoutWordsInClear() throws Exception {
        try (KarstServer karst = start("-c", "1");
                RawClient first = TestCertificate.client(karst.address(), TLS_1_3, null)) {
            first.ask("get a", "END");
            try (RawClient second = karst.connect()) {
                assertEquals("", second.rest());
            }
            assertEquals(1, first.stat("rejected_connections"));
        }
    }

    @Test
    void loginsGoOverTlsToo() throws Exception {
        Path users = Files.writeString(directory.resolve("users"), "alice:secret\n");
        try (KarstServer karst = start("-Y", users.toString());
                RawClient client = TestCertificate.client(karst.address(), TLS_1_3, null)) {
            client.ask("get aaa", "CLIENT_ERROR unauthenticated");
            client.ask("set x 0 0 12\r\nalice secret", "STORED");
            client.ask("get aaa", "END");
        }
    }
}
