package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that keep others waiting, on a clock that only the test moves. */
@Timeout(60)
class DeadlineTest {
    private static long count(TestClient client, WireCounter counter) {
        return client.loop.counters().get(counter);
    }

    private static void pass(TestClient client, int seconds) {
        client.advance(seconds);
        client.loop.tick();
    }

    @Test
    void halfALineIsCutOff() {
        try (TestClient client = new TestClient()) {
            client.send("get a");
            pass(client, 29);
            assertTrue(client.isOpen());
            client.send("b");
            pass(client, 1);
            assertFalse(client.isOpen());
            assertEquals(1, count(client, WireCounter.PARTIAL_KICKS));
        }
    }

    @Test
    void halfABinaryRequestIsCutOff() {
        for (String half : List.of(
                "\u0080\u0000\u0000",
                "\u0080\u0000\u0000\u0005" + "\u0000".repeat(7) + "\u0005" + "\u0000".repeat(12) + "ab")) {
            try (TestClient client = new TestClient()) {
                client.send(half);
                pass(client, 29);
                assertTrue(client.isOpen());
                pass(client, 1);
                assertFalse(client.isOpen());
                assertEquals(1, count(client, WireCounter.PARTIAL_KICKS));
            }
        }
    }

    @Test
    void clientThatIsIdleBetweenCommandsStays() {
        try (TestClient client = new TestClient()) {
            client.send("get a\r\n").expect("END\r\n");
            pass(client, 100_000);
            client.send("get a\r\n").expect("END\r\n");
        }
    }

    @Test
    void everyCompleteCommandStartsTheDeadlineAnew() {
        try (TestClient client = new TestClient()) {
            client.send("get a");
            for (int i = 0; i < 10; i++) {
                pass(client, 20);
                client.send("\r\nget a").expect("END\r\n");
            }
            assertTrue(client.isOpen());
        }
    }

    @Test
    void longValuesHaveLonger() {
        try (TestClient client = new TestClient()) {
            client.send("set a 0 0 655360\r\nxxx");
            pass(client, 39);
            assertTrue(client.isOpen());
            pass(client, 2);
            assertFalse(client.isOpen());
            assertEquals(0, count(client, WireCounter.IN_FLIGHT_BYTES));
        }
    }

    @Test
    void valueThatIsSwallowedHasADeadlineToo() {
        try (TestClient client = new TestClient()) {
            client.send("set a 0 0 1048576\r\nxxx").expect("SERVER_ERROR object too large for cache\r\n");
            pass(client, 50);
            assertFalse(client.isOpen());
        }
    }

    @Test
    void clientThatDoesNotReadForAMinuteIsCutOff() {
        try (TestClient client = new TestClient()) {
            client.send("set big 0 0 900000\r\n" + "x".repeat(900_000) + "\r\n").expect("STORED\r\n");
            client.window(0);
            client.send("get big\r\nget big\r\n");
            pass(client, 59);
            assertTrue(client.isOpen());
            pass(client, 1);
            assertFalse(client.isOpen());
            assertEquals(1, count(client, WireCounter.SLOW_READER_KICKS));
        }
    }

    @Test
    void readingInTimeSavesIt() {
        try (TestClient client = new TestClient()) {
            client.send("set big 0 0 900000\r\n" + "x".repeat(900_000) + "\r\n").expect("STORED\r\n");
            client.window(0);
            client.send("get big\r\nget big\r\n");
            pass(client, 59);
            client.window(Long.MAX_VALUE);
            pass(client, 59);
            assertTrue(client.isOpen());
        }
    }

    @Test
    void idleTimeoutKicks() {
        ProtocolLimits limits = ProtocolLimits.defaults();
        ProtocolLimits withIdle = new ProtocolLimits(
                limits.itemSizeMax(),
                limits.requestsPerEvent(),
                limits.inFlightBudget(),
                limits.partialCommandNs(),
                limits.slowReaderNs(),
                limits.slowReaderBytes(),
                10_000_000_000L);
        try (TestClient client = new TestClient(withIdle);
                TestClient busy = client.neighbour()) {
            client.send("get a\r\n");
            pass(client, 9);
            busy.send("get a\r\n");
            pass(client, 1);
            assertFalse(client.isOpen());
            assertTrue(busy.isOpen());
            assertEquals(1, count(client, WireCounter.IDLE_KICKS));
            assertEquals(1, count(client, WireCounter.CURR_CONNECTIONS));
        }
    }
}
