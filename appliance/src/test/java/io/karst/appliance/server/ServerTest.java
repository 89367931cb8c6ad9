package io.karst.appliance.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.protocol.Access;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.Command;
import io.karst.protocol.CommandHandler;
import io.karst.protocol.LoopContext;
import io.karst.protocol.MapHandler;
import io.karst.protocol.Opcode;
import io.karst.protocol.Progress;
import io.karst.protocol.ProtocolLimits;
import io.karst.protocol.Reply;
import io.karst.protocol.ReplyWriter;
import io.karst.protocol.WireCounter;
import io.karst.protocol.transcript.SocketWitness;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real sockets, and a HashMap behind each loop. */
@Timeout(60)
class ServerTest {
    @TempDir
    Path directory = Path.of(".");

    private static InetSocketAddress loopback(String host) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(host), 0);
    }

    private ServerSettings settings(
            List<InetSocketAddress> addresses, @Nullable Path unixSocket, int maxConnections, Transport transport) {
        return new ServerSettings(
                addresses.stream().map(Listener::inClear).toList(),
                unixSocket,
                0700,
                1024,
                maxConnections,
                true,
                0,
                2,
                transport,
                ProtocolLimits.defaults(),
                Access.OPEN);
    }

    private static Server start(ServerSettings settings) throws IOException, InterruptedException {
        Server server = new Server(settings, loop -> new MapHandler());
        server.bind();
        return server;
    }

    private static List<InetSocketAddress> tcp(Server server) {
        return server.addresses().stream()
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast)
                .toList();
    }

    private static boolean isAvailable(Transport transport) {
        return switch (transport) {
            case EPOLL -> Epoll.isAvailable();
            case IO_URING -> IoUring.isAvailable();
            case NIO -> true;
        };
    }

    private static void say(SocketWitness client, String text) throws IOException {
        client.send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void hear(SocketWitness client, String text) throws IOException {
        assertEquals(text, new String(client.receive(text.length()), StandardCharsets.ISO_8859_1));
    }

    private static SocketWitness connect(InetSocketAddress address) throws IOException {
        return new SocketWitness("karst", address, seconds -> {});
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void answersOverEveryTransport(Transport transport) throws Exception {
        assumeTrue(isAvailable(transport));
        Path unixSocket = directory.resolve("socket");
        try (Server server =
                start(settings(List.of(loopback("127.0.0.1"), loopback("::1")), unixSocket, 10, transport))) {
            for (InetSocketAddress address : tcp(server)) {
                try (SocketWitness client = connect(address)) {
                    say(client, "set a 0 0 1\r\n1\r\nget a\r\n");
                    hear(client, "STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n");
                    say(client, "quit\r\n");
                    assertTrue(client.isClosed());
                }
            }
            assertEquals("PONG", ping(unixSocket));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(unixSocket)));
            assertEquals(3, server.addresses().size());
        }
        assertFalse(Files.exists(unixSocket));
    }

    private static String ping(Path unixSocket) throws IOException {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertTrue(client.connect(UnixDomainSocketAddress.of(unixSocket)));
            client.write(ByteBuffer.wrap("get nothing\r\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(5);
            while (answer.hasRemaining() && client.read(answer) >= 0) {
                // A unix socket may give them one by one.
            }
            return new String(answer.array(), StandardCharsets.US_ASCII).equals("END\r\n") ? "PONG" : "?";
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void valuesOfAMebibyteComeBackByteForByte(Transport transport) throws Exception {
        assumeTrue(isAvailable(transport));
        byte[] value = new byte[1_000_000];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (i * 31 + i / 7);
        }
        try (Server server = start(settings(List.of(loopback("127.0.0.1")), null, 10, transport));
                SocketWitness client = connect(tcp(server).get(0))) {
            say(client, "set big 0 0 1000000\r\n");
            client.send(value);
            say(client, "\r\n");
            hear(client, "STORED\r\n");
            for (int i = 0; i < 20; i++) {
                say(client, "get big\r\n");
            }
            for (int i = 0; i < 20; i++) {
                hear(client, "VALUE big 0 1000000\r\n");
                assertArrayEquals(value, client.receive(value.length));
                hear(client, "\r\nEND\r\n");
            }
        }
    }

    @Test
    void halfClosedClientHearsEveryAnswer() throws Exception {
        try (Server server = start(settings(List.of(loopback("127.0.0.1")), null, 10, Transport.preferred()));
                Socket client = new Socket()) {
            client.connect(tcp(server).get(0));
            client.getOutputStream().write("incr a 1\r\n".repeat(500).getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            String answers = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertEquals("NOT_FOUND\r\n".repeat(500), answers);
        }
    }

    @Test
    void oneConnectionTooManyIsToldSo() throws Exception {
        try (Server server = start(settings(List.of(loopback("127.0.0.1")), null, 3, Transport.preferred()))) {
            InetSocketAddress address = tcp(server).get(0);
            List<SocketWitness> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                SocketWitness client = connect(address);
                clients.add(client);
                say(client, "get a\r\n");
                hear(client, "END\r\n");
            }
            try (SocketWitness oneTooMany = connect(address)) {
                hear(oneTooMany, "ERROR Too many open connections\r\n");
                assertTrue(oneTooMany.isClosed());
            }
            assertEquals(1, server.rejectedConnections());
            say(clients.get(0), "quit\r\n");
            assertTrue(clients.get(0).isClosed());
            try (SocketWitness client = connectWhenAllowed(address)) {
                say(client, "get a\r\n");
                hear(client, "END\r\n");
            }
            for (SocketWitness client : clients) {
                client.close();
            }
        }
    }

    /** The place of one who left is free once his loop noticed. */
    private static SocketWitness connectWhenAllowed(InetSocketAddress address) throws IOException {
        while (true) {
            SocketWitness client = connect(address);
            say(client, "touch x 1\r\n");
            if (new String(client.receive("NOT_FOUND\r\n".length()), StandardCharsets.US_ASCII)
                    .equals("NOT_FOUND\r\n")) {
                return client;
            }
            client.close();
        }
    }

    @Test
    void connectionsGoRoundRobinOverTheLoops() throws Exception {
        try (Server server = start(settings(List.of(loopback("127.0.0.1")), null, 10, Transport.preferred()))) {
            List<SocketWitness> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                SocketWitness client = connect(tcp(server).get(0));
                clients.add(client);
                say(client, "get a\r\n");
                hear(client, "END\r\n");
            }
            for (LoopContext loop : server.loops()) {
                assertEquals(2, loop.counters().get(WireCounter.CURR_CONNECTIONS));
            }
            for (SocketWitness client : clients) {
                client.close();
            }
        }
    }

    /** Netty would run the producer's tasks for a second at a time: a hundred gets would take a hundred seconds. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void producerWithoutEndLeavesTheNetworkItsTurn(Transport transport) throws Exception {
        assumeTrue(isAvailable(transport));
        ServerSettings settings = new ServerSettings(
                List.of(Listener.inClear(loopback("127.0.0.1"))),
                null,
                0700,
                16,
                10,
                true,
                0,
                1,
                transport,
                ProtocolLimits.defaults(),
                Access.OPEN);
        try (Server server = new Server(settings, loop -> new EndlessHandler())) {
            server.bind();
            try (SocketWitness endless = connect(tcp(server).get(0));
                    SocketWitness client = connect(tcp(server).get(0))) {
                say(endless, "stats\r\n");
                hear(endless, "END\r\n");
                for (int i = 0; i < 100; i++) {
                    say(client, "version\r\n");
                    hear(client, "OK\r\n");
                }
            }
        }
    }

    /** {@code stats} says END and goes on for ever in silence. */
    private static final class EndlessHandler implements CommandHandler {
        @Override
        public Progress execute(Command command, ReplyWriter replies, ClientConnection connection) {
            if (command.opcode() != Opcode.STATS) {
                replies.line(Reply.OK);
                return Progress.DONE;
            }
            replies.line(Reply.END);
            connection.produce(ignored -> true);
            return Progress.PRODUCING;
        }

        @Override
        public void tooLarge(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}

        @Override
        public void outOfBudget(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}
    }

    @Test
    void portInUseIsRefusedByName() throws Exception {
        try (Server first = start(settings(List.of(loopback("127.0.0.1")), null, 10, Transport.preferred()));
                Server second =
                        new Server(settings(tcp(first), null, 10, Transport.preferred()), loop -> new MapHandler())) {
            String message =
                    String.valueOf(assertThrows(IOException.class, second::bind).getMessage());
            assertTrue(message.contains(String.valueOf(tcp(first).get(0).getPort())), message);
            assertTrue(message.contains("Address already in use"), message);
        }
    }

    @Test
    void closingLetsConnectionsHearWhatTheyAreOwed() throws Exception {
        Server server = start(settings(List.of(loopback("127.0.0.1")), null, 10, Transport.preferred()));
        try (SocketWitness client = connect(tcp(server).get(0))) {
            say(client, "get a\r\n");
            hear(client, "END\r\n");
            server.close();
            assertTrue(client.isClosed());
        }
    }
}
