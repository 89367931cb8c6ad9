package io.karst.appliance.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators watch memcached with sees the same here: Prometheus' exporter and memcached-tool. */
@Timeout(60)
class MonitoringIT {
    private static final Path TOOL = Path.of("/usr/share/memcached/scripts/memcached-tool");

    private static ServerProcess memcached;
    private static KarstServer karst;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        memcached = ServerProcess.memcached("-m", "64");
        karst = KarstServer.start("-m", "64");
        for (RawClient connected : new RawClient[] {memcached.connect(), karst.connect()}) {
            try (RawClient client = connected) {
                client.ask("set small 0 0 3\r\nabc", "STORED")
                        .ask("incr small 1", "CLIENT_ERROR" + " cannot increment or decrement non-numeric value");
                client.ask("set large 5 100 300000\r\n" + "l".repeat(300_000), "STORED");
                client.ask("get small", "VALUE small 0 3\r\nabc\r\nEND").ask("get missing", "END");
                client.ask("touch small 0", "TOUCHED").ask("delete missing", "NOT_FOUND");
                client.ask("cas small 0 0 1 99999999\r\nx", "EXISTS");
            }
        }
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

    @Test
    void exporterFindsEveryMetricThatItFindsInMemcached() throws IOException {
        try (RawClient there = memcached.connect();
                RawClient here = karst.connect()) {
            MemcachedExporter theirs = MemcachedExporter.scrape(there);
            MemcachedExporter ours = MemcachedExporter.scrape(here);
            assertEquals(List.of(), theirs.errors());
            assertEquals(List.of(), ours.errors());
            Set<String> missing = new TreeSet<>(theirs.metrics());
            missing.removeAll(ours.metrics());
            missing.remove("version=1.6.18");
            // We say that there is no crawler, and then it asks for none of its settings.
            missing.removeIf(metric -> metric.matches("settings:(lru|hot|warm)_.*"));
            assertEquals(Set.of(), missing);
            assertTrue(ours.metrics().contains("version=1.6.45"), ours.metrics().toString());
        }
    }

    @Test
    void exporterFindsAnEmptyServerUp() throws IOException {
        try (KarstServer empty = KarstServer.start("-m", "64");
                RawClient client = empty.connect()) {
            assertEquals(List.of(), MemcachedExporter.scrape(client).errors());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stats", "stats slabs", "stats items", "stats settings"})
    void everyRowIsThreeWords(String question) throws IOException {
        try (RawClient client = karst.connect()) {
            for (String line : client.lines(question)) {
                assertTrue(line.matches("STAT \\S+ \\S+"), line);
                assertTrue(!line.contains(":") || !question.equals("stats"), line);
            }
        }
    }

    @Test
    void toolDisplaysTheSlabClasses() throws IOException, InterruptedException {
        List<String> theirs = tool(memcached.port(), "display");
        List<String> ours = tool(karst.port(), "display");
        assertEquals(theirs.get(0), ours.get(0));
        assertEquals(3, ours.size(), ours.toString());
        for (List<String> rows : List.of(theirs, ours)) {
            for (String row : rows.subList(1, rows.size())) {
                assertTrue(row.matches("\\s*\\d+\\s+[\\d.]+[BKM]\\s+\\d+s(\\s+\\d+){2}\\s+(yes|no)(\\s+\\d+){3}"), row);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stats", "settings"})
    void toolListsMemcachedsRows(String mode) throws IOException, InterruptedException {
        Set<String> theirs = fields(tool(memcached.port(), mode));
        Set<String> ours = fields(tool(karst.port(), mode));
        // As in StatsShapeIT: what memcached keeps for slab memory on disk, TLS, and its own threads' sake.
        theirs.removeIf(field -> mode.equals("settings")
                && field.matches("(ext|ssl|slab)_.*|num_napi_ids|memory_file|.*_logbuf_size|read_buf_mem_limit"
                        + "|tail_repair_time|temp_lru|temporary_ttl|lru_segmented|inline_ascii_response"));
        theirs.removeAll(ours);
        assertEquals(Set.of(), theirs);
    }

    private static Set<String> fields(List<String> lines) {
        return lines.stream()
                .skip(1)
                .map(line -> {
                    assertTrue(line.matches("\\s*\\S+\\s+\\S+"), line);
                    return line.trim().replaceFirst("\\s.*", "");
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void toolShowsSizes() throws IOException, InterruptedException {
        assertEquals(tool(memcached.port(), "sizes"), tool(karst.port(), "sizes"));
        try (KarstServer tracking = KarstServer.start("-m", "64", "-o", "track_sizes")) {
            try (RawClient client = tracking.connect()) {
                client.ask("set a 0 0 3\r\nabc", "STORED").ask("set b 0 0 3\r\nabc", "STORED");
            }
            List<String> sizes = tool(tracking.port(), "sizes");
            assertEquals(2, sizes.size(), sizes.toString());
            assertTrue(sizes.get(1).matches("\\s*\\d+\\s+2"), sizes.toString());
        }
    }

    /** Its lines; where the server is stands for every server. */
    private static List<String> tool(int port, String mode) throws IOException, InterruptedException {
        assumeTrue(Files.exists(TOOL), "no " + TOOL + " here");
        String server = "127.0.0.1:" + port;
        Tools.Outcome outcome = Tools.run("perl", TOOL.toString(), server, mode);
        assertEquals(0, outcome.status(), outcome.out());
        List<String> lines = new ArrayList<>();
        outcome.out().replaceFirst("#" + server + "\\s+", "#server ").lines().forEach(lines::add);
        return lines;
    }
}
