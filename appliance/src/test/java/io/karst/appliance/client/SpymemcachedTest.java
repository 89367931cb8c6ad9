package io.karst.appliance.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.ring.Placement;
import io.karst.ring.PlacementKind;
import io.karst.ring.RingFormat;
import io.karst.ring.RingNode;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.spy.memcached.CASMutator;
import net.spy.memcached.CASResponse;
import net.spy.memcached.CASValue;
import net.spy.memcached.CachedData;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.DefaultHashAlgorithm;
import net.spy.memcached.FailureMode;
import net.spy.memcached.MemcachedClient;
import net.spy.memcached.transcoders.LongTranscoder;
import net.spy.memcached.transcoders.SerializingTranscoder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Unmodified spymemcached 2.12.3, text protocol, two nodes on a ketama ring: every operation that it offers over text,
 * which leaves out get-and-touch.
 */
@Timeout(120)
class SpymemcachedTest {
    private static final int ITEM_MAX = 1 << 20;
    private static final SerializingTranscoder UNCOMPRESSED = uncompressed();

    private static KarstServer first;
    private static KarstServer second;
    private static MemcachedClient client;

    private static SerializingTranscoder uncompressed() {
        SerializingTranscoder transcoder = new SerializingTranscoder(2 * ITEM_MAX);
        transcoder.setCompressionThreshold(Integer.MAX_VALUE);
        return transcoder;
    }

    @BeforeAll
    static void start() throws IOException {
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SunLogger");
        first = KarstServer.start("-m", "64", "-o", "debug_commands");
        second = KarstServer.start("-m", "64", "-o", "debug_commands");
        client = newClient();
    }

    private static MemcachedClient newClient() throws IOException {
        return new MemcachedClient(
                new ConnectionFactoryBuilder()
                        .setProtocol(ConnectionFactoryBuilder.Protocol.TEXT)
                        .setLocatorType(ConnectionFactoryBuilder.Locator.CONSISTENT)
                        .setHashAlg(DefaultHashAlgorithm.KETAMA_HASH)
                        .setFailureMode(FailureMode.Redistribute)
                        .setOpTimeout(20_000)
                        .setDaemon(true)
                        .build(),
                List.of(first.address(), second.address()));
    }

    @AfterAll
    static void stop() {
        client.shutdown(5, TimeUnit.SECONDS);
        first.close();
        second.close();
    }

    @BeforeEach
    void flush() throws Exception {
        assertTrue(client.flush().get());
    }

    private static boolean set(String key, Object value) throws ExecutionException, InterruptedException {
        return client.set(key, 0, value).get();
    }

    private static void advance(int seconds) throws IOException {
        for (KarstServer server : List.of(first, second)) {
            try (RawClient raw = server.connect()) {
                raw.ask("debugtime " + seconds, "OK");
            }
        }
    }

    @Test
    void storesByEveryCommand() throws Exception {
        assertNull(client.get("a"));
        assertFalse(client.replace("a", 0, "0").get());
        assertTrue(client.add("a", 0, "1").get());
        assertFalse(client.add("a", 0, "2").get());
        assertEquals("1", client.get("a"));
        assertTrue(client.replace("a", 0, "3").get());
        assertTrue(client.append("a", "4").get());
        assertTrue(client.prepend("a", "2").get());
        assertTrue(client.append(0, "a", "5").get());
        assertEquals("2345", client.get("a"));
        assertFalse(client.append("missing", "x").get());
        assertFalse(client.prepend("missing", "x").get());
        assertTrue(client.delete("a").get());
        assertFalse(client.delete("a").get());
        assertNull(client.asyncGet("a").get());
    }

    @Test
    @SuppressWarnings("JavaUtilDate") // The client has a flag of its own for it.
    void everyTypeKeepsItsFlags() throws Exception {
        List<Object> values = List.of(
                "caf\u00e9 \u2603 \ud83d\ude00",
                true,
                (byte) -1,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                1.5f,
                -2.25,
                new Date(1_000_000_000_000L),
                new ArrayList<>(List.of("a", 1)));
        for (int i = 0; i < values.size(); i++) {
            assertTrue(set("type" + i, values.get(i)));
        }
        for (int i = 0; i < values.size(); i++) {
            assertEquals(values.get(i), client.get("type" + i));
        }
        String compressible = "compress me ".repeat(20_000);
        assertTrue(set("compressed", compressible));
        assertEquals(compressible, client.get("compressed"));
        assertTrue(client.set("long", 0, 12L, new LongTranscoder()).get());
        assertEquals(12L, client.get("long", new LongTranscoder()));
    }

    @Test
    void valuesOfEverySizeComeBackByteForByte() throws Exception {
        long seed = Long.getLong("seed", 20_261_120);
        Random random = new Random(seed);
        for (int length : new int[] {
            0,
            1,
            2,
            7,
            8,
            100,
            255,
            256,
            1023,
            1024,
            1400,
            4096,
            8191,
            8192,
            9000,
            16_383,
            16_384,
            65_535,
            65_536,
            100_000,
            262_144,
            524_288,
            1_000_000,
            ITEM_MAX - 512
        }) {
            byte[] value = new byte[length];
            random.nextBytes(value);
            String key = "size" + length;
            assertTrue(client.set(key, 0, value, UNCOMPRESSED).get(), key);
            assertArrayEquals(value, (byte[]) client.get(key, UNCOMPRESSED), key + " -Dseed=" + seed);
        }
    }

    @Test
    void valueBeyondTheLimitIsRefusedAndTheOldOneGone() throws Exception {
        assertTrue(set("big", "old"));
        MemcachedClient own = newClient();
        try {
            Future<Boolean> refused = own.set("big", 0, new byte[ITEM_MAX + 1], UNCOMPRESSED);
            // This client takes a SERVER_ERROR as a reason to connect anew, so only the other one goes on at once.
            ExecutionException refusal = assertThrows(ExecutionException.class, refused::get);
            assertTrue(String.valueOf(refusal.getMessage()).contains("object too large for cache"));
        } finally {
            own.shutdown();
        }
        assertNull(client.get("big"));
    }

    @Test
    void casTellsWhoWasFirst() throws Exception {
        assertNull(client.gets("c"));
        assertEquals(CASResponse.NOT_FOUND, client.cas("c", 1, "x"));
        assertTrue(set("c", "1"));
        CASValue<Object> seen = client.gets("c");
        assertEquals("1", seen.getValue());
        assertEquals(CASResponse.OK, client.cas("c", seen.getCas(), "2"));
        assertEquals(CASResponse.EXISTS, client.cas("c", seen.getCas(), "3"));
        assertEquals("2", client.get("c"));
        CASValue<Object> again = client.asyncGets("c").get();
        assertNotEquals(seen.getCas(), again.getCas());
        assertEquals(CASResponse.OK, client.cas("c", again.getCas(), 100, "4"));
        assertEquals("4", client.get("c"));
        advance(101);
        assertNull(client.get("c"));
    }

    @Test
    void twoClientsThatRaceByCasLoseNoUpdate() throws Exception {
        int rounds = 2_000;
        MemcachedClient other = newClient();
        try {
            assertTrue(client.set("race", 0, 0L, new LongTranscoder()).get());
            Thread rival = new Thread(() -> addOnes(other, rounds));
            rival.start();
            addOnes(client, rounds);
            rival.join();
            assertEquals(2L * rounds, client.get("race", new LongTranscoder()));
        } finally {
            other.shutdown();
        }
    }

    private static void addOnes(MemcachedClient own, int rounds) {
        CASMutator<Long> mutator = new CASMutator<>(own, new LongTranscoder(), 100_000);
        try {
            for (int i = 0; i < rounds; i++) {
                mutator.cas("race", 0L, 0, value -> value + 1);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void countersCountAndWrap() throws Exception {
        assertEquals(-1, client.incr("n", 1));
        assertEquals(-1, client.decr("n", 1));
        assertEquals(10, client.incr("n", 5, 10));
        assertEquals(15, client.incr("n", 5, 10));
        assertEquals(15, Long.parseLong(String.valueOf(client.get("n")).trim()));
        assertEquals(6, client.decr("n", 9));
        assertEquals(0, client.decr("n", 100));
        assertEquals(7, client.decr("d", 1, 7, 50));
        assertEquals(6, client.decr("d", 1L, 7, 50));
        assertEquals(7, client.asyncIncr("d", 1).get());
        assertEquals(5, client.asyncDecr("d", 2).get());
        advance(51);
        assertNull(client.get("d"));
        assertTrue(set("text", "abc"));
        assertEquals(-1, client.incr("text", 1));
        // By raw socket: a CLIENT_ERROR makes spymemcached reconnect, and meanwhile it asks the other node.
        long holders = 0;
        for (KarstServer server : List.of(first, second)) {
            try (RawClient raw = server.connect()) {
                raw.send("get text\r\nquit\r\n");
                holders += raw.rest().equals("VALUE text 0 3\r\nabc\r\nEND\r\n") ? 1 : 0;
            }
        }
        assertEquals(1, holders);
    }

    @Test
    void itemsExpireWhenTheirTimeHasCome() throws Exception {
        assertTrue(client.set("short", 10, "s").get());
        assertTrue(client.set("long", 1000, "l").get());
        assertTrue(client.add("added", 10, "a").get());
        assertTrue(set("touched", "t"));
        assertTrue(client.touch("touched", 10).get());
        assertFalse(client.touch("missing", 10).get());
        assertEquals("s", client.get("short"));
        advance(12);
        assertNull(client.get("short"));
        assertNull(client.get("added"));
        assertNull(client.get("touched"));
        assertEquals("l", client.get("long"));
        assertTrue(client.touch("long", 0).get());
        advance(2000);
        assertEquals("l", client.get("long"));
        assertTrue(client.set("dead", -1, "d").get());
        assertNull(client.get("dead"));
    }

    @Test
    void bulkGetsComeFromBothNodes() throws Exception {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            keys.add("bulk" + i);
            if (i % 3 != 0) {
                Future<Boolean> unused = client.set("bulk" + i, 0, "value" + i);
            }
        }
        assertTrue(client.waitForQueues(20, TimeUnit.SECONDS));
        Map<String, Object> found = client.getBulk(keys);
        assertEquals(666, found.size());
        found.forEach((key, value) -> assertEquals("value" + key.substring(4), value));
        assertEquals(found, client.asyncGetBulk(keys.iterator()).get());
        assertEquals(Map.of("bulk1", "value1"), client.getBulk("bulk0", "bulk1"));
    }

    @Test
    void flushEmptiesBothNodesNowAndLater() throws Exception {
        for (int i = 0; i < 100; i++) {
            Future<Boolean> unused = client.set("f" + i, 0, i);
        }
        assertTrue(client.waitForQueues(20, TimeUnit.SECONDS));
        assertTrue(client.flush().get());
        for (int i = 0; i < 100; i++) {
            assertNull(client.get("f" + i));
        }
        assertTrue(set("later", "1"));
        assertTrue(client.flush(30).get());
        assertEquals("1", client.get("later"));
        advance(31);
        assertNull(client.get("later"));
    }

    @Test
    void bothNodesTellTheirVersionAndStatistics() throws Exception {
        assertEquals(2, client.getVersions().size());
        client.getVersions().values().forEach(version -> assertTrue(version.matches("\\d+\\.\\d+\\.\\d+.*"), version));
        assertTrue(set("s", "1"));
        Map<SocketAddress, Map<String, String>> stats = client.getStats();
        assertEquals(2, stats.size());
        stats.values().forEach(rows -> {
            assertTrue(rows.size() >= 84, rows.toString());
            assertTrue(rows.containsKey("cmd_get"));
        });
        for (String group : List.of("settings", "items", "slabs", "sizes", "conns")) {
            Map<SocketAddress, Map<String, String>> rows = client.getStats(group);
            assertEquals(2, rows.size(), group);
            assertTrue(rows.values().stream().anyMatch(node -> !node.isEmpty()), group);
        }
        assertEquals(2, client.getAvailableServers().size());
        assertEquals(List.of(), List.copyOf(client.getUnavailableServers()));
    }

    @Test
    void everyKeyLivesOnTheNodeThatOurRingNames() throws Exception {
        Placement ring = PlacementKind.SPY_REDISTRIBUTE.placement(List.of(
                RingNode.of(RingFormat.SPYMEMCACHED.name(first.address()), 1),
                RingNode.of(RingFormat.SPYMEMCACHED.name(second.address()), 1)));
        int keyCount = 2_000;
        for (int i = 0; i < keyCount; i++) {
            Future<Boolean> unused = client.set("ring:" + i, 0, "v" + i);
        }
        assertTrue(client.waitForQueues(20, TimeUnit.SECONDS));
        int[] keysOf = new int[2];
        try (RawClient raw0 = first.connect();
                RawClient raw1 = second.connect()) {
            RawClient[] nodes = {raw0, raw1};
            for (int i = 0; i < keyCount; i++) {
                String key = "ring:" + i;
                byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
                int owner = ring.primary(bytes, 0, bytes.length);
                String value = "v" + i;
                nodes[owner]
                        .send("get " + key + "\r\n")
                        .expect("VALUE " + key + " 0 " + value.length() + "\r\n" + value + "\r\nEND\r\n");
                nodes[1 - owner].ask("get " + key, "END");
                keysOf[owner]++;
            }
        }
        assertTrue(Math.min(keysOf[0], keysOf[1]) > keyCount / 5, Arrays.toString(keysOf));
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "with:colons:and-dashes_and.dots", "caf\u00e9\u2603", "{}[]()<>#%&$!?"})
    void keysOfAllKindsWork(String key) throws Exception {
        assertTrue(set(key, "v"));
        assertEquals("v", client.get(key));
        assertTrue(set("k".repeat(250), "long"));
        assertEquals("long", client.get("k".repeat(250)));
    }

    @Test
    void manyCommandsInFlightKeepTheirOrder() throws Exception {
        List<Future<Object>> answers = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Future<Boolean> unused = client.set("p" + i % 100, 0, "v" + i);
            answers.add(client.asyncGet("p" + i % 100));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertEquals("v" + i, answers.get(i).get());
        }
    }

    @Test
    void rawBytesOfAnItemAreWhatTheTranscoderMade() throws Exception {
        CachedData data = new CachedData(0xabcd, new byte[] {0, 13, 10, -1, 'E', 'N', 'D', 13, 10}, 100);
        IdentityTranscoder identity = new IdentityTranscoder();
        assertTrue(client.set("raw", 0, data, identity).get());
        CachedData back = client.get("raw", identity);
        assertEquals(data.getFlags(), back.getFlags());
        assertArrayEquals(data.getData(), back.getData());
    }
}
