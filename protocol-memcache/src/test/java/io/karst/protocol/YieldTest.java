package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code -R}: after so many requests the other connections get their turn. */
@Timeout(60)
class YieldTest {

    @Test
    void burstStopsAfterItsRequestsAndGoesOnInTheNextTurn() {
        try (TestClient client = new TestClient()) {
            byte[] input = "touch a 1\r\n".repeat(50).getBytes(StandardCharsets.US_ASCII);
            client.read(input, 0, input.length);
            assertEquals(20, client.map().commands);
            client.burst();
            assertEquals(50, client.map().commands);
            assertEquals(2, client.loop.counters().get(WireCounter.CONN_YIELDS));
            client.expect("NOT_FOUND\r\n".repeat(50));
        }
    }

    @Test
    void neighboursAreServedBetweenTwoTurns() {
        try (TestClient greedy = new TestClient();
                TestClient modest = greedy.neighbour()) {
            byte[] input = "touch a 1\r\n".repeat(50).getBytes(StandardCharsets.US_ASCII);
            greedy.read(input, 0, input.length);
            modest.send("get a\r\n").expect("END\r\n");
            assertEquals(21, greedy.map().commands);
            greedy.burst();
            greedy.expect("NOT_FOUND\r\n".repeat(50));
        }
    }

    @Test
    void inputStopsWhileMuchOfItWaits() {
        try (TestClient client = new TestClient()) {
            byte[] input = "touch a 1\r\n".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
            int at = 0;
            while (client.channel().config().isAutoRead()) {
                client.read(input, at, at + 16384);
                at += 16384;
            }
            assertEquals(5 * 16384, at, "input taken in one turn without an end");
            client.burst();
            assertEquals(true, client.channel().config().isAutoRead());
            client.read(input, at, input.length);
            client.burst();
            client.expect("NOT_FOUND\r\n".repeat(20_000));
        }
    }

    @Test
    void pipelinedGetsAreLookedUpTogether() {
        try (TestClient client = new TestClient()) {
            client.send("get a\r\n".repeat(20)).expect("END\r\n".repeat(20));
            assertEquals(1, client.map().batches);
            client.send("get a\r\n".repeat(20) + "set a 0 0 1\r\n1\r\nget a\r\n")
                    .expect("END\r\n".repeat(20) + "STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n");
            assertEquals(3, client.map().batches);
        }
    }
}
