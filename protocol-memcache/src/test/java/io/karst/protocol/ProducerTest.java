package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers of a hundred thousand lines. */
@Timeout(60)
class ProducerTest {
    private static final int LINE_COUNT = 100_000;
    private static final String LINE = "key=some exp=-1 la=0 cas=1 fetch=no cls=1 size=60 flags=0 \n";

    /** Produces lines, at most a hundred per turn; answers everything else with END. */
    private static final class DumpHandler implements CommandHandler {
        int turns;
        int closes;

        @Override
        public Progress execute(Command command, ReplyWriter replies, ClientConnection connection) {
            if (command.opcode() != Opcode.LRU_CRAWLER) {
                replies.line(Reply.END);
                return Progress.DONE;
            }
            connection.produce(new ReplyProducer() {
                private int produced;

                @Override
                public boolean produce(ReplyWriter to) {
                    turns++;
                    for (int i = 0; i < 100 && produced < LINE_COUNT && to.makeRoom(LINE.length() + 8); i++) {
                        to.text(LINE);
                        produced++;
                    }
                    return produced < LINE_COUNT;
                }

                @Override
                public void close() {
                    closes++;
                }
            });
            return Progress.PRODUCING;
        }

        @Override
        public void tooLarge(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}

        @Override
        public void outOfBudget(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}
    }

    @Test
    void comesInPiecesAndInOrder() {
        DumpHandler handler = new DumpHandler();
        try (TestClient client = new TestClient(ProtocolLimits.defaults(), handler)) {
            client.send("get a\r\nlru_crawler metadump all\r\nget b\r\n");
            assertEquals("END\r\n" + LINE.repeat(LINE_COUNT) + "END\r\n", client.received());
            assertEquals(LINE_COUNT / 100, handler.turns);
            assertEquals(1, handler.closes);
        }
    }

    @Test
    void waitsForASlowReaderWithBoundedMemory() {
        DumpHandler handler = new DumpHandler();
        try (TestClient client = new TestClient(ProtocolLimits.defaults(), handler)) {
            client.window(0);
            client.send("lru_crawler metadump all\r\nget b\r\n");
            assertTrue(client.memoryInUse() < 1 << 20, "memory " + client.memoryInUse());
            int turns = handler.turns;
            client.channel().runPendingTasks();
            assertEquals(turns, handler.turns);
            StringBuilder received = new StringBuilder();
            long expected = (long) LINE_COUNT * LINE.length() + 5;
            while (received.length() < expected) {
                client.window(300_001);
                assertTrue(client.memoryInUse() < 1 << 20, "memory " + client.memoryInUse());
                received.append(client.received());
            }
            assertEquals(LINE.repeat(LINE_COUNT) + "END\r\n", received.toString());
            assertEquals(1, handler.closes);
        }
    }

    @Test
    void isClosedWithItsConnection() {
        DumpHandler handler = new DumpHandler();
        try (TestClient client = new TestClient(ProtocolLimits.defaults(), handler)) {
            client.window(0);
            client.send("lru_crawler metadump all\r\n");
            assertEquals(0, handler.closes);
            client.disconnect();
            assertFalse(client.isOpen());
            assertEquals(1, handler.closes);
        }
        assertEquals(1, handler.closes);
    }
}
