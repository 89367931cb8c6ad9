package io.karst.appliance.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the recorded meta sessions do not show: combinations of flags, limits, fractions of a second, races. */
@Timeout(120)
class MetaCommandTest {
    private static final int ROUNDS = 10_000;
    private static final int READERS = 8;

    private static KarstServer server;
    private RawClient client;

    @BeforeAll
    static void start() throws IOException {
        server = KarstServer.start("-m", "64", "-t", "2", "-o", "debug_commands");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() throws IOException {
        client = server.connect();
        client.ask("flush_all", "OK");
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
    }

    @Test
    void exactlyOneReaderWinsAStaleItem() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(READERS);
        CyclicBarrier round = new CyclicBarrier(READERS + 1);
        List<Future<int[]>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(pool.submit(() -> readStale(round)));
        }
        try {
            for (int i = 0; i < ROUNDS; i++) {
                client.send("ms k 1\r\nx\r\nmd k I T60\r\n").expect("HD\r\nHD\r\n");
                round.await();
                round.await();
            }
            int[] wins = new int[ROUNDS];
            for (Future<int[]> reader : readers) {
                int[] won = reader.get();
                for (int i = 0; i < ROUNDS; i++) {
                    wins[i] += won[i];
                }
            }
            for (int i = 0; i < ROUNDS; i++) {
                assertEquals(1, wins[i], "winners in round " + i);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static int[] readStale(CyclicBarrier round) throws Exception {
        int[] won = new int[ROUNDS];
        try (RawClient reader = server.connect()) {
            for (int i = 0; i < ROUNDS; i++) {
                round.await();
                String line = reader.send("mg k v\r\n").line();
                reader.expect("x\r\n");
                switch (line) {
                    case "VA 1 X W" -> won[i] = 1;
                    case "VA 1 Z X" -> {}
                    default -> throw new AssertionError(line);
                }
                round.await();
            }
        }
        return won;
    }

    @Test
    void timeToLiveMayHaveAFraction() throws Exception {
        client.send("ms k 1 T0.2\r\nx\r\n").expect("HD\r\n");
        String line = client.send("mg k t\r\n").line();
        assertTrue(line.matches("HD t[01]"), line);
        Thread.sleep(400);
        client.ask("mg k t", "EN");
        client.send("ms k 1 T86400.5\r\nx\r\n")
                .expect("HD\r\n")
                .ask("mg k v", "VA 1")
                .expect("x\r\n");
        client.ask("mg k T0.001", "HD");
        Thread.sleep(50);
        client.ask("mg k", "EN");
        client.send("set k 0 0 1\r\nx\r\n").expect("STORED\r\n").ask("mg k T100.25 s", "HD s1");
        client.ask("get k", "VALUE k 0 1").expect("x\r\nEND\r\n");
    }

    @Test
    void fractionThatIsNoneIsRefused() throws IOException {
        for (String time : List.of("T.5", "T1.", "T1.x", "T-0.5", "T1.2.3", "T1.0000000000", "T")) {
            client.ask("mg k " + time, "CLIENT_ERROR bad token in command line format");
        }
    }

    @Test
    void marksSurviveTouchAndIncrInPlaceButNoNewValue() throws IOException {
        client.send("ms a2V5 2 b\r\n50\r\n").expect("HD\r\n").ask("md key I", "HD");
        client.ask("touch key 100", "TOUCHED").ask("incr key 1", "51");
        client.ask("mg a2V5 b k v", "VA 2 ka2V5 b X W").expect("51\r\n");
        client.ask("touch key 0", "TOUCHED").ask("ma key", "HD");
        client.ask("mg key k v", "VA 2 ka2V5 b Z X").expect("52\r\n");
        client.send("append key 0 0 1\r\n0\r\n")
                .expect("STORED\r\n")
                .ask("mg key k v", "VA 3 kkey")
                .expect("520\r\n");
        client.ask("md key I", "HD").ask("incr key 1000", "1520").ask("mg key", "HD");
        client.ask("md key I", "HD")
                .send("set key 0 0 1\r\nx\r\n")
                .expect("STORED\r\n")
                .ask("mg key", "HD");
    }

    @Test
    void equalCasSparesTheValue() throws IOException {
        client.send("ms k 3 E42\r\nabc\r\n").expect("HD\r\n");
        client.ask("mg k v C42 c", "HD c42");
        client.ask("mg k v C41 c", "VA 3 c42").expect("abc\r\n");
    }

    @Test
    void modesCompareTheCasToken() throws IOException {
        client.send("ms k 1 E10\r\na\r\n").expect("HD\r\n");
        client.send("ms k 1 MA C9 c\r\nb\r\n").expect("EX c0\r\n");
        client.send("ms k 1 MA C10 E11 c s\r\nb\r\n").expect("HD c11 s2\r\n");
        client.send("ms k 1 MP C11 E12\r\n0\r\n")
                .expect("HD\r\n")
                .ask("mg k v c", "VA 3 c12")
                .expect("0ab\r\n");
        client.send("ms k 1 MR C9\r\nx\r\n").expect("EX\r\n");
        client.send("ms k 1 MR C12 E13\r\nx\r\n").expect("HD\r\n");
        client.send("ms k 1 MS C13 E14 I\r\ny\r\n")
                .expect("HD\r\n")
                .ask("mg k v c", "VA 1 c14")
                .expect("y\r\n");
        client.send("ms k 1 C15 I\r\nz\r\n").expect("EX\r\n");
        client.send("ms none 1 C15\r\nz\r\n").expect("NF\r\n");
        client.send("ms none 1 MR\r\nz\r\n").expect("NS\r\n");
        client.ask("ma k C1 v", "EX").ask("md k C1 k Oo", "EX kk Oo");
    }

    @Test
    void casOfOlderDataWithIKeepsExptimeAndWinner() throws IOException {
        client.send("ms k 1 T100 E50\r\na\r\n").expect("HD\r\n");
        client.send("ms k 1 C49 I F7\r\nb\r\n").expect("HD\r\n");
        client.ask("mg k v f t", "VA 1 f7 t100 X W").expect("b\r\n");
        client.send("ms k 1 C49 I\r\nc\r\n").expect("HD\r\n");
        client.ask("mg k v", "VA 1 Z X").expect("c\r\n");
    }

    @Test
    void refusedMetaSetSwallowsItsData() throws IOException {
        client.send("ms k 3 Tx\r\nmn \r\nms k 3 S\r\nmn \r\nms " + "k".repeat(251) + " 3\r\nmn \r\nmn\r\n")
                .expect("CLIENT_ERROR bad token in command line format\r\n")
                .expect("CLIENT_ERROR invalid flag\r\n")
                .expect("CLIENT_ERROR bad command line format\r\n")
                .expect("MN\r\n");
        client.send("ms k 3 q\r\nabcd\r\nmn\r\n")
                .expect("CLIENT_ERROR bad data chunk\r\nERROR\r\nMN\r\n"
                        .replace("ERROR\r\nMN", "CLIENT_ERROR bad command line format\r\nMN"));
        client.send("ms k 5\r\nold..\r\n").expect("HD\r\n");
        int tooLong = 2 << 20;
        client.send("ms k " + tooLong + " q\r\n" + "x".repeat(tooLong) + "\r\n")
                .expect("SERVER_ERROR object too large for cache\r\n")
                .ask("mg k", "EN");
    }

    @Test
    void flagsHaveLimits() throws IOException {
        client.ask("mg k b c f h k l q s t u v C1 E1 N1 O1 P L R1 T1", "CLIENT_ERROR options flags are too long");
        client.ask("mg k v k v", "CLIENT_ERROR duplicate flag").ask("mg k \u00e9", "CLIENT_ERROR duplicate flag");
        client.ask("mg k !", "CLIENT_ERROR invalid flag").ask("md k v v", "CLIENT_ERROR invalid or duplicate flag");
        client.ask("ma k Jx", "CLIENT_ERROR invalid or duplicate flag")
                .ask("ma k Mx", "CLIENT_ERROR invalid mode for ma M token");
        client.ask("mg k J1x", "CLIENT_ERROR invalid numeric initial value");
        client.ask("mg k D1x", "CLIENT_ERROR invalid numeric delta value");
        client.ask("mg k O" + "o".repeat(31) + " k", "EN O" + "o".repeat(31) + " kk");
        client.ask("me", "CLIENT_ERROR bad command line format").ask("me k v", "CLIENT_ERROR bad command line format");
        client.ask("mg k L1 Pprefix v", "EN");
    }

    @Test
    void valuesLargerThanTheReplyBufferArriveWhole() throws IOException {
        String value = "v".repeat(1_000_000);
        client.send("ms k " + value.length() + " T100\r\n" + value + "\r\n").expect("HD\r\n");
        for (int i = 0; i < 20; i++) {
            client.send("mg k v T100 s\r\nmg k v k\r\n");
        }
        for (int i = 0; i < 20; i++) {
            client.expect("VA 1000000 s1000000\r\n" + value + "\r\nVA 1000000 kk\r\n" + value + "\r\n");
        }
    }

    @Test
    void readersThatDoNotCountLeaveNoTrace() throws IOException {
        client.send("ms k 1\r\nx\r\n").expect("HD\r\n");
        client.ask("mg k u h", "HD h0").ask("mg k h", "HD h0").ask("mg k h", "HD h1");
    }

    @Test
    void hitFactsAreThoseBeforeThisRead() throws IOException {
        int length = 200_000;
        client.send("ms long " + length + "\r\n" + "x".repeat(length) + "\r\n").expect("HD\r\n");
        // Its answer needs another buffer, so the item is looked up twice.
        client.send("mg long h v\r\n").expect("VA 200000 h0\r\n" + "x".repeat(length) + "\r\n");
        client.ask("mg long h", "HD h1");
        // A stale item is looked up again under the write lock.
        client.send("ms k 1\r\nx\r\n").expect("HD\r\n").ask("md k I", "HD");
        client.ask("mg k h", "HD h0 X W").ask("mg k h", "HD h1 Z X");
    }

    @Test
    void onlyAHitIsATouch() throws IOException {
        client.send("set k 0 0 1\r\nx\r\n").expect("STORED\r\n");
        List<Long> before = lookups();
        client.ask("mg none T10", "EN");
        assertEquals(List.of(1L, 0L, 1L, 0L, 0L, 0L), since(before));
        client.ask("mg k T10", "HD").ask("mg new N10 T10", "HD W");
        assertEquals(List.of(1L, 0L, 1L, 2L, 2L, 0L), since(before));
    }

    @Test
    void gatIsATouchAndNoGet() throws IOException {
        client.send("set k 0 0 1\r\nx\r\n").expect("STORED\r\n");
        List<Long> before = lookups();
        client.ask("gat 10 k none", "VALUE k 0 1").expect("x\r\nEND\r\n");
        assertEquals(List.of(0L, 0L, 0L, 2L, 1L, 1L), since(before));
    }

    private static final List<String> LOOKUPS =
            List.of("cmd_get", "get_hits", "get_misses", "cmd_touch", "touch_hits", "touch_misses");

    private List<Long> lookups() throws IOException {
        List<Long> counts = new ArrayList<>();
        for (String name : LOOKUPS) {
            counts.add(client.stat(name));
        }
        return counts;
    }

    private List<Long> since(List<Long> before) throws IOException {
        List<Long> now = lookups();
        List<Long> counted = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            counted.add(now.get(i) - before.get(i));
        }
        return counted;
    }

    @Test
    void commandsAreCounted() throws IOException {
        long before = client.stat("cmd_meta");
        long gets = client.stat("get_hits");
        long touches = client.stat("touch_hits");
        client.send("ms k 1\r\nx\r\nmg k\r\nmg k T0\r\nma n\r\nmd k\r\nme k\r\n")
                .expect("HD\r\nHD\r\nHD\r\nNF\r\nHD\r\nEN\r\n");
        assertEquals(before + 6, client.stat("cmd_meta"));
        assertEquals(gets + 1, client.stat("get_hits"));
        assertEquals(touches + 1, client.stat("touch_hits"));
    }
}
