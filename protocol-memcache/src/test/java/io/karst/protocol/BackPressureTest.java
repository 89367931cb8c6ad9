package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that ask faster than they read. */
@Timeout(120)
class BackPressureTest {
    private static final int VALUE_LENGTH = 100_000;
    private static final String VALUE = "x".repeat(VALUE_LENGTH);
    private static final String REPLY = "VALUE big 0 100000\r\n" + VALUE + "\r\n";
    /** High water mark, the buffer being filled, one value, and the input that waits. */
    private static final long MEMORY_MAX = (512 << 10) + 2 * (72 << 10) + 2 * VALUE_LENGTH + (160 << 10);

    private static void store(TestClient client) {
        client.send("set big 0 0 " + VALUE_LENGTH + "\r\n" + VALUE + "\r\n").expect("STORED\r\n");
    }

    @Test
    void clientThatNeverReadsCostsBoundedMemory() {
        try (TestClient client = new TestClient()) {
            store(client);
            client.window(0);
            byte[] gets = "get big\r\n".repeat(2_000).getBytes(StandardCharsets.US_ASCII);
            client.read(gets, 0, gets.length);
            client.burst();
            assertFalse(client.channel().config().isAutoRead());
            assertTrue(client.memoryInUse() < MEMORY_MAX, "memory " + client.memoryInUse());
            assertEquals("conn_mwrite", client.connection.stateName());
            long received = 0;
            while (received < 2_000L * (REPLY.length() + 5)) {
                client.window(70_001);
                assertTrue(client.memoryInUse() < MEMORY_MAX, "memory " + client.memoryInUse());
                received += client.receivedBytes(REPLY + "END\r\n");
            }
            assertEquals(2_000L * (REPLY.length() + 5), received);
            assertTrue(client.channel().config().isAutoRead());
        }
    }

    @Test
    void drainedConnectionAnswersWhatItHasReceivedAndCloses() {
        try (TestClient client = new TestClient()) {
            store(client);
            client.window(0);
            client.send("get big\r\n".repeat(20) + "get bi");
            client.loop.drain();
            assertFalse(client.channel().config().isAutoRead());
            assertTrue(client.isOpen());
            long received = 0;
            for (int i = 0; i < 100 && client.isOpen(); i++) {
                client.window(123_457);
                received += client.receivedBytes(REPLY + "END\r\n");
            }
            assertEquals(20L * (REPLY.length() + 5), received);
            assertFalse(client.isOpen());
        }
    }

    @Test
    void drainedIdleConnectionClosesAtOnce() {
        try (TestClient client = new TestClient()) {
            client.send("get nothing\r\n").expect("END\r\n");
            client.loop.drain();
            assertFalse(client.isOpen());
        }
    }

    @Test
    void multigetOfManyLargeValuesIsResumedInTheMiddle() {
        try (TestClient client = new TestClient()) {
            store(client);
            client.window(0);
            client.send("get" + " big".repeat(300) + " nothing big\r\nget nothing\r\n");
            long expected = 301L * REPLY.length() + 5 + 5;
            StringBuilder received = new StringBuilder();
            while (received.length() < expected) {
                client.window(123_457);
                assertTrue(client.memoryInUse() < MEMORY_MAX, "memory " + client.memoryInUse());
                received.append(client.received());
            }
            assertEquals(REPLY.repeat(301) + "END\r\nEND\r\n", received.toString());
        }
    }

    @Test
    void neighbourDoesNotWaitForTheSlowOne() {
        try (TestClient slow = new TestClient();
                TestClient quick = slow.neighbour()) {
            store(slow);
            slow.window(0);
            slow.send("get big\r\n".repeat(100));
            quick.send("get nothing\r\n").expect("END\r\n");
        }
    }

    @Test
    void slowOnesTogetherMayHoldOnlyTheLoopsShare() {
        ProtocolLimits oneMegabyte = new ProtocolLimits(1 << 20, 20, 1 << 20, 0, 60_000_000_000L, 64L << 20, 0);
        try (TestClient first = new TestClient(oneMegabyte);
                TestClient second = first.neighbour();
                TestClient third = first.neighbour();
                TestClient quick = first.neighbour()) {
            store(quick);
            for (TestClient slow : List.of(second, first, third)) {
                slow.window(0);
                slow.send("get big\r\n".repeat(100));
                first.clock.advance(1_000_000_000L);
            }
            assertEquals(2, first.loop.tick());
            assertFalse(second.isOpen());
            assertFalse(first.isOpen());
            assertTrue(third.isOpen());
            assertEquals(2, first.loop.counters().get(WireCounter.SLOW_READER_KICKS));
            assertEquals(0, first.loop.tick());
            quick.send("get nothing\r\n").expect("END\r\n");
        }
    }

    @Test
    void closedWhileItDoesNotRead() {
        try (TestClient client = new TestClient()) {
            store(client);
            client.window(0);
            client.send("get big\r\n".repeat(100));
            client.disconnect();
            assertFalse(client.isOpen());
        }
    }

    @Test
    void smallRepliesToAClientThatDoesNotReadDoNotTieUpWholeBuffers() {
        try (TestClient client = new TestClient()) {
            client.window(0);
            for (int i = 0; i < 1_000; i++) {
                client.send("get nothing\r\n");
            }
            assertTrue(client.memoryInUse() < 3 * (72 << 10), "memory " + client.memoryInUse());
            client.window(Long.MAX_VALUE);
            client.expect("END\r\n".repeat(1_000));
        }
    }
}
