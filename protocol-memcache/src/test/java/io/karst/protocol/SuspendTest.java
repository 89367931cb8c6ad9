package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands whose answer comes from elsewhere. {@code watch} suspends in the test's handler. */
@Timeout(60)
class SuspendTest {

    private static ClientConnection suspended(TestClient client) {
        return java.util.Objects.requireNonNull(client.map().suspended);
    }

    private static Continuation answer(String line) {
        return (replies, connection) -> {
            replies.textLine(line);
            return Progress.DONE;
        };
    }

    @Test
    void nothingIsParsedUntilTheAnswerCame() throws InterruptedException {
        try (TestClient client = new TestClient()) {
            client.send("get a\r\nwatch\r\nset a 0 0 1\r\n1\r\nget a\r\n").expect("END\r\n");
            assertEquals(2, client.map().commands);
            assertEquals("conn_io_queue", client.connection.stateName());
            client.send("get a\r\n").expect("");
            Thread elsewhere = new Thread(() -> suspended(client).resume(answer("ANSWER")));
            elsewhere.start();
            elsewhere.join();
            client.expect("");
            client.channel().runPendingTasks();
            client.expect("ANSWER\r\nSTORED\r\nVALUE a 0 1\r\n1\r\nEND\r\nVALUE a 0 1\r\n1\r\nEND\r\n");
            assertEquals(1, client.loop.counters().get(WireCounter.SUSPENDED_COMMANDS));
        }
    }

    @Test
    void neighboursGoOnMeanwhile() {
        try (TestClient client = new TestClient();
                TestClient neighbour = client.neighbour()) {
            client.send("watch\r\nget a\r\n");
            neighbour.send("get a\r\n").expect("END\r\n");
            suspended(client).resume(answer("ANSWER"));
            client.channel().runPendingTasks();
            client.expect("ANSWER\r\nEND\r\n");
        }
    }

    @Test
    void mayBeSuspendedAgainAndMayAskForRoom() {
        try (TestClient client = new TestClient()) {
            client.send("watch\r\nget a\r\n");
            List<Integer> calls = new ArrayList<>();
            suspended(client).resume((replies, connection) -> {
                replies.textLine("first");
                connection.resume((more, same) -> {
                    calls.add(1);
                    if (calls.size() < 3) {
                        return Progress.MORE;
                    }
                    more.textLine("second");
                    return Progress.DONE;
                });
                return Progress.SUSPENDED;
            });
            client.channel().runPendingTasks();
            client.expect("first\r\nsecond\r\nEND\r\n");
            assertEquals(3, calls.size());
        }
    }

    @Test
    void answerForAClosedConnectionIsAbandoned() {
        try (TestClient client = new TestClient()) {
            client.send("watch\r\n");
            ClientConnection connection = suspended(client);
            client.disconnect();
            AtomicBoolean isAbandoned = new AtomicBoolean();
            connection.resume(new Continuation() {
                @Override
                public Progress proceed(ReplyWriter replies, ClientConnection same) {
                    throw new AssertionError("proceeded on a closed connection");
                }

                @Override
                public void abandoned() {
                    isAbandoned.set(true);
                }
            });
            client.channel().runPendingTasks();
            assertTrue(isAbandoned.get());
        }
    }

    @Test
    void noreplySilencesTheLateAnswerToo() {
        CommandHandler handler = new SuspendingHandler();
        try (TestClient client = new TestClient(ProtocolLimits.defaults(), handler)) {
            client.send("delete a noreply\r\ndelete a\r\n");
            client.channel().runPendingTasks();
            client.expect("DELETED\r\n");
        }
    }

    /** Suspends everything, and answers before execute returns. */
    private static final class SuspendingHandler implements CommandHandler {
        @Override
        public Progress execute(Command command, ReplyWriter replies, ClientConnection connection) {
            assertNotNull(connection.loop());
            connection.resume((late, same) -> {
                late.line(Reply.DELETED);
                return Progress.DONE;
            });
            return Progress.SUSPENDED;
        }

        @Override
        public void tooLarge(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}

        @Override
        public void outOfBudget(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}
    }
}
