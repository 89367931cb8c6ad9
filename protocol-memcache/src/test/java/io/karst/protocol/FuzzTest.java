package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seeded garbage, from almost valid to pure noise: the connection still answers or is closed, the answers do not depend on
 * how the bytes arrive, nothing leaks, nothing throws. Replay one with {@code -Dkarst.testArgs=-Dseed=...}.
 */
class FuzzTest {
    private static final int DEFAULT_ROUNDS = 3_000;
    private static final int SLOW_ROUNDS = 30_000;
    private static final ProtocolLimits SMALL_ITEMS = new ProtocolLimits(2_000, 20, 1_000_000, 0, 0, 1 << 26, 0);

    private static final String[] WORDS = {
        "get",
        "gets",
        "gat",
        "gats",
        "set",
        "add",
        "replace",
        "append",
        "prepend",
        "cas",
        "delete",
        "incr",
        "decr",
        "touch",
        "flush_all",
        "version",
        "verbosity",
        "cache_memlimit",
        "stats",
        "slabs",
        "lru",
        "lru_crawler",
        "help",
        "shutdown",
        "noreply",
        "a",
        "b",
        "key",
        "0",
        "1",
        "2",
        "5",
        "30",
        "-1",
        "abc",
        "4294967295",
        "4294967296",
        "2147483647",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999",
        "reassign",
        "automove",
        "mode",
        "tune",
        "HTTP/1.1",
        "\0",
        "\r",
        "\t",
        "\u00e9",
        " ",
        "  ",
        "1990",
        "16000",
        "17000",
        "mg",
        "ms",
        "mn"
    };

    @Test
    @Timeout(240)
    void connectionAnswersOrIsClosed() {
        fuzz(DEFAULT_ROUNDS);
    }

    @Test
    @Tag("slow")
    @Timeout(3_600)
    void connectionAnswersOrIsClosedForLong() {
        fuzz(SLOW_ROUNDS);
    }

    private static void fuzz(int rounds) {
        Long only = Long.getLong("seed");
        long first = only != null ? only : 1;
        for (long seed = first; seed < first + (only != null ? 1 : rounds); seed++) {
            try {
                playRound(new Random(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("replay with -Dseed=" + seed, e);
            }
        }
    }

    private static void playRound(Random random) {
        byte[] garbage = garbage(random);
        byte[] whole;
        boolean staysOpen;
        try (TestClient client = new TestClient(SMALL_ITEMS)) {
            client.read(garbage, 0, garbage.length);
            client.burst();
            whole = client.everythingSent();
            staysOpen = client.isOpen();
            if (staysOpen) {
                probe(client);
            }
            assertEquals(0, client.loop.counters().get(WireCounter.HANDLER_FAILURES));
        }
        try (TestClient client = new TestClient(SMALL_ITEMS)) {
            int at = 0;
            while (at < garbage.length) {
                int next = Math.min(garbage.length, at + 1 + random.nextInt(random.nextBoolean() ? 8 : 200));
                client.read(garbage, at, next);
                client.burst();
                at = next;
            }
            assertArrayEquals(whole, client.everythingSent(), "answers differ when the bytes come in pieces");
            assertEquals(staysOpen, client.isOpen());
        }
    }

    /** Feeds line ends until every announced value is complete, then asks something. */
    private static void probe(TestClient client) {
        for (int i = 0; i < 40 && !client.connection.stateName().equals("conn_read"); i++) {
            client.send("\r\n".repeat(300));
        }
        client.send("\r\n");
        client.received();
        client.send("get nothing_of_this_name\r\n");
        if (client.isOpen()) {
            String answer = client.received();
            assertTrue(answer.equals("END\r\n"), "the probe was answered <" + answer + ">");
        }
    }

    private static byte[] garbage(Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int lines = 1 + random.nextInt(40);
        for (int i = 0; i < lines; i++) {
            switch (random.nextInt(8)) {
                case 0 -> noise(random, out);
                case 1, 2 -> words(random, out);
                case 3 -> multiget(random, out);
                default -> valid(random, out);
            }
        }
        return out.toByteArray();
    }

    private static void noise(Random random, ByteArrayOutputStream out) {
        int length = random.nextInt(random.nextInt(20) == 0 ? 3_000 : 40);
        for (int i = 0; i < length; i++) {
            out.write(random.nextInt(256));
        }
    }

    private static void words(Random random, ByteArrayOutputStream out) {
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            write(out, WORDS[random.nextInt(WORDS.length)] + (random.nextInt(10) == 0 ? "" : " "));
        }
        write(out, random.nextInt(5) == 0 ? "\n" : "\r\n");
    }

    private static void multiget(Random random, ByteArrayOutputStream out) {
        write(out, random.nextBoolean() ? "get" : "gets");
        int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 300 : 5);
        for (int i = 0; i < count; i++) {
            write(out, " key" + random.nextInt(5));
        }
        write(out, random.nextInt(50) == 0 ? " " + "k".repeat(251) + "\r\n" : "\r\n");
    }

    private static void valid(Random random, ByteArrayOutputStream out) {
        String key = "key" + random.nextInt(5);
        switch (random.nextInt(5)) {
            case 0 -> write(out, "get " + key + "\r\n");
            case 1 -> write(out, "incr " + key + " " + random.nextInt(100) + "\r\n");
            case 2 -> write(out, "delete " + key + (random.nextBoolean() ? " noreply\r\n" : "\r\n"));
            default -> {
                int length = random.nextInt(random.nextInt(4) == 0 ? 2_500 : 20);
                int announced = random.nextInt(20) == 0 ? Math.max(0, length + random.nextInt(7) - 3) : length;
                write(out, "set " + key + " " + random.nextInt(3) + " 0 " + announced + "\r\n");
                write(out, "v".repeat(length) + (random.nextInt(20) == 0 ? "\n" : "\r\n"));
            }
        }
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
