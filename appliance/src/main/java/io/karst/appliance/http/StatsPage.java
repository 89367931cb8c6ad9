package io.karst.appliance.http;

import io.karst.appliance.admin.ConnectionsReport;
import io.karst.appliance.admin.LoopQuestion;
import io.karst.appliance.admin.ReplicationReport;
import io.karst.appliance.hotkeys.HotKeysReport;
import io.karst.appliance.metrics.ProcessReadings;
import io.karst.appliance.metrics.Readings;
import io.karst.appliance.metrics.TextFormat;
import io.karst.appliance.replication.Replication;
import io.karst.protocol.ClientConnection;
import io.karst.replication.ReplicationAgent;
import io.karst.replication.ReplicationCounter;
import io.karst.tuning.LatencySnapshot;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answers that are made of statistics: {@code /metrics}, {@code /v1/stats}, {@code /v1/hotkeys}, {@code /v1/peers}.
 * Thread-safe. Takes no lock of the data path; what only a loop may look at, the loop is asked for.
 */
final class StatsPage {
    /** Connections listed per loop: a loop with 100,000 would be busy for a tenth of a second. */
    private static final int CONNECTIONS_MAX = 256;
    /** Each loop spends some 50 microseconds on handing over its latencies, so not for every request. */
    private static final long LATENCIES_FRESH_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final String SECTIONS = "general, settings, items, slabs, latency, conns, advise, replication";

    private final NodeView node;
    private final LoopQuestion loops;
    private final AdminCounters counters;
    private long collectedNs = System.nanoTime() - LATENCIES_FRESH_NS;
    private List<Integer> silentLoops = List.of();

    StatsPage(NodeView node, LoopQuestion loops, AdminCounters counters) {
        this.node = node;
        this.loops = loops;
        this.counters = counters;
    }

    // ---- /metrics ----

    Answer metrics() throws InterruptedException {
        List<Integer> silent = collectLatencies();
        LatencySnapshot latencies = new LatencySnapshot();
        node.latencies().copyTo(latencies);
        Map<String, String> totals = new HashMap<>();
        Map<String, Map<String, String>> classes = new TreeMap<>();
        node.report().items((key, value) -> addToClass(classes, key.substring("items:".length()), value));
        node.report().slabs((key, value) -> {
            if (key.indexOf(':') < 0) {
                totals.put(key, value);
            } else {
                addToClass(classes, key, value);
            }
        });
        Readings readings = new Readings(
                rows(node.report()::general),
                rows(node.settingsRows()),
                classes,
                totals.getOrDefault("total_malloced", "0"),
                latencies,
                silent.size(),
                node.settings().isOpenToOthers(),
                node.version(),
                copying(),
                counters.read(),
                ProcessReadings.now());
        return Answer.of(HttpResponseStatus.OK, TextFormat.CONTENT_TYPE, TextFormat.of(readings));
    }

    private Readings.@Nullable Copying copying() {
        Replication replication = node.server().replication();
        if (replication == null) {
            return null;
        }
        ReplicationAgent.Report report = replication.agent().report();
        Map<String, Long> events = new LinkedHashMap<>();
        for (ReplicationCounter counter : ReplicationCounter.values()) {
            events.put(counter.toString(), replication.agent().node().counters().get(counter));
        }
        return new Readings.Copying(report.isWarm(), report.peers(), events);
    }

    private static void addToClass(Map<String, Map<String, String>> classes, String key, String value) {
        int colon = key.indexOf(':');
        classes.computeIfAbsent(key.substring(0, colon), name -> new HashMap<>())
                .put(key.substring(colon + 1), value);
    }

    /** Has the loops add what they have timed, unless they just did; the loops that do not answer. */
    private synchronized List<Integer> collectLatencies() throws InterruptedException {
        if (System.nanoTime() - collectedNs >= LATENCIES_FRESH_NS) {
            silentLoops = loops.ask(loop ->
                    node.latencies().add(loop, node.server().executor(loop).timer()));
            collectedNs = System.nanoTime();
        }
        return silentLoops;
    }

    // ---- /v1/stats ----

    Answer stats(@Nullable String section) throws InterruptedException {
        Map<String, String> rows = switch (section == null ? "general" : section) {
            case "general" -> rows(node.report()::general);
            case "settings" -> rows(node.settingsRows());
            case "items" -> rows(node.report()::items);
            case "slabs" -> rows(node.report()::slabs);
            case "advise" -> rows(node.report()::advise);
            case "replication" ->
                rows(to -> ReplicationReport.write(node.server().replication(), to));
            case "latency" -> latency();
            case "conns" -> connections();
            default -> Map.of();
        };
        boolean isKnown = section == null || List.of(SECTIONS.split(", ")).contains(section);
        return isKnown
                ? Answer.json(Json.of(rows))
                : Answer.failure(HttpResponseStatus.BAD_REQUEST, "No such section. There are " + SECTIONS + ".");
    }

    private static Map<String, String> rows(Consumer<BiConsumer<String, String>> report) {
        Map<String, String> rows = new LinkedHashMap<>();
        report.accept(rows::put);
        return rows;
    }

    private Map<String, String> latency() throws InterruptedException {
        collectLatencies();
        return rows(node.latencies()::write);
    }

    private Map<String, String> connections() throws InterruptedException {
        Map<String, String> rows = new LinkedHashMap<>();
        List<String> listeners = node.server().listeners();
        for (int i = 0; i < listeners.size(); i++) {
            rows.put("L" + i + ":addr", listeners.get(i));
            rows.put("L" + i + ":state", "conn_listening");
        }
        AtomicReferenceArray<@Nullable Map<String, String>> parts =
                new AtomicReferenceArray<>(node.server().loopCount());
        loops.ask(loop -> parts.set(loop, connectionsOf(loop)));
        for (int i = 0; i < parts.length(); i++) {
            Map<String, String> part = parts.get(i);
            if (part != null) {
                rows.putAll(part);
            }
        }
        return rows;
    }

    private Map<String, String> connectionsOf(int loop) {
        Map<String, String> rows = new LinkedHashMap<>();
        List<? extends ClientConnection> connections = node.server().loop(loop).connections();
        for (int i = 0; i < Math.min(CONNECTIONS_MAX, connections.size()); i++) {
            ConnectionsReport.describe(connections.get(i), rows::put);
        }
        return rows;
    }

    // ---- what other parts of the server may know ----

    Answer hotKeys() throws InterruptedException {
        boolean isAllowed = node.settings().showsHotKeys();
        HotKeysReport report = new HotKeysReport();
        if (isAllowed) {
            loops.ask(loop -> node.server().executor(loop).addHotKeys(report));
        }
        return Answer.json(Json.hotKeys(isAllowed ? report.hottest() : null));
    }

    Answer peers() {
        Readings.Copying copying = copying();
        return Answer.json(Json.peers(copying == null ? null : copying.peers()));
    }
}
