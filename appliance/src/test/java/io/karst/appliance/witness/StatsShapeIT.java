package io.karst.appliance.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of {@code stats}, beside a live memcached 1.6.18: the same keys in the same order, the same kinds of value. */
@Timeout(60)
class StatsShapeIT {
    /** memcached 1.6.18 without TLS; 84 of them are 1.6.45's. */
    private static final int GENERAL_KEY_COUNT = 92;

    private static final Set<String> TEXT_KEYS = Set.of("version", "libevent", "karst_version");

    private static ServerProcess memcached;
    private static KarstServer karst;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        memcached = ServerProcess.memcached("-m", "64", "-A");
        karst = KarstServer.start("-m", "64", "-A");
    }

    @AfterAll
    static void stop() throws IOException {
        if (memcached != null) {
            memcached.close();
        }
        if (karst != null) {
            karst.close();
        }
    }

    private interface Question<T> {
        T ask(RawClient client) throws IOException;
    }

    private static <T> T from(RawClient connected, Question<T> question) throws IOException {
        try (RawClient client = connected) {
            client.ask("set p:small 0 0 3\r\nabc", "STORED");
            client.ask("get p:small", "VALUE p:small 0 3\r\nabc\r\nEND");
            client.ask("set p:expiring 5 100 1\r\n1", "STORED");
            client.ask("set big 0 0 9000\r\n" + "b".repeat(9000), "STORED");
            return question.ask(client);
        }
    }

    private static <T> T fromMemcached(Question<T> question) throws IOException {
        return from(memcached.connect(), question);
    }

    private static <T> T fromKarst(Question<T> question) throws IOException {
        return from(karst.connect(), question);
    }

    @Test
    void plainStatsHasMemcachedsKeysInItsOrderThenOurs() throws IOException {
        Map<String, String> theirs = fromMemcached(client -> client.stats(""));
        Map<String, String> ours = fromKarst(client -> client.stats(""));
        assertEquals(GENERAL_KEY_COUNT, theirs.size());
        assertEquals(List.copyOf(theirs.keySet()), List.copyOf(ours.keySet()).subList(0, GENERAL_KEY_COUNT));
        ours.forEach((key, value) -> {
            assertFalse(key.contains(":"), key);
            assertFalse(value.isEmpty() || value.contains(" "), key + " " + value);
            assertTrue(TEXT_KEYS.contains(key) || kindOf(value).startsWith("number"), key + " " + value);
        });
        theirs.forEach((key, value) -> {
            if (!TEXT_KEYS.contains(key)) {
                assertEquals(kindOf(value), kindOf(String.valueOf(ours.get(key))), key);
            }
        });
    }

    @Test
    void settingsAreNamedAsThere() throws IOException {
        Map<String, String> theirs = fromMemcached(client -> client.stats("settings"));
        Map<String, String> ours = fromKarst(client -> client.stats("settings"));
        List<String> missing = new ArrayList<>(theirs.keySet());
        missing.removeAll(ours.keySet());
        // Slab memory on disk, TLS, and what memcached keeps for its own threads' sake.
        missing.removeIf(
                key -> key.matches("(ext|ssl|slab)_.*|num_napi_ids|memory_file|.*_logbuf_size|read_buf_mem_limit"
                        + "|tail_repair_time|temp_lru|temporary_ttl|lru_segmented|inline_ascii_response"));
        assertEquals(List.of(), missing);
        List<String> common = new ArrayList<>(theirs.keySet());
        common.retainAll(ours.keySet());
        List<String> oursOfThose = new ArrayList<>(ours.keySet());
        oursOfThose.retainAll(theirs.keySet());
        assertEquals(Set.copyOf(common), Set.copyOf(oursOfThose));
    }

    @ParameterizedTest
    @ValueSource(strings = {"items", "slabs"})
    void everyClassHasMemcachedsRows(String group) throws IOException {
        Map<String, String> theirs = fromMemcached(client -> client.stats(group));
        Map<String, String> ours = fromKarst(client -> client.stats(group));
        assertEquals(rowsOfFirstClass(theirs.keySet()), rowsOfFirstClass(ours.keySet()));
        assertEquals(withoutClasses(theirs.keySet()), withoutClasses(ours.keySet()));
        ours.forEach((key, value) -> assertTrue(value.matches("\\d+"), key + " " + value));
    }

    private static List<String> rowsOfFirstClass(Collection<String> keys) {
        String first = keys.stream()
                .filter(key -> key.contains(":"))
                .findFirst()
                .orElseThrow()
                .replaceFirst("[^:]*$", "");
        return keys.stream()
                .filter(key -> key.startsWith(first))
                .map(key -> key.substring(first.length()))
                .toList();
    }

    private static List<String> withoutClasses(Collection<String> keys) {
        return keys.stream().filter(key -> !key.contains(":")).toList();
    }

    @Test
    void connectionsAreListedAsThere() throws IOException, InterruptedException {
        // Servers of its own: connections of other tests may still be there for a moment.
        try (ServerProcess there = ServerProcess.memcached("-m", "64");
                KarstServer here = KarstServer.start("-m", "64")) {
            assertEquals(rowsOfConnections(there.connect()), rowsOfConnections(here.connect()));
        }
    }

    /**
     * The kinds of row, without numbers: those of clients and those of listening sockets. What the asking connection does
     * meanwhile is its own affair: there it is parsing, here it waits for the other loops.
     */
    private static Set<String> rowsOfConnections(RawClient connected) throws IOException {
        Map<String, String> rows = from(connected, client -> client.stats("conns"));
        return rows.entrySet().stream()
                .map(row -> row.getKey().replaceFirst("^[^:]*:", "") + " "
                        + row.getValue().replaceAll("\\d+", "0"))
                .map(row -> row.replaceFirst("conn_(parse_cmd|io_queue)", "conn_busy"))
                .filter(row -> !row.startsWith("secs_since_last_cmd"))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stats detail",
                "stats detail foo",
                "stats detail on",
                "stats detail off",
                "stats detail on x",
                "stats reset",
                "stats cachedump",
                "stats cachedump 1",
                "stats cachedump a b",
                "stats cachedump 100 1",
                "stats cachedump 40 0",
                "stats foo",
                "stats malloc",
                "shutdown foo",
                "lru_crawler crawl all x y",
                "slabs automove 1",
                "slabs automove invalid",
                "slabs reassign 1",
                "slabs foo",
                "lru mode flat",
                "lru mode segmented",
                "lru tune 10 25 0.1 2.0",
                "lru temp_ttl 5",
                "lru foo",
                "lru_crawler sleep 0",
                "lru_crawler tocrawl 10",
                "lru_crawler foo",
                "verbosity 1 2",
                "verbosity -1",
                "cache_memlimit abc",
                "cache_memlimit 1",
                "touch p:small abc",
                "incr p:small 1",
                "watch foo"
            })
    void aLineIsAnsweredAsThere(String command) throws IOException {
        String theirs = fromMemcached(client -> client.send(command + "\r\n").line());
        assertEquals(theirs, fromKarst(client -> client.send(command + "\r\n").line()), command);
    }

    @Test
    void detailCountsByPrefix() throws IOException {
        Question<List<String>> question = client -> {
            client.ask("stats reset", "RESET").ask("stats detail on", "OK");
            client.ask("get p:small", "VALUE p:small 0 3\r\nabc\r\nEND").ask("get p:missing", "END");
            client.ask("get nothing", "END")
                    .ask("delete p:missing", "NOT_FOUND")
                    .ask("touch p:small 0", "TOUCHED");
            client.ask("incr p:missing 1", "NOT_FOUND").ask("set q:a:b 0 0 1\r\n1", "STORED");
            client.ask("gat 0 p:small", "VALUE p:small 0 3\r\nabc\r\nEND");
            client.ask("add p:small 0 0 1\r\n1", "NOT_STORED");
            List<String> lines = new ArrayList<>(client.lines("stats detail dump"));
            client.ask("stats detail off", "OK");
            lines.sort(null);
            return lines;
        };
        assertEquals(fromMemcached(question), fromKarst(question));
    }

    @Test
    void cachedumpShowsItems() throws IOException {
        Question<String> question = client -> String.join("\n", client.lines("stats cachedump 1 0"));
        for (String line : fromKarst(question).split("\n")) {
            assertTrue(line.matches("ITEM \\S+ \\[\\d+ b; \\d+ s\\]"), line);
        }
        String mine = fromKarst(question);
        assertTrue(mine.contains("ITEM p:small [3 b; 0 s]"), mine);
        assertTrue(mine.matches("(?s).*ITEM p:expiring \\[1 b; \\d{10} s\\].*"), mine);
    }

    @Test
    void resetSetsCountsBack() throws IOException {
        Question<Map<String, String>> question = client -> {
            client.ask("stats reset", "RESET");
            client.ask("get nothing", "END");
            return client.stats("");
        };
        Map<String, String> theirs = fromMemcached(question);
        Map<String, String> ours = fromKarst(question);
        for (String key :
                List.of("cmd_get", "get_hits", "get_misses", "cmd_set", "total_items", "evictions", "cmd_flush")) {
            assertEquals(theirs.get(key), ours.get(key), key);
        }
        assertEquals("3", ours.get("curr_items"));
    }

    @Test
    void sizesAreCountedWhenAskedFor() throws IOException {
        Question<Map<String, String>> question = client -> client.stats("sizes");
        assertEquals(fromMemcached(question), fromKarst(question));
        try (KarstServer tracking = KarstServer.start("-m", "64", "-o", "track_sizes")) {
            Map<String, String> sizes = from(tracking.connect(), client -> client.stats("sizes"));
            sizes.forEach((size, count) -> assertEquals(0, Integer.parseInt(size) % 32, size + " " + count));
            assertEquals(3, sizes.values().stream().mapToInt(Integer::parseInt).sum());
        }
    }

    private static String kindOf(String value) {
        return value.matches("-?\\d+") ? "number" : value.matches("\\d+\\.\\d+") ? "number with a dot" : "text";
    }
}
