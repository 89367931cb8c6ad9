package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logins by {@code set}, in pieces of any size. */
@Timeout(60)
class TextLoginTest {
    private static final String CONVERSATION = crlf("""
            get aaa
            set x 0 0 5
            alice
            set k 0 0 12
            alice secret
            set a 0 0 1
            1
            get a
            """);
    private static final String ANSWERS = crlf("""
            CLIENT_ERROR unauthenticated
            CLIENT_ERROR bad authentication token format
            STORED
            STORED
            VALUE a 0 1
            1
            END
            """);

    private static String crlf(String lines) {
        return lines.replace("\n", "\r\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static TestClient client() {
        return new TestClient(new Access(
                null,
                (user, password) -> Arrays.equals(user, bytes("alice")) && Arrays.equals(password, bytes("secret"))));
    }

    @Test
    void everySplitPointIsTheSame() {
        for (int split = 0; split <= CONVERSATION.length(); split++) {
            try (TestClient client = client()) {
                client.send(CONVERSATION.substring(0, split))
                        .send(CONVERSATION.substring(split))
                        .expect(ANSWERS);
            }
        }
    }

    @Test
    void aRefusalIsHeldBackAndWhatFollowsWaitsForIt() {
        try (TestClient client = client()) {
            client.send("set k 0 0 11\r\nalice wrong\r\n" + CONVERSATION).expect("");
            assertEquals("conn_io_queue", client.connection.stateName());
            client.channel().advanceTimeBy(Access.delayMillis(1), TimeUnit.MILLISECONDS);
            client.channel().runScheduledPendingTasks();
            client.channel().runPendingTasks();
            client.expect("CLIENT_ERROR authentication failure\r\n" + ANSWERS);
            assertEquals(2, client.loop.counters().get(WireCounter.AUTH_CMDS));
            assertEquals(1, client.loop.counters().get(WireCounter.AUTH_ERRORS));
        }
    }

    @Test
    void aClientThatLeavesBeforeItsRefusalIsGone() {
        try (TestClient client = client()) {
            client.send("set k 0 0 11\r\nalice wrong\r\n");
            client.disconnect();
            client.channel().advanceTimeBy(Access.delayMillis(1), TimeUnit.MILLISECONDS);
            client.channel().runScheduledPendingTasks();
            assertEquals(0, client.loop.counters().get(WireCounter.HANDLER_FAILURES));
        }
    }

    @Test
    void noRandomBytesLogIn() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        String[] words = {"set ", "x ", "0 ", "12", "\r\n", "alice ", "secre", "\n", " ", "4294967296", "\0", "noreply"
        };
        for (int round = 0; round < 2_000; round++) {
            try (TestClient client = client()) {
                for (int i = random.nextInt(30); i > 0; i--) {
                    client.send(words[random.nextInt(words.length)]);
                }
                assertEquals(0, client.loop.counters().get(WireCounter.HANDLER_FAILURES), () -> "seed " + seed);
                assertEquals(0, client.map().commands, () -> "seed " + seed);
            }
        }
    }
}
