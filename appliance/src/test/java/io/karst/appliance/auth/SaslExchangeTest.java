package io.karst.appliance.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.server.Listener;
import io.karst.appliance.server.Server;
import io.karst.appliance.server.ServerSettings;
import io.karst.appliance.server.Transport;
import io.karst.protocol.Access;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.Command;
import io.karst.protocol.CommandHandler;
import io.karst.protocol.Progress;
import io.karst.protocol.ProtocolLimits;
import io.karst.protocol.ReplyWriter;
import io.karst.protocol.SaslExchange;
import io.karst.protocol.SaslOutcome;
import io.karst.protocol.SaslReply;
import io.karst.protocol.WireCounter;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Logins over real sockets and loops. A handler of the test lets text stand in for the binary protocol: {@code set PLAIN}
 * starts a login with the value as its first message, {@code set step} goes on with it.
 */
@Timeout(60)
class SaslExchangeTest {
    @TempDir
    Path directory;

    private Path file;
    private SaslAuthenticator authenticator;
    private Server server;

    @BeforeEach
    void start() throws IOException {
        file = directory.resolve("users");
        put("tim", "tanstaaftanstaaf");
        authenticator = SaslAuthenticator.open(file);
        ServerSettings settings = new ServerSettings(
                List.of(Listener.inClear(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
                null,
                0700,
                16,
                16,
                true,
                0,
                1,
                Transport.preferred(),
                ProtocolLimits.defaults(),
                Access.OPEN);
        server = new Server(settings, loop -> new LoginHandler(authenticator));
        server.bind();
    }

    @AfterEach
    void stop() {
        server.close();
        authenticator.close();
    }

    private void put(String name, String password) throws IOException {
        new UsersFile(file).put(name, ScramSecret.of(password.getBytes(StandardCharsets.UTF_8)));
    }

    private RawClient connect() throws IOException {
        return RawClient.connect((InetSocketAddress) server.addresses().get(0));
    }

    private static RawClient send(RawClient client, String name, String message) throws IOException {
        return client.send("set " + name + " 0 0 " + message.length() + "\r\n" + message + "\r\n");
    }

    private long count(WireCounter counter) {
        return server.loops().get(0).counters().get(counter);
    }

    @Test
    void offersBoth() {
        assertEquals("PLAIN SCRAM-SHA-256", authenticator.mechanisms());
    }

    @Test
    void plainAtOnceAndInTwoSteps() throws IOException {
        try (RawClient client = connect()) {
            send(client, "PLAIN", "\0tim\0tanstaaftanstaaf").expect("SUCCESS Authenticated\r\n");
            send(client, "PLAIN", "").expect("CONTINUE \r\n");
            client.ask("get a", "no");
            send(client, "step", "\0tim\0tanstaaftanstaaf").expect("SUCCESS Authenticated\r\n");
            client.ask("get a", "yes");
        }
        assertEquals(2, count(WireCounter.AUTH_CMDS));
        assertEquals(0, count(WireCounter.AUTH_ERRORS));
    }

    @Test
    void whatIsPipelinedBehindALoginWaitsForIt() throws IOException {
        try (RawClient client = connect()) {
            client.send("get a\r\nset PLAIN 0 0 21\r\n\0tim\0tanstaaftanstaaf\r\nget a\r\n")
                    .expect("no\r\nSUCCESS Authenticated\r\nyes\r\n");
        }
    }

    @Test
    void aBadLoginRevokesAGoodOne() throws IOException {
        try (RawClient client = connect()) {
            send(client, "PLAIN", "\0tim\0tanstaaftanstaaf").expect("SUCCESS Authenticated\r\n");
            send(client, "PLAIN", "\0tim\0wrong").expect("FAILURE \r\n");
            client.ask("get a", "no");
        }
    }

    @Test
    void aStrayStepRevokesAGoodLogin() throws IOException {
        try (RawClient client = connect()) {
            send(client, "PLAIN", "\0tim\0tanstaaftanstaaf").expect("SUCCESS Authenticated\r\n");
            send(client, "step", "\0tim\0tanstaaftanstaaf").expect("FAILURE \r\n");
            client.ask("get a", "no");
        }
    }

    @Test
    void unknownMechanismsUsersAndStrayStepsFail() throws IOException {
        try (RawClient client = connect()) {
            send(client, "CRAM-MD5", "").expect("FAILURE \r\n");
            send(client, "PLAIN", "\0nobody\0tanstaaftanstaaf").expect("FAILURE \r\n");
            send(client, "step", "\0tim\0tanstaaftanstaaf").expect("FAILURE \r\n");
            send(client, "PLAIN", "x".repeat(5000)).expect("FAILURE \r\n");
            send(client, "PLAIN", "\0tim\0tanstaaftanstaaf").expect("SUCCESS Authenticated\r\n");
        }
        assertEquals(5, count(WireCounter.AUTH_CMDS));
        assertEquals(4, count(WireCounter.AUTH_ERRORS));
    }

    @Test
    void theFifthFailureIsTheLast() throws IOException {
        try (RawClient client = connect()) {
            for (int i = 0; i < 5; i++) {
                send(client, "PLAIN", "\0tim\0wrong" + i);
            }
            send(client, "PLAIN", "\0tim\0tanstaaftanstaaf");
            assertEquals("FAILURE \r\n".repeat(5), client.rest());
        }
    }

    @Test
    void scramBothWays() throws IOException {
        try (RawClient client = connect()) {
            ScramClient scram = new ScramClient("tim", "tanstaaftanstaaf", "fyko+d2lbbFgONRv9qkxdawL");
            send(client, "SCRAM-SHA-256", scram.first());
            String clientFinal = scram.answer(client.line().replace("CONTINUE ", ""));
            client.ask("get a", "no");
            send(client, "step", clientFinal);
            assertEquals("SUCCESS " + scram.serverFinal(), client.line());
            client.ask("get a", "yes");
            send(client, "SCRAM-SHA-256", "").expect("CONTINUE \r\n");
            send(client, "step", scram.first());
            send(client, "step", scram.answer(client.line().replace("CONTINUE ", "")));
            assertEquals("SUCCESS " + scram.serverFinal(), client.line());
        }
    }

    @Test
    void scramWithTheWrongPasswordFails() throws IOException {
        try (RawClient client = connect()) {
            ScramClient scram = new ScramClient("tim", "wrong", "fyko+d2lbbFgONRv9qkxdawL");
            send(client, "SCRAM-SHA-256", scram.first());
            send(client, "step", scram.answer(client.line().replace("CONTINUE ", "")));
            client.expect("FAILURE \r\n");
            send(client, "step", "c=biws").expect("FAILURE \r\n");
        }
    }

    @Test
    void aNewPasswordIsFoundWithoutAskingForIt() throws IOException {
        put("tim", "changed");
        String answer = "FAILURE ";
        while (answer.equals("FAILURE ")) {
            try (RawClient client = connect()) {
                send(client, "PLAIN", "\0tim\0changed");
                answer = client.line();
            }
        }
        assertEquals("SUCCESS Authenticated", answer);
    }

    @Test
    void aClientThatLeavesWhileItsPasswordIsHashedDoesNoHarm() throws IOException {
        for (int i = 0; i < 10; i++) {
            try (RawClient client = connect()) {
                send(client, "PLAIN", "\0tim\0wrong");
            }
        }
        try (RawClient client = connect()) {
            send(client, "PLAIN", "\0tim\0tanstaaftanstaaf").expect("SUCCESS Authenticated\r\n");
        }
        assertEquals(0, count(WireCounter.HANDLER_FAILURES));
        assertTrue(count(WireCounter.AUTH_CMDS) >= 1);
    }

    /** Speaks text instead of binary. */
    private static final class LoginHandler implements CommandHandler, SaslReply {
        private final Map<ClientConnection, SaslExchange> exchanges = new ConcurrentHashMap<>();
        private final SaslAuthenticator authenticator;

        LoginHandler(SaslAuthenticator authenticator) {
            this.authenticator = authenticator;
        }

        @Override
        public Progress execute(Command command, ReplyWriter replies, ClientConnection connection) {
            SaslExchange exchange = exchanges.computeIfAbsent(connection, any -> authenticator.newExchange());
            if (command.opcode().isRetrieval()) {
                replies.textLine(exchange.isAuthenticated() ? "yes" : "no");
                return Progress.DONE;
            }
            String name = new String(bytes(command.keyAddress(0), command.keyLength(0)), StandardCharsets.ISO_8859_1);
            byte[] message = bytes(command.valueAddress(), command.valueLength());
            return name.equals("step")
                    ? exchange.step(message, replies, connection, this)
                    : exchange.start(name, message, replies, connection, this);
        }

        private static byte[] bytes(long address, int length) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = PlatformDependent.getByte(address + i);
            }
            return bytes;
        }

        @Override
        public void answer(SaslOutcome outcome, ReplyWriter replies, ClientConnection connection) {
            replies.textLine(outcome.status() + " " + new String(outcome.data(), StandardCharsets.UTF_8));
        }

        @Override
        public void tooLarge(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}

        @Override
        public void outOfBudget(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}
    }

    /** The other side, written from the RFC's formulas. */
    private static final class ScramClient {
        private final String name;
        private final String password;
        private final String nonce;
        private String serverFinal = "";

        ScramClient(String name, String password, String nonce) {
            this.name = name;
            this.password = password;
            this.nonce = nonce;
        }

        String first() {
            return "n,," + bare();
        }

        private String bare() {
            return "n=" + name + ",r=" + nonce;
        }

        String answer(String serverFirst) {
            String[] parts = serverFirst.split(",");
            byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
            byte[] salted = Hashes.pbkdf2(bytes(password), salt, Integer.parseInt(parts[2].substring(2)));
            byte[] clientKey = Hashes.hmac(salted, bytes("Client Key"));
            String withoutProof = "c=biws," + parts[0];
            byte[] authMessage = bytes(bare() + "," + serverFirst + "," + withoutProof);
            serverFinal = "v="
                    + Base64.getEncoder()
                            .encodeToString(Hashes.hmac(Hashes.hmac(salted, bytes("Server Key")), authMessage));
            Hashes.xor(clientKey, Hashes.hmac(Hashes.sha256(clientKey), authMessage));
            return withoutProof + ",p=" + Base64.getEncoder().encodeToString(clientKey);
        }

        String serverFinal() {
            return serverFinal;
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }
}
