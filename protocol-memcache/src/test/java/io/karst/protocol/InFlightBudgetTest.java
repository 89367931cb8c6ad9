package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Half-received values, budgeted per loop. */
@Timeout(60)
class InFlightBudgetTest {
    private static final ProtocolLimits LIMITS = new ProtocolLimits(1 << 20, 20, 250_000, 0, 0, 1 << 26, 0);

    @Test
    void valueBeyondTheBudgetIsRefusedAndSwallowed() {
        try (TestClient first = new TestClient(LIMITS);
                TestClient second = first.neighbour();
                TestClient third = first.neighbour()) {
            third.send("set c 0 0 1\r\n1\r\n").expect("STORED\r\n");
            first.send("set a 0 0 100000\r\nx");
            second.send("set b 0 0 100000\r\nx");
            third.send("set c 0 0 100000\r\nx").expect("SERVER_ERROR out of memory storing object\r\n");
            third.send("x".repeat(99_999) + "\r\nget c\r\n").expect("END\r\n");
            assertEquals(1, first.map().outOfBudget);
            assertEquals(1, first.loop.counters().get(WireCounter.IN_FLIGHT_REFUSED));
            first.send("x".repeat(99_999) + "\r\n").expect("STORED\r\n");
            third.send("set c 0 0 100000\r\n" + "x".repeat(100_000) + "\r\n").expect("STORED\r\n");
            second.disconnect();
            assertEquals(0, first.loop.counters().get(WireCounter.IN_FLIGHT_BYTES));
        }
    }

    @Test
    void valueThatIsAllThereNeedsNoBudget() {
        try (TestClient client = new TestClient(new ProtocolLimits(1 << 20, 20, 10, 0, 0, 1 << 26, 0))) {
            client.send("set a 0 0 1000\r\n" + "x".repeat(1_000) + "\r\n").expect("STORED\r\n");
        }
    }

    @Test
    void noreplyIsSilentAboutTheRefusal() {
        try (TestClient client = new TestClient(LIMITS)) {
            client.send("set a 0 0 300000 noreply\r\nx").expect("");
            client.send("x".repeat(299_999) + "\r\nget a\r\n").expect("END\r\n");
        }
    }
}
