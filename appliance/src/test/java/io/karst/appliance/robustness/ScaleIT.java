package io.karst.appliance.robustness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a bystander notices of crowds, of keys chosen to collide, and of long answers. The small variants are about answers
 * only; the slow ones print figures as well, with the server on core 0 and clients on core 1, and fail on one only when it is
 * {@link #ALLOWANCE} times what it should be: machines that do other work beside it are no news about Karst.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ScaleIT {
    private static final int TTL_SECONDS = 12;
    private static final int EXPIRING_KEYS = 400_000;
    private static final double RATIO_MAX = 2;
    private static final double ALLOWANCE = 5;
    private static final int ROUNDS = 5;
    private static final int WINDOW_MILLIS = 4_000;
    private static final int SMALL_WINDOW_MILLIS = 300;

    /** Figures are taken without assertions, like a server in production. */
    private static final List<String> NO_ASSERTIONS = List.of("-da");

    private static final String COMMAND = "mvn -pl appliance -am test -Dtest=ScaleIT#%s -Dgroups=slow"
            + " -Dkarst.excludedGroups= -Dsurefire.failIfNoSpecifiedTests=false";

    @Test
    void smallCrowdIsNotNoticed() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-c", "1000")) {
            besideACrowd(karst, 300, 100, 1, SMALL_WINDOW_MILLIS);
        }
    }

    @Test
    @Tag("slow")
    void tenThousandIdleAndAThousandSlowOnes() throws Exception {
        Tools.assumeSuccess("right to open 12,000 files", "n=$(ulimit -Hn); test $n = unlimited || test $n -ge 12000");
        try (ServerProcess karst = figures("-m", "64", "-c", "12000")) {
            // Twice: what the first crowd makes the heap grow to is not the second one's.
            new Crowd(karst.port(), 2_000, 0).close();
            long heapBefore = karst.liveHeapBytes();
            long before = karst.residentBytes();
            long perConnection;
            long heapPerConnection;
            try (Crowd crowd = new Crowd(karst.port(), 10_000, 0)) {
                crowd.checkIdle();
                TimeUnit.SECONDS.sleep(2);
                perConnection = (karst.residentBytes() - before) / 10_000;
                heapPerConnection = (karst.liveHeapBytes() - heapBefore) / 10_000;
            }
            Bystander.Result result = besideACrowd(karst, 10_000, 1_000, ROUNDS, WINDOW_MILLIS);
            SlowProfile.row(
                    "crowd",
                    "bystander beside 10,000 idle and 1,000 slow connections, `-t 1 -m 64 -c 12000`",
                    COMMAND.formatted("tenThousandIdleAndAThousandSlowOnes"),
                    "–",
                    result.spread() + "; RSS per idle connection " + perConnection + " bytes, live heap "
                            + heapPerConnection + " bytes");
            assertTrue(result.ratio() < ALLOWANCE * RATIO_MAX, result.spread());
            assertTrue(perConnection < 4096, "RSS per idle connection " + perConnection);
        }
    }

    private static Bystander.Result besideACrowd(ServerProcess karst, int idle, int slow, int rounds, int windowMillis)
            throws Exception {
        try (Bystander bystander = new Bystander(karst);
                RawClient client = karst.connect()) {
            client.ask("set big 0 0 " + Crowd.BIG + "\r\n" + "b".repeat(Crowd.BIG), "STORED");
            Bystander.Result result =
                    bystander.compare(() -> new Crowd(karst.port(), idle, slow), rounds, windowMillis);
            while (client.stat("curr_connections") > 2) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            return result;
        }
    }

    /** 300 readers would hold 150 MiB; the network has 48. */
    @Test
    void slowReadersDoNotTakeWhatOthersNeed() throws Exception {
        try (ServerProcess karst = ServerProcess.karst(List.of("-XX:MaxDirectMemorySize=48m"), "-m", "64", "-t", "2");
                Bystander bystander = new Bystander(karst);
                RawClient client = karst.connect()) {
            client.ask("set big 0 0 100000\r\n" + "b".repeat(100_000), "STORED");
            List<RawClient> readers = new ArrayList<>();
            try {
                for (int i = 0; i < 300; i++) {
                    RawClient reader = karst.connect();
                    readers.add(reader);
                    reader.send("get big\r\n".repeat(200));
                    if (i % 10 == 0) {
                        bystander.watch(20);
                    }
                }
                bystander.watch(2_000);
                assertTrue(client.stat("slow_reader_kicks") > 50, "kicked " + client.stat("slow_reader_kicks"));
                assertTrue(client.stat("curr_connections") > 10, "left " + client.stat("curr_connections"));
                client.ask("set big 0 0 1000000\r\n" + "c".repeat(1_000_000), "STORED");
            } finally {
                for (RawClient reader : readers) {
                    reader.close();
                }
            }
        }
    }

    @Test
    void ofKeysThatCollideAFewStayAndNobodyElseLosesAnything() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "64");
                RawClient attacker = karst.connect();
                RawClient client = karst.connect()) {
            client.ask("set mine 0 0 1\r\n1", "STORED");
            CollidingKeys keys = new CollidingKeys(1);
            String key = "";
            for (int i = 0; i < 2_000; i++) {
                key = keys.next();
                attacker.ask("set " + key + " 0 0 1\r\n1", "STORED");
            }
            attacker.ask("get " + key, "VALUE " + key + " 0 1\r\n1\r\nEND");
            // There is room for all of them, but each would be compared with all others.
            assertEquals(2_000 - 16, client.stat("evictions"));
            client.ask("get mine", "VALUE mine 0 1\r\n1\r\nEND");
        }
    }

    @Test
    @Tag("slow")
    void aMillionKeysThatCollide() throws Exception {
        long seed = Long.getLong("seed", 1);
        try (ServerProcess karst = figures("-m", "64");
                Bystander bystander = new Bystander(karst);
                RawClient attacker = karst.connect()) {
            CollidingKeys colliding = new CollidingKeys(seed);
            AtomicLong harmless = new AtomicLong();
            AtomicLong turns = new AtomicLong();
            Supplier<String> ordinary = () -> SlowProfile.text("k%07d", harmless.incrementAndGet());
            Bystander.Result beside =
                    bystander.compare(() -> new Busy(setsAndGets(attacker, ordinary), turns), ROUNDS, WINDOW_MILLIS);
            long ordinaryTurns = turns.getAndSet(0);
            // Fills the segment: from now on each set evicts.
            Callable<Void> attack = setsAndGets(attacker, colliding::next);
            for (int i = 0; i < 2_000; i++) {
                attack.call();
            }
            Bystander.Result attacked = bystander.compare(() -> new Busy(attack, turns), ROUNDS, WINDOW_MILLIS);
            String attackTurns = SlowProfile.text("%,d", turns.get() * 10);
            while (turns.get() * 10 < 1_000_000 - 20_000) {
                attack.call();
                turns.incrementAndGet();
            }
            SlowProfile.row(
                    "collisions",
                    "bystander beside one connection that sets and gets keys which share 40 bits of their hash, `-t 1 -m 64`",
                    COMMAND.formatted("aMillionKeysThatCollide"),
                    Long.toString(seed),
                    attacked.spread() + " (" + attackTurns + " pairs in the windows, 1,000,000 keys in all); beside as"
                            + " busy a connection with ordinary keys "
                            + SlowProfile.text("%.2f× (%,d pairs)", beside.ratio(), ordinaryTurns * 10));
            assertTrue(attacked.ratio() < ALLOWANCE * RATIO_MAX, attacked.spread());
        }
    }

    /** Ten sets and ten gets of what was set, in one write; every get is a hit. */
    private static Callable<Void> setsAndGets(RawClient client, Supplier<String> keys) {
        return () -> {
            StringBuilder requests = new StringBuilder();
            StringBuilder answers = new StringBuilder();
            for (int i = 0; i < 10; i++) {
                String key = keys.get();
                requests.append("set ")
                        .append(key)
                        .append(" 0 0 1\r\n1\r\nget ")
                        .append(key)
                        .append("\r\n");
                answers.append("STORED\r\nVALUE ").append(key).append(" 0 1\r\n1\r\nEND\r\n");
            }
            client.send(requests.toString()).expect(answers.toString());
            return null;
        };
    }

    /**
     * Six of ten keys live {@value #TTL_SECONDS} s, the others for ever, all are set again and again, and memory is large enough
     * for all: so the client knows what lives, and the rest of {@code curr_items} has expired and is still there.
     */
    @Test
    @Tag("slow")
    void expiredItemsDoNotLinger() throws Exception {
        int seconds = 5 * TTL_SECONDS;
        try (ServerProcess karst = figures("-m", "256");
                RawClient client = karst.connect()) {
            long[] setAt = new long[EXPIRING_KEYS];
            Arrays.fill(setAt, Long.MIN_VALUE / 2);
            List<Double> shares = new ArrayList<>();
            int next = 0;
            long begin = System.nanoTime();
            for (int tenth = 0; tenth < seconds * 10; tenth++) {
                StringBuilder sets = new StringBuilder();
                for (int i = 0; i < 2_000; i++, next = (next + 1) % EXPIRING_KEYS) {
                    int ttl = next % 10 < 6 ? TTL_SECONDS : 0;
                    sets.append("set k" + next + " 0 " + ttl + " 100 noreply\r\n" + "v".repeat(100) + "\r\n");
                    setAt[next] = System.nanoTime();
                }
                client.send(sets.toString()).ask("mn", "MN");
                if (tenth % 10 == 0 && tenth > 20 * TTL_SECONDS) {
                    long items = client.stat("curr_items");
                    shares.add((items - live(setAt)) / (double) items);
                }
                long early = begin + (tenth + 1) * 100_000_000L - System.nanoTime();
                if (early > 0) {
                    Thread.sleep(early / 1_000_000);
                }
            }
            double mean = shares.stream().mapToDouble(share -> share).average().orElseThrow();
            SlowProfile.row(
                    "expiry",
                    "20,000 sets a second, 60 % of the keys with one TTL of " + TTL_SECONDS
                            + " s, `-t 1 -m 256`: expired items among those held",
                    COMMAND.formatted("expiredItemsDoNotLinger"),
                    "–",
                    SlowProfile.text(
                            "%.1f %% on average of %d looks, at most %.1f %%; at most 4 %% are wanted",
                            100 * mean,
                            shares.size(),
                            100
                                    * shares.stream()
                                            .mapToDouble(share -> share)
                                            .max()
                                            .orElseThrow()));
            assertTrue(mean <= 0.04, "share expired " + mean);
        }
    }

    private static long live(long[] setAt) {
        // Exptimes are whole seconds from the beginning of the present one: half a second less on average.
        long lifeNs = TTL_SECONDS * 1_000_000_000L - 500_000_000L;
        long now = System.nanoTime();
        long live = 0;
        for (int i = 0; i < setAt.length; i++) {
            boolean isSet = setAt[i] > Long.MIN_VALUE / 2;
            if (isSet && (i % 10 >= 6 || now - setAt[i] < lifeNs)) {
                live++;
            }
        }
        return live;
    }

    @Test
    void shortDumpIsWholeBesideGets() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "64");
                Bystander bystander = new Bystander(karst)) {
            fill(karst, 20_000);
            AtomicLong dumps = new AtomicLong();
            bystander.compare(() -> dumping(karst, 20_001, 20_001, dumps), 1, SMALL_WINDOW_MILLIS);
            assertTrue(dumps.get() > 0);
        }
    }

    @Test
    @Tag("slow")
    void dumpOfFourMillionItemsBesideGets() throws Exception {
        try (ServerProcess karst = figures("-m", "1024");
                Bystander bystander = new Bystander(karst);
                RawClient loaded = karst.connect();
                RawClient client = karst.connect()) {
            fill(karst, 4_000_000);
            long items = client.stat("curr_items");
            AtomicLong dumps = new AtomicLong();
            AtomicLong gets = new AtomicLong();
            Busy load = new Busy(gets(loaded), gets);
            Bystander.Result result = bystander.compare(
                    () -> dumping(karst, items - items / 1_000, items + items / 1_000, dumps), ROUNDS, WINDOW_MILLIS);
            load.close();
            SlowProfile.row(
                    "dump",
                    SlowProfile.text(
                            "bystander beside `lru_crawler metadump all` of %,d items and 10,000 gets/s, `-t 1 -m 1024`",
                            items),
                    COMMAND.formatted("dumpOfFourMillionItemsBesideGets"),
                    "–",
                    result.spread() + SlowProfile.text("; %d whole dumps", dumps.get()));
            assertTrue(result.ratio() < ALLOWANCE * RATIO_MAX, result.spread());
        }
    }

    /** Keys of 20 bytes, values of 200. */
    private static void fill(ServerProcess karst, int count) throws IOException {
        String value = "v".repeat(200);
        try (RawClient client = karst.connect()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < count; i++) {
                requests.append("set ")
                        .append(key(i))
                        .append(" 0 0 200 noreply\r\n")
                        .append(value)
                        .append("\r\n");
                if (requests.length() > 100_000) {
                    client.send(requests.toString());
                    requests.setLength(0);
                }
            }
            client.send(requests + "mn\r\n").expect("MN\r\n");
        }
    }

    private static String key(int number) {
        return "key-" + (1_000_000_000_000_000L + number);
    }

    private static Callable<Void> gets(RawClient client) {
        int[] next = {0};
        return () -> {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 10; i++) {
                next[0] = (next[0] + 7_919) % 4_000_000;
                requests.append("get ").append(key(next[0])).append("\r\n");
            }
            client.send(requests.toString());
            for (int i = 0; i < 10; i++) {
                String line = client.line();
                while (!line.equals("END")) {
                    assertTrue(line.startsWith("VALUE key-") || line.length() == 200, line);
                    line = client.line();
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            return null;
        };
    }

    /** Dumps over and over; each must list about as many items as there are. */
    private static Busy dumping(ServerProcess karst, long leastItems, long mostItems, AtomicLong dumps)
            throws IOException {
        byte[] buffer = new byte[1 << 16];
        RawClient client = karst.connect();
        return new Busy(
                () -> {
                    client.send("lru_crawler metadump all\r\n");
                    assertEquals("OK", client.line());
                    long lines = client.skipLines("END\r\n", buffer);
                    assertTrue(lines >= leastItems && lines <= mostItems, "listed " + lines);
                    return null;
                },
                dumps);
    }

    /** On its own core with one loop: with more, the kernel decides which of them waits for which, for milliseconds. */
    private static ServerProcess figures(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("-t", "1"));
        all.addAll(List.of(options));
        return ServerProcess.karstUnder(Cores.server(), NO_ASSERTIONS, all.toArray(String[]::new));
    }
}
