package io.karst.appliance.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.AdminClient;
import io.karst.appliance.fixture.Exposition;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.Tools;
import io.karst.appliance.metrics.MetricDocs;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /metrics}: the format, the names, and that each figure is the one of {@code stats}. */
@Timeout(60)
class MetricsTest {
    private static KarstServer karst;
    private static RawClient client;
    private static AdminClient admin;

    /** Read before the page, and nothing happened in between but the two questions themselves. */
    private static Map<String, String> stats;

    private static Map<String, String> items;
    private static Map<String, String> slabs;
    private static Map<String, String> latency;
    private static Exposition page;

    @BeforeAll
    static void workAndScrape() throws IOException, InterruptedException {
        karst = KarstServer.start("-m", "64", "-t", "2", "-c", "100", "-o", "admin=0");
        client = karst.connect();
        admin = AdminClient.of(karst.adminAddress());
        for (int i = 0; i < 200; i++) {
            client.ask("set k" + i + " 0 0 3\r\nabc", "STORED");
            client.ask("get k" + i, "VALUE k" + i + " 0 3\r\nabc\r\nEND").ask("get missing", "END");
        }
        client.ask("set large 5 100 300000\r\n" + "l".repeat(300_000), "STORED");
        client.ask("set n 0 0 1\r\n5", "STORED").ask("incr n 1", "6").ask("decr n 2", "4");
        client.ask("incr missing 1", "NOT_FOUND").ask("decr missing 1", "NOT_FOUND");
        client.ask("touch n 0", "TOUCHED").ask("touch missing 0", "NOT_FOUND");
        client.ask("cas n 0 0 1 99999999\r\nx", "EXISTS").ask("cas missing 0 0 1 1\r\nx", "NOT_FOUND");
        client.ask("delete n", "DELETED").ask("delete missing", "NOT_FOUND").ask("mg k1 v", "VA 3\r\nabc");
        client.ask("add k1 0 0 1\r\nx", "NOT_STORED");
        latency = client.stats("latency");
        items = client.stats("items");
        slabs = client.stats("slabs");
        stats = client.stats("");
        page = Exposition.parse(admin.page("/metrics"));
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        karst.close();
    }

    @Test
    void theAnswerSaysWhichFormatItIs() throws Exception {
        HttpResponse<String> response = admin.get("/metrics");
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                response.headers().firstValue("content-type").orElseThrow());
        assertEquals("no-store", response.headers().firstValue("cache-control").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "memcached_time_seconds, time",
        "memcached_read_bytes_total, bytes_read",
        "memcached_current_connections, curr_connections",
        "memcached_max_connections, max_connections",
        "memcached_connections_total, total_connections",
        "memcached_connections_rejected_total, rejected_connections",
        "memcached_connections_yielded_total, conn_yields",
        "memcached_connections_listener_disabled_total, listen_disabled_num",
        "memcached_accepting_connections, accepting_conns",
        "memcached_current_bytes, bytes",
        "memcached_limit_bytes, limit_maxbytes",
        "memcached_current_items, curr_items",
        "memcached_items_total, total_items",
        "memcached_items_evicted_total, evictions",
        "memcached_items_reclaimed_total, reclaimed",
        "memcached_item_too_large_total, store_too_large",
        "memcached_item_no_memory_total, store_no_memory",
        "memcached_direct_reclaims_total, direct_reclaims",
        "memcached_lru_crawler_starts_total, lru_crawler_starts",
        "karst_meta_commands_total, cmd_meta",
        "karst_touch_commands_total, cmd_touch",
        "karst_get_expired_total, get_expired",
        "karst_get_flushed_total, get_flushed",
        "karst_items_expired_unfetched_total, expired_unfetched",
        "karst_items_evicted_unfetched_total, evicted_unfetched",
        "karst_values_refused_total, read_buf_oom",
        "karst_logins_total, auth_cmds",
        "karst_logins_failed_total, auth_errors",
        "karst_failures_total, handler_failures",
        "karst_event_loops, threads"
    })
    void aMetricIsItsRowOfStats(String metric, String key) {
        double slack = key.equals("time") ? 2 : 0;
        assertEquals(Double.parseDouble(stats.get(key)), page.value(metric), slack);
    }

    @Test
    void whatGoesOnWithEveryLookOnlyGrows() {
        assertTrue(page.value("memcached_written_bytes_total") > Double.parseDouble(stats.get("bytes_written")));
        assertTrue(page.value("memcached_uptime_seconds") >= Double.parseDouble(stats.get("uptime")));
        assertTrue(
                page.value("memcached_process_user_cpu_seconds_total") >= Double.parseDouble(stats.get("rusage_user")));
        assertEquals(
                page.value("memcached_process_user_cpu_seconds_total")
                        + page.value("memcached_process_system_cpu_seconds_total"),
                page.value("process_cpu_seconds_total"),
                1e-6);
    }

    @Test
    void commandsAreCountedAsTheExporterCountsThem() {
        for (String operation : new String[] {"get", "delete", "incr", "decr", "cas", "touch"}) {
            assertEquals(number(stats, operation + "_hits"), commands(operation, "hit"), operation);
            assertEquals(number(stats, operation + "_misses"), commands(operation, "miss"), operation);
        }
        assertEquals(1, commands("cas", "badval"));
        assertEquals(number(stats, "cmd_flush"), commands("flush", "hit"));
        // memcached counts each cas in cmd_set, too.
        assertEquals(number(stats, "cmd_set") - 2, commands("set", "hit"));
        assertEquals(200 + 1, commands("get", "hit"));
        assertEquals(200, commands("get", "miss"));
    }

    private static double commands(String command, String status) {
        return page.value("memcached_commands_total", "command", command, "status", status);
    }

    private static double number(Map<String, String> rows, String key) {
        return Double.parseDouble(rows.get(key));
    }

    @Test
    void slabClassesHaveTheirRows() {
        for (String slab : new String[] {"1", "2"}) {
            assertEquals(number(items, "items:" + slab + ":number"), slab("current_items", slab));
            assertEquals(number(items, "items:" + slab + ":mem_requested"), slab("mem_requested_bytes", slab));
            assertEquals(number(items, "items:" + slab + ":evicted"), slab("items_evicted_total", slab));
            assertEquals(number(slabs, slab + ":chunk_size"), slab("chunk_size_bytes", slab));
            assertEquals(number(slabs, slab + ":used_chunks"), slab("chunks_used", slab));
            assertEquals(
                    number(slabs, slab + ":get_hits"),
                    page.value("memcached_slab_commands_total", "slab", slab, "command", "get", "status", "hit"));
            assertEquals(
                    number(items, "items:" + slab + ":hits_to_cold"),
                    page.value("memcached_slab_lru_hits_total", "slab", slab, "lru", "cold"));
        }
        assertEquals(number(slabs, "total_malloced"), page.value("memcached_malloced_bytes"));
    }

    private static double slab(String name, String slab) {
        return page.value("memcached_slab_" + name, "slab", slab);
    }

    @Test
    void latencyIsThatOfStatsLatency() {
        for (String command : new String[] {"get", "set"}) {
            assertEquals(
                    number(latency, command + ":count"),
                    page.value("karst_command_latency_seconds_count", "command", command));
            assertEquals(
                    number(latency, command + ":max_us") / 1e6,
                    page.value("karst_command_latency_max_seconds", "command", command),
                    1e-8);
        }
        double all = page.value("karst_command_latency_seconds_bucket", "command", "get", "le", "5");
        assertEquals(page.value("karst_command_latency_seconds_count", "command", "get"), all);
        double sum = page.value("karst_command_latency_seconds_sum", "command", "get");
        assertTrue(sum > 0 && sum <= all * number(latency, "get:max_us") / 1e6, "sum " + sum);
        // The targets are bounds, so that an alert need not interpolate.
        page.value("karst_command_latency_seconds_bucket", "command", "get", "le", "0.01");
        page.value("karst_command_latency_seconds_bucket", "command", "set", "le", "0.05");
    }

    @Test
    void hitRatioIsHitsByGets() {
        assertEquals(201.0 / 401, page.value("karst_hit_ratio"), 1e-12);
    }

    @Test
    void theProcessTellsOfItself() throws IOException {
        assertEquals(1, page.value("memcached_up"));
        assertEquals(1, page.value("memcached_version", "version", "1.6.45"));
        assertEquals(0, page.value("karst_event_loops_silent"));
        assertEquals(0, page.value("karst_open_without_login"));
        assertEquals(
                1,
                page.value(
                        "karst_build_info",
                        "version",
                        "0.0.0-test",
                        "java",
                        Runtime.version().toString()));
        long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElseThrow();
        assertEquals(resident, page.value("process_resident_memory_bytes"), resident / 2.0);
        assertTrue(
                page.value("process_open_fds") > 3 && page.value("process_open_fds") < page.value("process_max_fds"));
        assertTrue(page.value("process_start_time_seconds") <= System.currentTimeMillis() / 1000.0);
        assertEquals(64 << 20, page.value("karst_memory_limit_bytes", "kind", "store"));
        assertEquals(number(stats, "bytes"), page.value("karst_memory_bytes", "kind", "items"));
        assertEquals(number(stats, "store_bytes"), page.value("karst_memory_bytes", "kind", "store"));
        assertTrue(page.value("karst_memory_bytes", "kind", "heap") > 0);
        assertFalse(page.samples("jvm_gc_collection_seconds_count").isEmpty());
    }

    /** Names, types and labels of memcached_exporter (commit 0cbb0fb), written down from its source. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "memcached_up gauge",
                "memcached_uptime_seconds counter",
                "memcached_time_seconds gauge",
                "memcached_version gauge version",
                "memcached_process_user_cpu_seconds_total counter",
                "memcached_process_system_cpu_seconds_total counter",
                "memcached_read_bytes_total counter",
                "memcached_written_bytes_total counter",
                "memcached_current_connections gauge",
                "memcached_max_connections gauge",
                "memcached_connections_total counter",
                "memcached_connections_rejected_total counter",
                "memcached_connections_yielded_total counter",
                "memcached_connections_listener_disabled_total counter",
                "memcached_current_bytes gauge",
                "memcached_limit_bytes gauge",
                "memcached_commands_total counter command,status",
                "memcached_current_items gauge",
                "memcached_items_total counter",
                "memcached_items_evicted_total counter",
                "memcached_items_reclaimed_total counter",
                "memcached_item_too_large_total counter",
                "memcached_item_no_memory_total counter",
                "memcached_direct_reclaims_total counter",
                "memcached_accepting_connections gauge",
                "memcached_malloced_bytes gauge",
                "memcached_lru_crawler_starts_total counter",
                "memcached_lru_crawler_reclaimed_total counter",
                "memcached_lru_crawler_items_checked_total counter",
                "memcached_lru_crawler_moves_to_cold_total counter",
                "memcached_lru_crawler_moves_to_warm_total counter",
                "memcached_lru_crawler_moves_within_lru_total counter",
                "memcached_slab_current_items gauge slab",
                "memcached_slab_items_age_seconds gauge slab",
                "memcached_slab_items_crawler_reclaimed_total counter slab",
                "memcached_slab_items_evicted_total counter slab",
                "memcached_slab_items_evicted_nonzero_total counter slab",
                "memcached_slab_items_evicted_time_seconds counter slab",
                "memcached_slab_items_evicted_unfetched_total counter slab",
                "memcached_slab_items_expired_unfetched_total counter slab",
                "memcached_slab_items_outofmemory_total counter slab",
                "memcached_slab_items_reclaimed_total counter slab",
                "memcached_slab_items_tailrepairs_total counter slab",
                "memcached_slab_items_moves_to_cold counter slab",
                "memcached_slab_items_moves_to_warm counter slab",
                "memcached_slab_items_moves_within_lru counter slab",
                "memcached_slab_hot_items gauge slab",
                "memcached_slab_warm_items gauge slab",
                "memcached_slab_cold_items gauge slab",
                "memcached_slab_hot_age_seconds gauge slab",
                "memcached_slab_warm_age_seconds gauge slab",
                "memcached_slab_lru_hits_total counter lru,slab",
                "memcached_slab_chunk_size_bytes gauge slab",
                "memcached_slab_chunks_per_page gauge slab",
                "memcached_slab_current_pages gauge slab",
                "memcached_slab_current_chunks gauge slab",
                "memcached_slab_chunks_used gauge slab",
                "memcached_slab_chunks_free gauge slab",
                "memcached_slab_chunks_free_end gauge slab",
                "memcached_slab_mem_requested_bytes counter slab",
                "memcached_slab_commands_total counter command,slab,status"
            })
    void theExportersMetricsAreHere(String line) {
        String[] words = line.split(" ");
        Exposition.Family family = page.families().get(words[0]);
        assertNotNull(family, words[0]);
        assertEquals(words[1], family.type());
        Set<String> labels = labelsOf(family.name());
        assertEquals(words.length == 3 ? words[2] : "", String.join(",", labels));
    }

    private static Set<String> labelsOf(String name) {
        return page.samples(name).keySet().stream()
                .flatMap(labels -> labels.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theDocumentedTableIsWhatTheServerAnswers() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        for (String line : Files.readAllLines(Tools.inTree("docs/operate/monitor.md"))) {
            Matcher row = Pattern.compile("\\| `([a-z_]+)` \\| (\\w+) \\| ([a-z_, ]*) \\| (.*) \\|")
                    .matcher(line);
            if (row.matches()) {
                documented.put(row.group(1), row.group(2) + " " + row.group(4));
                assertLabels(row.group(1), row.group(3));
            }
        }
        Map<String, String> answered = new TreeMap<>();
        page.families().forEach((name, family) -> answered.put(name, family.type() + " " + family.help()));
        assertEquals(answered, documented, () -> "Refresh it:\n\n    " + MetricDocs.REFRESH_COMMAND + "\n");
        assertTrue(documented.size() > 90, documented.size() + " metrics");
    }

    private static void assertLabels(String name, String documented) {
        Set<String> wanted = new TreeSet<>(documented.isEmpty() ? List.of() : List.of(documented.split(", ")));
        for (String suffix : new String[] {"", "_bucket"}) {
            if (!page.samples(name + suffix).isEmpty()) {
                assertEquals(wanted, labelsOf(name + suffix), name);
            }
        }
    }

    /** A dashboard or a rule that asks for what is not there shows nothing and never fires, and nobody notices. */
    @ParameterizedTest
    @ValueSource(strings = {"grafana-dashboard.json", "alerts.yml"})
    void whatDashboardAndAlertsAskForIsAnswered(String file) throws IOException {
        String text = Files.readString(Tools.inTree("docs/operate/" + file));
        Set<String> asked = new TreeSet<>();
        Matcher name =
                Pattern.compile("\\b(memcached|karst|process|jvm)_[a-z_]+\\b").matcher(text);
        while (name.find()) {
            asked.add(name.group());
        }
        assertTrue(asked.size() > 10, asked::toString);
        Set<String> answered = new TreeSet<>(page.families().keySet());
        page.families().values().stream()
                .filter(family ->
                        family.type().equals("histogram") || family.type().equals("summary"))
                .forEach(family -> answered.addAll(
                        List.of(family.name() + "_bucket", family.name() + "_sum", family.name() + "_count")));
        asked.removeAll(answered);
        assertEquals(Set.of(), asked);
    }

    @Test
    void anEmptyServerAnswersTheSameFamilies() throws Exception {
        try (KarstServer empty = KarstServer.start("-m", "64", "-o", "admin=0")) {
            Exposition answer =
                    Exposition.parse(AdminClient.of(empty.adminAddress()).page("/metrics"));
            assertEquals(page.families().keySet(), answer.families().keySet());
            assertEquals(Map.of(), answer.samples("karst_hit_ratio"));
            assertEquals(0, answer.value("memcached_current_items"));
        }
    }

    @Test
    void aResetBeginsCountersAnew() throws Exception {
        try (KarstServer other = KarstServer.start("-m", "64", "-o", "admin=0");
                RawClient asking = other.connect()) {
            asking.ask("get a", "END")
                    .ask("get a", "END")
                    .ask("stats reset", "RESET")
                    .ask("get a", "END");
            Exposition answer =
                    Exposition.parse(AdminClient.of(other.adminAddress()).page("/metrics"));
            assertEquals(1, answer.value("memcached_commands_total", "command", "get", "status", "miss"));
        }
    }
}
