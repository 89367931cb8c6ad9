package io.karst.appliance.server;

import static io.karst.appliance.fixture.BinaryClient.packet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code -U}: memcached over datagrams. */
@Timeout(60)
class UdpTest {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int ID = 0x1234;

    private static KarstServer server;
    private DatagramSocket socket;

    @BeforeAll
    static void start() throws IOException {
        server = KarstServer.start("-m", "64", "-U", "-1");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        socket = new DatagramSocket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect((InetSocketAddress) server.appliance().udpAddresses().get(0));
    }

    @AfterEach
    void close() {
        socket.close();
    }

    private static byte[] datagram(int id, int sequence, int total, byte[] payload) {
        return ByteBuffer.allocate(8 + payload.length)
                .putShort((short) id)
                .putShort((short) sequence)
                .putShort((short) total)
                .putShort((short) 0)
                .put(payload)
                .array();
    }

    private void send(String text) throws IOException {
        send(datagram(ID, 0, 1, text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void send(byte[] datagram) throws IOException {
        socket.send(new DatagramPacket(datagram, datagram.length));
    }

    /** The whole reply, put together from its datagrams. */
    private String reply() throws IOException {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        int total = 1;
        for (int i = 0; i < total; i++) {
            DatagramPacket packet = new DatagramPacket(new byte[70_000], 70_000);
            socket.receive(packet);
            assertTrue(packet.getLength() <= 1400, "length " + packet.getLength());
            ByteBuffer bytes = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
            assertEquals(ID, bytes.getShort());
            assertEquals(i, bytes.getShort());
            total = bytes.getShort();
            assertEquals(0, bytes.getShort());
            reply.write(packet.getData(), 8, packet.getLength() - 8);
        }
        return reply.toString(StandardCharsets.ISO_8859_1);
    }

    private String ask(String text) throws IOException {
        send(text);
        return reply();
    }

    @Test
    void textAndMetaAndBinary() throws IOException {
        assertEquals("STORED\r\n", ask("set a 5 0 3\r\nabc\r\n"));
        assertEquals("VALUE a 5 3\r\nabc\r\nEND\r\nVA 3 f5\r\nabc\r\n", ask("get a\r\nmg a v f\r\n"));
        assertEquals("", ask("set a 0 0 1 noreply\r\nx\r\nversion\r\n").replaceAll("VERSION .*\r\n", ""));
        send(datagram(ID, 0, 1, packet(0x00, 9, 0, "", "a", "")));
        String answer = reply();
        assertEquals(24 + 4 + 1, answer.length());
        assertEquals('\u0081', answer.charAt(0));
        try (RawClient client = server.connect()) {
            client.ask("get a", "VALUE a 0 1").expect("x\r\nEND\r\n");
        }
    }

    @Test
    void longReplyComesInSeveralDatagrams() throws IOException {
        assertTrue(ask("stats\r\n").endsWith("END\r\n"));
        assertEquals("STORED\r\n", ask("set big 0 0 1000\r\n" + "b".repeat(1000) + "\r\n"));
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            expected.append("VALUE big 0 1000\r\n").append("b".repeat(1000)).append("\r\n");
        }
        assertEquals(expected + "END\r\n", ask("get" + " big".repeat(100) + "\r\n"));
    }

    @Test
    void whatIsNoWholeRequestIsDropped() throws IOException {
        send(new byte[3]);
        send(datagram(ID, 0, 1, new byte[0]));
        send(datagram(ID, 0, 2, "get a\r\n".getBytes(StandardCharsets.US_ASCII)));
        send(datagram(ID, 1, 1, "get a\r\n".getBytes(StandardCharsets.US_ASCII)));
        send("get a");
        send("set a 0 0 100\r\nabc");
        send("set a 0 0 2000000000\r\nabc");
        send("GET / HTTP/1.1\r\n");
        send("\u0080\0\0");
        assertEquals("MN\r\n", ask("mn\r\n"), "nothing came of the others");
        try (RawClient client = server.connect()) {
            assertTrue(client.stat("malformed_datagrams") >= 4);
        }
    }

    @Test
    void replyThatIsTooLongIsNotSentInPart() throws IOException {
        send("stats\r\n".repeat(8000));
        assertEquals("MN\r\n", ask("mn\r\n"), "nothing came of the other");
    }

    @Test
    void whatNeedsAConnectionIsRefused() throws IOException {
        assertEquals("SERVER_ERROR not available over UDP\r\n", ask("stats conns\r\n"));
        assertEquals("SERVER_ERROR not available over UDP\r\n", ask("stats cachedump 1 10\r\n"));
        assertEquals("CLIENT_ERROR bad command line format\r\n", ask("set a b c d\r\n"));
    }

    @Test
    void itIsOffByDefault() throws IOException {
        try (KarstServer plain = KarstServer.start("-m", "64")) {
            assertTrue(plain.appliance().udpAddresses().isEmpty());
            try (DatagramSocket stranger = new DatagramSocket()) {
                stranger.setSoTimeout(200);
                stranger.connect(plain.address());
                byte[] request = datagram(1, 0, 1, "version\r\n".getBytes(StandardCharsets.US_ASCII));
                stranger.send(new DatagramPacket(request, request.length));
                org.junit.jupiter.api.Assertions.assertThrows(
                        IOException.class, () -> stranger.receive(new DatagramPacket(new byte[100], 100)));
            }
        }
    }
}
