package io.karst.appliance.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.karst.appliance.fixture.BinaryClient;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.protocol.BinaryOpcode;
import io.netty.channel.uring.IoUring;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that take more than one read: collected as they come, in pieces of any length, with others before and behind them. */
@Timeout(60)
class LongValueTest {
    private static final int[] LENGTHS = {1, 16_000, 16_384, 16_385, 40_000, 300_000, 1_000_000};

    static List<String> transports() {
        return IoUring.isAvailable() ? List.of("", "io_uring") : List.of("");
    }

    private static KarstServer start(String transport) throws Exception {
        List<String> options = new ArrayList<>(List.of("-m", "256", "-t", "1", "-o", "large=50"));
        if (!transport.isEmpty()) {
            options.addAll(List.of("-o", transport));
        }
        return KarstServer.start(options.toArray(String[]::new));
    }

    private static String value(Random random, int length) {
        StringBuilder value = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            value.append((char) ('a' + random.nextInt(26)));
        }
        return value.toString();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void pipelinedSetsArriveWholeInPiecesOfAnyLength(String transport) throws Exception {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        try (KarstServer server = start(transport);
                RawClient client = server.connect()) {
            StringBuilder requests = new StringBuilder();
            StringBuilder answers = new StringBuilder();
            for (int i = 0; i < LENGTHS.length; i++) {
                String value = value(random, LENGTHS[i]);
                requests.append("set k" + i + " 7 0 " + value.length() + "\r\n" + value + "\r\n");
                requests.append("get k" + i + "\r\nmn\r\n");
                answers.append("STORED\r\nVALUE k" + i + " 7 " + value.length() + "\r\n" + value + "\r\nEND\r\nMN\r\n");
            }
            long readBefore = client.stat("bytes_read");
            sendInPieces(client, requests.toString(), random);
            client.expect(answers.toString());
            // The first stats command was counted after it was answered with what came before it.
            long statsLength = "stats\r\n".length();
            assertEquals(requests.length() + statsLength, client.stat("bytes_read") - readBefore, "seed " + seed);
        }
    }

    private static void sendInPieces(RawClient client, String text, Random random) throws Exception {
        int at = 0;
        while (at < text.length()) {
            int length = Math.min(text.length() - at, 1 + random.nextInt(1 << random.nextInt(18)));
            client.send(text.substring(at, at + length));
            at += length;
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aWrongLineEndBehindALongValueIsAnsweredAndTheConnectionGoesOn(String transport) throws Exception {
        try (KarstServer server = start(transport);
                RawClient client = server.connect()) {
            client.send("set k 0 0 100000\r\n" + "v".repeat(100_000) + "XYmn\r\n");
            client.expect("CLIENT_ERROR bad data chunk\r\nMN\r\n");
            client.ask("get k", "END");
        }
    }

    @Test
    void aClientThatLeavesAmidAValueGivesItsMemoryBack() throws Exception {
        try (KarstServer server = start("");
                RawClient other = server.connect()) {
            for (int i = 0; i < 20; i++) {
                try (RawClient client = server.connect()) {
                    client.ask("mn", "MN");
                    client.send("set k 0 0 1000000\r\n" + "v".repeat(500_000));
                }
            }
            while (other.stat("curr_connections") > 1) {
                Thread.onSpinWait();
            }
            assertEquals(0, other.stat("read_buf_bytes"));
        }
    }

    @Test
    void binaryValuesAreCollectedTheSameWay() throws Exception {
        try (KarstServer server = start("");
                BinaryClient client = new BinaryClient(server.address())) {
            String value = value(new Random(2), 500_000);
            int set = BinaryOpcode.SET.code();
            assertEquals(
                    0,
                    client.ask(set, 0, BinaryClient.storing(0, 0), "k", value).status());
            assertEquals(
                    value, client.ask(BinaryOpcode.GET.code(), 0, "", "k", "").value());
        }
    }
}
