package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code -R}: after so many requests the other connections get their turn. */
@Timeout(60)
class YieldTest {

    @Test
    void burstStopsAfterItsRequestsAndGoesOnInTheNextTurn() {
        try (TestClient client = new TestClient()) {
            byte[] input = "touch a 1\r\n".repeat(50).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            client.read(input, 0, input.length);
            assertEquals(20, client.handler.commands);
            client.burst();
            assertEquals(50, client.handler.commands);
            assertEquals(2, client.loop.counters().get(WireCounter.CONN_YIELDS));
            client.expect("NOT_FOUND\r\n".repeat(50));
        }
    }
}
