package io.karst.appliance.metrics;

import static io.karst.appliance.metrics.MetricFamily.Kind.COUNTER;
import static io.karst.appliance.metrics.MetricFamily.Kind.GAUGE;
import static io.karst.appliance.metrics.MetricFamily.Kind.HISTOGRAM;
import static io.karst.appliance.metrics.MetricFamily.Kind.SUMMARY;

import io.karst.appliance.metrics.MetricFamily.Series;
import io.karst.appliance.metrics.MetricFamily.Sink;
import io.karst.replication.PeerReport;
import io.karst.replication.PeerState;
import io.karst.tuning.LatencySnapshot;
import io.karst.tuning.OperationClass;
import java.lang.management.MemoryUsage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every metric, one row each; {@code docs/operate/monitor.md} has the same table, made from this one.
 *
 * <p>Those that begin with {@code memcached_} have the names, types and labels that Prometheus' memcached_exporter gives the
 * same row of {@code stats}, so that its dashboards and rules go on working; where it calls a level a counter
 * ({@code memcached_slab_mem_requested_bytes}), so do we. {@code process_} and {@code jvm_} are what Prometheus' clients for
 * Go and Java say. {@code karst_} is ours. Source: memcached_exporter 0cbb0fb.
 */
final class MetricTable {
    /** Bounds of the latency histograms, ns: 1, 2, 5 per decade, so that the targets of 10 and 50 ms are among them. */
    private static final long[] BOUNDS_NS = {
        2_000,
        5_000,
        10_000,
        20_000,
        50_000,
        100_000,
        200_000,
        500_000,
        1_000_000,
        2_000_000,
        5_000_000,
        10_000_000,
        20_000_000,
        50_000_000,
        100_000_000,
        200_000_000,
        500_000_000,
        1_000_000_000,
        2_000_000_000,
        5_000_000_000L
    };

    private static final String[] BOUNDS = Arrays.stream(BOUNDS_NS)
            .mapToObj(ns -> BigDecimal.valueOf(ns, 9).stripTrailingZeros().toPlainString())
            .toArray(String[]::new);

    private static final double NS_PER_SECOND = 1e9;
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final List<String> NONE = List.of();
    private static final List<String> SLAB = List.of("slab");
    private static final List<String> OPERATIONS = List.of("get", "delete", "incr", "decr", "cas", "touch");

    static final List<MetricFamily> FAMILIES = Stream.of(
                    exporterGeneral(),
                    exporterCrawler(),
                    exporterSlabs(),
                    latency(),
                    items(),
                    memory(),
                    connections(),
                    node(),
                    replication(),
                    process())
            .flatMap(Collection::stream)
            .toList();

    private MetricTable() {}

    // ---- memcached_exporter's ----

    private static List<MetricFamily> exporterGeneral() {
        return List.of(
                gauge("memcached_up", "1: the server answers.", (from, to) -> to.sample("", 1)),
                stat(COUNTER, "memcached_uptime_seconds", "Seconds since the start.", "uptime"),
                stat(GAUGE, "memcached_time_seconds", "The server's Unix time.", "time"),
                new MetricFamily(
                        "memcached_version",
                        GAUGE,
                        List.of("version"),
                        "1; the label is the memcached whose behaviour this server has.",
                        (from, to) -> to.sample(Labels.of("version", String.valueOf(from.stat("version"))), 1)),
                stat(COUNTER, "memcached_process_user_cpu_seconds_total", "User CPU time.", "rusage_user"),
                stat(COUNTER, "memcached_process_system_cpu_seconds_total", "System CPU time.", "rusage_system"),
                stat(COUNTER, "memcached_read_bytes_total", "Bytes received from clients.", "bytes_read"),
                stat(COUNTER, "memcached_written_bytes_total", "Bytes sent to clients.", "bytes_written"),
                stat(GAUGE, "memcached_current_connections", "Connections open now.", "curr_connections"),
                gauge(
                        "memcached_max_connections",
                        "Connections that may be open at one time (-c).",
                        (from, to) -> to.sample("", from.settings().getOrDefault("maxconns", "0"))),
                stat(COUNTER, "memcached_connections_total", "Connections accepted.", "total_connections"),
                stat(
                        COUNTER,
                        "memcached_connections_rejected_total",
                        "Connections refused because of -c.",
                        "rejected_connections"),
                stat(
                        COUNTER,
                        "memcached_connections_yielded_total",
                        "Times a connection reached -R and let others go first.",
                        "conn_yields"),
                stat(
                        COUNTER,
                        "memcached_connections_listener_disabled_total",
                        "Times accepting had to pause.",
                        "listen_disabled_num"),
                stat(GAUGE, "memcached_accepting_connections", "1 while connections are accepted.", "accepting_conns"),
                stat(GAUGE, "memcached_current_bytes", "Bytes of the items stored now, with their headers.", "bytes"),
                stat(GAUGE, "memcached_limit_bytes", "Memory for items (-m).", "limit_maxbytes"),
                gauge(
                        "memcached_malloced_bytes",
                        "Memory that segments take.",
                        (from, to) -> to.sample("", from.mallocedBytes())),
                new MetricFamily(
                        "memcached_commands_total",
                        COUNTER,
                        List.of("command", "status"),
                        "Commands by kind and outcome. A set is a store that is no cas; every one counts as a hit.",
                        MetricTable::commands),
                stat(GAUGE, "memcached_current_items", "Items stored now.", "curr_items"),
                stat(COUNTER, "memcached_items_total", "Items stored since the start.", "total_items"),
                stat(COUNTER, "memcached_items_evicted_total", "Live items removed to make room.", "evictions"),
                stat(
                        COUNTER,
                        "memcached_items_reclaimed_total",
                        "Expired items whose room a new item took.",
                        "reclaimed"),
                stat(COUNTER, "memcached_item_too_large_total", "Stores refused because of -I.", "store_too_large"),
                stat(
                        COUNTER,
                        "memcached_item_no_memory_total",
                        "Stores refused because memory was full.",
                        "store_no_memory"),
                stat(COUNTER, "memcached_direct_reclaims_total", "Always 0 here.", "direct_reclaims"));
    }

    private static List<MetricFamily> exporterCrawler() {
        String crawler = "memcached_lru_crawler_";
        return List.of(
                stat(COUNTER, crawler + "starts_total", "Always 0: loops sweep all the time.", "lru_crawler_starts"),
                stat(COUNTER, crawler + "reclaimed_total", "Dead items that the sweep removed.", "crawler_reclaimed"),
                stat(
                        COUNTER,
                        crawler + "items_checked_total",
                        "Items that the sweep looked at.",
                        "crawler_items_checked"),
                stat(COUNTER, crawler + "moves_to_cold_total", "Always 0: there are no LRU lists.", "moves_to_cold"),
                stat(COUNTER, crawler + "moves_to_warm_total", "Always 0: there are no LRU lists.", "moves_to_warm"),
                stat(
                        COUNTER,
                        crawler + "moves_within_lru_total",
                        "Always 0: there are no LRU lists.",
                        "moves_within_lru"));
    }

    private static List<MetricFamily> exporterSlabs() {
        return List.of(
                slab(GAUGE, "current_items", "Items in the class.", "number"),
                slab(GAUGE, "items_age_seconds", "Idle time of the item evicted last.", "age"),
                slab(COUNTER, "items_crawler_reclaimed_total", "Removed by the sweep.", "crawler_reclaimed"),
                slab(COUNTER, "items_evicted_total", "Live items removed to make room.", "evicted"),
                slab(COUNTER, "items_evicted_nonzero_total", "Always 0 here.", "evicted_nonzero"),
                slab(COUNTER, "items_evicted_time_seconds", "Idle time of the item evicted last.", "evicted_time"),
                slab(COUNTER, "items_evicted_unfetched_total", "Evicted and never read.", "evicted_unfetched"),
                slab(COUNTER, "items_expired_unfetched_total", "Expired and never read.", "expired_unfetched"),
                slab(COUNTER, "items_outofmemory_total", "Stores refused for want of memory.", "outofmemory"),
                slab(COUNTER, "items_reclaimed_total", "Expired items whose room was taken.", "reclaimed"),
                slab(COUNTER, "items_tailrepairs_total", "Always 0 here.", "tailrepairs"),
                slab(COUNTER, "mem_requested_bytes", "Bytes of the class's items.", "mem_requested"),
                slab(COUNTER, "items_moves_to_cold", "Always 0 here.", "moves_to_cold"),
                slab(COUNTER, "items_moves_to_warm", "Always 0 here.", "moves_to_warm"),
                slab(COUNTER, "items_moves_within_lru", "Always 0 here.", "moves_within_lru"),
                slab(GAUGE, "hot_items", "Always 0 here.", "number_hot"),
                slab(GAUGE, "warm_items", "Always 0 here.", "number_warm"),
                slab(GAUGE, "cold_items", "All items of the class.", "number_cold"),
                slab(GAUGE, "hot_age_seconds", "Always 0 here.", "age_hot"),
                slab(GAUGE, "warm_age_seconds", "Always 0 here.", "age_warm"),
                new MetricFamily(
                        "memcached_slab_lru_hits_total",
                        COUNTER,
                        List.of("slab", "lru"),
                        "Gets that found an item of the class.",
                        MetricTable::lruHits),
                slab(GAUGE, "chunk_size_bytes", "Bytes per chunk.", "chunk_size"),
                slab(GAUGE, "chunks_per_page", "Chunks per segment.", "chunks_per_page"),
                slab(GAUGE, "current_pages", "Segments.", "total_pages"),
                slab(GAUGE, "current_chunks", "Chunks.", "total_chunks"),
                slab(GAUGE, "chunks_used", "Chunks in use.", "used_chunks"),
                slab(GAUGE, "chunks_free", "Chunks not in use.", "free_chunks"),
                slab(GAUGE, "chunks_free_end", "Always 0 here.", "free_chunks_end"),
                new MetricFamily(
                        "memcached_slab_commands_total",
                        COUNTER,
                        List.of("slab", "command", "status"),
                        "Commands that met an item of the class, by kind and outcome.",
                        MetricTable::slabCommands));
    }

    private static void commands(Readings from, Sink to) {
        for (String operation : OPERATIONS) {
            to.sample(Labels.of("command", operation, "status", "hit"), from.count(operation + "_hits"));
            to.sample(Labels.of("command", operation, "status", "miss"), from.count(operation + "_misses"));
        }
        to.sample(Labels.of("command", "cas", "status", "badval"), from.count("cas_badval"));
        to.sample(Labels.of("command", "flush", "status", "hit"), from.count("cmd_flush"));
        long cas = from.count("cas_misses") + from.count("cas_hits") + from.count("cas_badval");
        to.sample(Labels.of("command", "set", "status", "hit"), from.count("cmd_set") - cas);
    }

    private static void lruHits(Readings from, Sink to) {
        from.classes().forEach((slab, rows) -> {
            to.sample(Labels.of("slab", slab, "lru", "hot"), rows.getOrDefault("hits_to_hot", "0"));
            to.sample(Labels.of("slab", slab, "lru", "warm"), rows.getOrDefault("hits_to_warm", "0"));
            to.sample(Labels.of("slab", slab, "lru", "cold"), rows.getOrDefault("hits_to_cold", "0"));
            to.sample(Labels.of("slab", slab, "lru", "temporary"), rows.getOrDefault("hits_to_temp", "0"));
        });
    }

    private static void slabCommands(Readings from, Sink to) {
        from.classes().forEach((slab, rows) -> {
            for (String operation : OPERATIONS) {
                to.sample(
                        Labels.of("slab", slab, "command", operation, "status", "hit"),
                        number(rows, operation + "_hits"));
            }
            to.sample(Labels.of("slab", slab, "command", "cas", "status", "badval"), number(rows, "cas_badval"));
            to.sample(
                    Labels.of("slab", slab, "command", "set", "status", "hit"),
                    number(rows, "cmd_set") - number(rows, "cas_hits") - number(rows, "cas_badval"));
        });
    }

    private static long number(Map<String, String> rows, String key) {
        return Long.parseLong(rows.getOrDefault(key, "0"));
    }

    // ---- ours ----

    private static List<MetricFamily> latency() {
        return List.of(
                new MetricFamily(
                        "karst_command_latency_seconds",
                        HISTOGRAM,
                        List.of("command", "le"),
                        "From the look at what a client sent until the kernel had the answers; commands of one read burst"
                                + " in seventeen, since the start or stats reset.",
                        MetricTable::histograms),
                new MetricFamily(
                        "karst_command_latency_max_seconds",
                        GAUGE,
                        List.of("command"),
                        "The longest of these.",
                        (from, to) -> {
                            for (OperationClass operation : OperationClass.values()) {
                                to.sample(
                                        Labels.of("command", operation.label()),
                                        seconds(from.latencies().maxNs(operation) / NS_PER_SECOND));
                            }
                        }));
    }

    private static void histograms(Readings from, Sink to) {
        LatencySnapshot latencies = from.latencies();
        for (OperationClass operation : OperationClass.values()) {
            String label = operation.label();
            for (int i = 0; i < BOUNDS.length; i++) {
                to.sample(
                        "_bucket",
                        Labels.of("command", label, "le", BOUNDS[i]),
                        Long.toString(latencies.countUpTo(operation, BOUNDS_NS[i])));
            }
            String count = Long.toString(latencies.count(operation));
            to.sample("_bucket", Labels.of("command", label, "le", "+Inf"), count);
            to.sample("_sum", Labels.of("command", label), seconds(latencies.sumNs(operation) / NS_PER_SECOND));
            to.sample("_count", Labels.of("command", label), count);
        }
    }

    private static List<MetricFamily> items() {
        return List.of(
                gauge(
                        "karst_hit_ratio",
                        "Gets that found an item, 0 to 1, since the start or stats reset; nothing"
                                + " before the first get.",
                        MetricTable::hitRatio),
                stat(COUNTER, "karst_meta_commands_total", "Meta commands, mn not counted.", "cmd_meta"),
                stat(COUNTER, "karst_touch_commands_total", "touch, gat, gats and mg with T.", "cmd_touch"),
                stat(COUNTER, "karst_get_expired_total", "Gets that met an expired item.", "get_expired"),
                stat(COUNTER, "karst_get_flushed_total", "Gets that met a flushed item.", "get_flushed"),
                stat(
                        COUNTER,
                        "karst_items_expired_unfetched_total",
                        "Items that expired and were never read.",
                        "expired_unfetched"),
                stat(
                        COUNTER,
                        "karst_items_evicted_unfetched_total",
                        "Items that were evicted and never read.",
                        "evicted_unfetched"),
                stat(
                        COUNTER,
                        "karst_values_refused_total",
                        "Values refused because too many were half received.",
                        "read_buf_oom"),
                stat(
                        COUNTER,
                        "karst_segment_lock_waits_total",
                        "Waits for a segment that another loop had.",
                        "segment_lock_waits"));
    }

    private static void hitRatio(Readings from, Sink to) {
        long hits = from.count("get_hits");
        long gets = hits + from.count("get_misses");
        if (gets > 0) {
            to.sample("", Double.toString((double) hits / gets));
        }
    }

    private static List<MetricFamily> memory() {
        return List.of(
                new MetricFamily(
                        "karst_memory_bytes",
                        GAUGE,
                        List.of("kind"),
                        "Memory by use: items; store, which items and their index are in; index; huge_pages, that lie in"
                                + " such; network, buffers; half_received, values in those; heap, of Java.",
                        (from, to) -> {
                            kind(to, "items", from.count("bytes"));
                            kind(to, "store", from.count("store_bytes"));
                            kind(to, "index", from.count("hash_bytes"));
                            kind(to, "huge_pages", from.count("huge_page_bytes"));
                            kind(to, "network", from.process().networkBytes());
                            kind(to, "half_received", from.count("read_buf_bytes"));
                            kind(to, "heap", from.process().heap().getUsed());
                        }),
                new MetricFamily(
                        "karst_memory_limit_bytes",
                        GAUGE,
                        List.of("kind"),
                        "The most that store, network and heap may take.",
                        (from, to) -> {
                            kind(to, "store", from.count("limit_maxbytes"));
                            kind(to, "network", from.process().networkMaxBytes());
                            kind(to, "heap", from.process().heap().getMax());
                        }));
    }

    private static void kind(Sink to, String kind, long bytes) {
        to.sample(Labels.of("kind", kind), bytes);
    }

    private static List<MetricFamily> connections() {
        return List.of(
                labelled(
                        "karst_connections_refused_total",
                        "reason",
                        "Connections refused at the door: limit is -c, per_address -o maxconns_per_address.",
                        Map.of("limit", "rejected_connections", "per_address", "rejected_per_address")),
                labelled(
                        "karst_connections_closed_total",
                        "reason",
                        "Connections closed by the server: idle for too long, a command that never ended, a client that"
                                + " did not read, bytes of another protocol.",
                        Map.of(
                                "idle", "idle_kicks",
                                "partial_command", "partial_command_kicks",
                                "slow_reader", "slow_reader_kicks",
                                "malformed", "malformed_connections")),
                stat(
                        COUNTER,
                        "karst_datagrams_malformed_total",
                        "UDP datagrams dropped because they were no whole request.",
                        "malformed_datagrams"),
                stat(COUNTER, "karst_logins_total", "Logins tried.", "auth_cmds"),
                stat(COUNTER, "karst_logins_failed_total", "Logins that failed.", "auth_errors"),
                stat(
                        COUNTER,
                        "karst_tls_handshakes_failed_total",
                        "Clients with whom TLS did not come about; only with -Z.",
                        "ssl_handshake_errors"),
                stat(
                        GAUGE,
                        "karst_tls_certificates_age_seconds",
                        "Since the certificates were read; only with -Z.",
                        "time_since_server_cert_refresh"),
                gauge(
                        "karst_open_without_login",
                        "1 when other machines can connect and nobody asks who they are.",
                        (from, to) -> to.sample("", from.isOpenToOthers() ? 1 : 0)),
                stat(COUNTER, "karst_commands_suspended_total", "Commands that had to wait.", "suspended_commands"),
                stat(
                        COUNTER,
                        "karst_failures_total",
                        "Exceptions on an event loop: our bugs, please report.",
                        "handler_failures"));
    }

    private static List<MetricFamily> node() {
        return List.of(
                new MetricFamily(
                        "karst_build_info",
                        GAUGE,
                        List.of("version", "java"),
                        "1; the labels say what runs.",
                        (from, to) -> to.sample(
                                Labels.of(
                                        "version",
                                        from.version(),
                                        "java",
                                        from.process().javaVersion()),
                                1)),
                stat(GAUGE, "karst_event_loops", "Event loops (-t).", "threads"),
                gauge(
                        "karst_event_loops_silent",
                        "Event loops that ran no task for a second.",
                        (from, to) -> to.sample("", from.silentLoops())),
                count("karst_admin_requests_total", "Requests to the admin port.", admin -> admin.requests()),
                count(
                        "karst_admin_unauthorized_total",
                        "Those without the token where one is needed.",
                        admin -> admin.unauthorized()),
                count(
                        "karst_admin_misdirected_total",
                        "Those refused for the name or the page that they came from.",
                        admin -> admin.misdirected()),
                count(
                        "karst_admin_connections_dropped_total",
                        "Admin connections closed to make room for others.",
                        admin -> admin.dropped()));
    }

    private static List<MetricFamily> replication() {
        return List.of(
                gauge(
                        "karst_replication_warm",
                        "1 when this node has what it should; nothing without peers.",
                        (from, to) -> {
                            if (from.replication() != null) {
                                to.sample("", from.replication().isWarm() ? 1 : 0);
                            }
                        }),
                peer(
                        "karst_peer_up",
                        "1 while a peer is up; nothing without peers.",
                        peer -> peer.state() == PeerState.UP ? 1 : 0),
                new MetricFamily(
                        "karst_replication_lag_seconds",
                        GAUGE,
                        List.of("peer", "quantile"),
                        "From a write here to the acknowledgement of a peer, since the start; nothing without peers.",
                        (from, to) -> {
                            for (PeerReport peer : from.peers()) {
                                lag(to, peer, "0.5", peer.lagP50Micros());
                                lag(to, peer, "0.99", peer.lagP99Micros());
                                lag(to, peer, "1", peer.lagMaxMicros());
                            }
                        }),
                peer("karst_replication_outstanding_bytes", "Sent and not acknowledged.", PeerReport::outstandingBytes),
                peer(
                        "karst_replication_dirty_buckets",
                        "Of 65,536 parts of all keys, those in which a peer has to be repaired.",
                        PeerReport::dirtyBuckets),
                peer(
                        "karst_peer_config_different",
                        "1 when a peer has another configuration than this node.",
                        peer -> peer.isConfigDifferent() ? 1 : 0),
                new MetricFamily(
                        "karst_replication_events_total",
                        COUNTER,
                        List.of("event"),
                        "What stats replication counts, under its names; nothing without peers.",
                        (from, to) -> {
                            if (from.replication() != null) {
                                from.replication()
                                        .events()
                                        .forEach((event, count) -> to.sample(Labels.of("event", event), count));
                            }
                        }));
    }

    private static void lag(Sink to, PeerReport peer, String quantile, long micros) {
        to.sample("", Labels.of("peer", peer.name(), "quantile", quantile), seconds(micros / MICROS_PER_SECOND));
    }

    private static MetricFamily peer(String name, String help, ToLongFunction<PeerReport> figure) {
        return new MetricFamily(name, GAUGE, List.of("peer"), help, (from, to) -> {
            for (PeerReport peer : from.peers()) {
                to.sample(Labels.of("peer", peer.name()), figure.applyAsLong(peer));
            }
        });
    }

    // ---- as other programs say it ----

    private static List<MetricFamily> process() {
        return List.of(
                counter(
                        "process_cpu_seconds_total",
                        "User and system CPU time.",
                        (from, to) -> to.sample("", sum(from.stat("rusage_user"), from.stat("rusage_system")))),
                process("process_resident_memory_bytes", "Memory in RAM.", ProcessReadings::residentBytes),
                process("process_virtual_memory_bytes", "Address space.", ProcessReadings::virtualBytes),
                process("process_open_fds", "Files and sockets open.", ProcessReadings::openFiles),
                process("process_max_fds", "Files and sockets that may be open.", ProcessReadings::maxFiles),
                gauge(
                        "process_start_time_seconds",
                        "Start of the process, Unix time.",
                        (from, to) -> to.sample("", seconds(from.process().startMillis() / MILLIS_PER_SECOND))),
                process("jvm_threads_current", "Live threads of Java.", process -> process.threads()),
                area("jvm_memory_used_bytes", "Memory of Java in use.", MemoryUsage::getUsed),
                area("jvm_memory_committed_bytes", "Memory that Java has.", MemoryUsage::getCommitted),
                area("jvm_memory_max_bytes", "Memory that Java may have; -1 for any.", MemoryUsage::getMax),
                new MetricFamily(
                        "jvm_gc_collection_seconds",
                        SUMMARY,
                        List.of("gc"),
                        "Collections of garbage and the time they took; everything stands still meanwhile.",
                        (from, to) -> {
                            for (ProcessReadings.Collector collector :
                                    from.process().collectors()) {
                                String labels = Labels.of("gc", collector.name());
                                to.sample("_count", labels, Long.toString(collector.count()));
                                to.sample("_sum", labels, seconds(collector.millis() / MILLIS_PER_SECOND));
                            }
                        }));
    }

    private static MetricFamily area(String name, String help, ToLongFunction<MemoryUsage> figure) {
        return new MetricFamily(name, GAUGE, List.of("area"), help, (from, to) -> {
            to.sample(
                    Labels.of("area", "heap"), figure.applyAsLong(from.process().heap()));
            to.sample(
                    Labels.of("area", "nonheap"),
                    figure.applyAsLong(from.process().nonHeap()));
        });
    }

    private static String sum(@Nullable String a, @Nullable String b) {
        return a == null || b == null
                ? "0"
                : new BigDecimal(a).add(new BigDecimal(b)).toPlainString();
    }

    // ---- kinds of rows ----

    private static MetricFamily counter(String name, String help, Series series) {
        return new MetricFamily(name, COUNTER, NONE, help, series);
    }

    private static MetricFamily gauge(String name, String help, Series series) {
        return new MetricFamily(name, GAUGE, NONE, help, series);
    }

    /** A row of {@code stats}; no sample where it is missing. */
    private static MetricFamily stat(MetricFamily.Kind kind, String name, String help, String key) {
        return new MetricFamily(name, kind, NONE, help, (from, to) -> {
            String value = from.stat(key);
            if (value != null) {
                to.sample("", value);
            }
        });
    }

    /** A row of {@code stats items} or {@code stats slabs}, for each class that holds something. */
    private static MetricFamily slab(MetricFamily.Kind kind, String name, String help, String key) {
        return new MetricFamily(
                "memcached_slab_" + name,
                kind,
                SLAB,
                help,
                (from, to) -> from.classes()
                        .forEach((slab, rows) -> to.sample(Labels.of("slab", slab), rows.getOrDefault(key, "0"))));
    }

    /** Rows of {@code stats} that tell the same thing apart by a label; {@code keys} by the label's values. */
    private static MetricFamily labelled(String name, String label, String help, Map<String, String> keys) {
        List<String> values = new ArrayList<>(keys.keySet());
        values.sort(null);
        return new MetricFamily(
                name,
                COUNTER,
                List.of(label),
                help,
                (from, to) -> values.forEach(
                        value -> to.sample(Labels.of(label, value), from.count(keys.getOrDefault(value, "")))));
    }

    private static MetricFamily count(String name, String help, ToLongFunction<Readings.AdminCounts> figure) {
        return counter(name, help, (from, to) -> to.sample("", figure.applyAsLong(from.admin())));
    }

    private static MetricFamily process(String name, String help, ToLongFunction<ProcessReadings> figure) {
        return gauge(name, help, (from, to) -> to.sample("", figure.applyAsLong(from.process())));
    }

    private static String seconds(double seconds) {
        return Double.toString(seconds);
    }
}
