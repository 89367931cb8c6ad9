package io.karst.appliance.stats;

import io.karst.appliance.Version;
import io.karst.appliance.command.CommandCounter;
import io.karst.eviction.AccessMetadata;
import io.karst.eviction.PolicyKind;
import io.karst.protocol.WireCounter;
import io.karst.store.ArenaReport;
import io.karst.store.SizeBand;
import io.karst.store.StoreAdvice;
import io.karst.store.StoreCounters;
import io.karst.store.StoreSettings;
import io.karst.tuning.OperationClass;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * {@code stats}, {@code stats items} and {@code stats slabs}: memcached's keys, in its order, with its meanings, then
 * ours. What only makes sense with slabs and LRU lists is there, because tools look for it, and is 0. A slab class is a
 * {@link SizeBand}: class 1 the small arena, class 2 the large one; a slab page is a segment.
 *
 * <p>Thread-safe. {@link #reset} remembers what the counters were, since only their loops may write them. Keys hold no
 * colon (in plain {@code stats}) and values no space, as exporters want it. Source: PROTOCOL section 4.
 */
public final class StatsReport {
    private static final Set<OperationClass> READS = EnumSet.of(OperationClass.GET);
    private static final Set<OperationClass> WRITES =
            EnumSet.of(OperationClass.SET, OperationClass.DELETE, OperationClass.ARITHMETIC);

    private final StatsSources sources;
    private volatile Map<String, Long> baseline = Map.of();

    /** A report over these sources. */
    public StatsReport(StatsSources sources) {
        this.sources = sources;
    }

    /** {@code stats reset}: counts start again from 0; levels such as curr_items stay. */
    public void reset() {
        Map<String, Long> now = new HashMap<>();
        for (CommandCounter counter : CommandCounter.values()) {
            now.put(counter.statName(), sources.sum(counter));
            for (SizeBand band : SizeBand.values()) {
                now.put(bandKey(band, counter.statName()), sources.sum(band, counter));
            }
        }
        for (WireCounter counter : WireCounter.values()) {
            now.put(counter.statName(), sources.sum(counter));
        }
        for (SizeBand band : SizeBand.values()) {
            for (int counter = 0; counter < StoreCounters.COUNT; counter++) {
                now.put(bandKey(band, "store" + counter), sources.store().counter(band, counter));
            }
        }
        now.put("rejected_connections", sources.rejectedConnections().getAsLong());
        now.put("rejected_per_address", sources.rejectedPerAddress().getAsLong());
        baseline = Map.copyOf(now);
    }

    private static String bandKey(SizeBand band, String name) {
        return band + " " + name;
    }

    private long since(String key, long value) {
        return value - baseline.getOrDefault(key, 0L);
    }

    private long count(CommandCounter counter) {
        return since(counter.statName(), sources.sum(counter));
    }

    private long count(SizeBand band, CommandCounter counter) {
        return since(bandKey(band, counter.statName()), sources.sum(band, counter));
    }

    private long count(WireCounter counter) {
        return since(counter.statName(), sources.sum(counter));
    }

    private long count(SizeBand band, int storeCounter) {
        return since(bandKey(band, "store" + storeCounter), sources.store().counter(band, storeCounter));
    }

    private long count(int storeCounter) {
        return count(SizeBand.SMALL, storeCounter) + count(SizeBand.LARGE, storeCounter);
    }

    // ---- stats ----

    /** The rows of plain {@code stats}. */
    public void general(BiConsumer<String, String> rows) {
        Rows to = new Rows(rows);
        processRows(to);
        connectionRows(to);
        commandRows(to);
        to.add(WireCounter.AUTH_CMDS);
        to.add(WireCounter.AUTH_ERRORS);
        to.add("bytes_read", count(WireCounter.BYTES_READ));
        to.add("bytes_written", count(WireCounter.BYTES_WRITTEN));
        to.add("limit_maxbytes", sources.store().settings().memoryLimit());
        to.add("accepting_conns", sources.accepting().getAsBoolean() ? 1 : 0);
        to.add("listen_disabled_num", sources.listenDisabled().getAsLong());
        to.add("time_in_listen_disabled_us", 0);
        to.add("threads", sources.loops().size());
        to.add("conn_yields", count(WireCounter.CONN_YIELDS));
        hashRows(to);
        slabAndCrawlerRows(to);
        itemRows(to);
        ourRows(to);
    }

    private void processRows(Rows to) {
        ProcessTimes times = ProcessTimes.read();
        long micros = sources.clock().micros();
        to.add("pid", ProcessHandle.current().pid());
        to.add(
                "uptime",
                micros / 1_000_000 - Integer.toUnsignedLong(sources.clock().startSeconds()));
        to.add("time", micros / 1_000_000);
        to.add("version", Version.MEMCACHED);
        to.add("libevent", "netty");
        to.add("pointer_size", 64);
        to.add("rusage_user", ProcessTimes.seconds(times.userMicros()));
        to.add("rusage_system", ProcessTimes.seconds(times.systemMicros()));
    }

    private void connectionRows(Rows to) {
        long open = sources.sum(WireCounter.CURR_CONNECTIONS);
        to.add("max_connections", sources.maxConnections());
        to.add("curr_connections", open);
        to.add("total_connections", count(WireCounter.TOTAL_CONNECTIONS));
        to.add(
                "rejected_connections",
                since("rejected_connections", sources.rejectedConnections().getAsLong()));
        to.add("connection_structures", open);
        to.add("response_obj_oom", 0);
        to.add("response_obj_count", 0);
        to.add("response_obj_bytes", 0);
        to.add("read_buf_count", 0);
        to.add("read_buf_bytes", sources.sum(WireCounter.IN_FLIGHT_BYTES));
        to.add("read_buf_bytes_free", 0);
        to.add("read_buf_oom", count(WireCounter.IN_FLIGHT_REFUSED));
        to.add("reserved_fds", 0);
    }

    private void commandRows(Rows to) {
        to.add(CommandCounter.CMD_GET);
        to.add(CommandCounter.CMD_SET);
        to.add(CommandCounter.CMD_FLUSH);
        to.add(CommandCounter.CMD_TOUCH);
        to.add(CommandCounter.CMD_META);
        to.add(CommandCounter.GET_HITS);
        to.add(CommandCounter.GET_MISSES);
        to.add("get_expired", count(StoreCounters.GET_EXPIRED));
        to.add("get_flushed", count(StoreCounters.GET_FLUSHED));
        to.add(CommandCounter.DELETE_MISSES);
        to.add(CommandCounter.DELETE_HITS);
        to.add(CommandCounter.INCR_MISSES);
        to.add(CommandCounter.INCR_HITS);
        to.add(CommandCounter.DECR_MISSES);
        to.add(CommandCounter.DECR_HITS);
        to.add(CommandCounter.CAS_MISSES);
        to.add(CommandCounter.CAS_HITS);
        to.add(CommandCounter.CAS_BADVAL);
        to.add(CommandCounter.TOUCH_HITS);
        to.add(CommandCounter.TOUCH_MISSES);
        to.add(CommandCounter.STORE_TOO_LARGE);
        to.add(CommandCounter.STORE_NO_MEMORY);
    }

    private void hashRows(Rows to) {
        long bytes = 0;
        for (SizeBand band : SizeBand.values()) {
            ArenaReport arena = sources.store().report(band);
            bytes += arena == null ? 0 : arena.hashLookupBytes();
        }
        to.add("hash_power_level", 63 - Long.numberOfLeadingZeros(Math.max(1, bytes / Integer.BYTES)));
        to.add("hash_bytes", bytes);
        to.add("hash_is_expanding", 0);
    }

    private void slabAndCrawlerRows(Rows to) {
        to.zero("slab_reassign_rescues", "slab_reassign_chunk_rescues", "slab_reassign_evictions_nomem");
        to.zero("slab_reassign_inline_reclaim", "slab_reassign_busy_items", "slab_reassign_busy_deletes");
        to.zero("slab_reassign_running", "slabs_moved", "lru_crawler_running", "lru_crawler_starts");
        to.zero("lru_maintainer_juggles", "malloc_fails", "log_worker_dropped");
        to.add("log_worker_written", sources.logs().written());
        to.add("log_watcher_skipped", sources.logs().skipped());
        to.add("log_watcher_sent", sources.logs().sent());
        to.add("log_watchers", sources.logs().watcherCount());
        long certificateAge = sources.certificateAge().getAsLong();
        if (certificateAge >= 0) {
            to.add(WireCounter.TLS_HANDSHAKE_ERRORS);
            to.add("time_since_server_cert_refresh", certificateAge);
        }
        to.zero("unexpected_napi_ids", "round_robin_fallback");
    }

    private void itemRows(Rows to) {
        to.add("bytes", sources.store().counter(StoreCounters.BYTES));
        to.add("curr_items", sources.store().itemCount());
        to.add("total_items", count(StoreCounters.TOTAL_ITEMS));
        to.add("slab_global_page_pool", 0);
        to.add("expired_unfetched", count(StoreCounters.EXPIRED_UNFETCHED));
        to.add("evicted_unfetched", count(StoreCounters.EVICTED_UNFETCHED));
        to.add("evicted_active", 0);
        to.add("evictions", count(StoreCounters.EVICTIONS));
        to.add("reclaimed", count(StoreCounters.RECLAIMED));
        to.add("crawler_reclaimed", count(StoreCounters.SWEEP_RECLAIMED));
        to.add("crawler_items_checked", count(StoreCounters.SWEEP_CHECKED));
        to.zero("lrutail_reflocked", "moves_to_cold", "moves_to_warm");
        to.zero("moves_within_lru", "direct_reclaims", "lru_bumps_dropped");
    }

    private void ourRows(Rows to) {
        to.add("karst_version", sources.version());
        to.add(
                "rejected_per_address",
                since("rejected_per_address", sources.rejectedPerAddress().getAsLong()));
        to.add("store_bytes", sources.store().footprint());
        to.add("huge_page_bytes", sources.hugePageBytes().getAsLong());
        to.add("hlog_written", sources.latencyLog().written().getAsLong());
        to.add("hlog_failures", sources.latencyLog().failures().getAsLong());
        to.add("segment_lock_waits", count(StoreCounters.LOCK_SPINS));
        to.add(WireCounter.IDLE_KICKS);
        to.add(WireCounter.PARTIAL_KICKS);
        to.add(WireCounter.SLOW_READER_KICKS);
        to.add(WireCounter.MALFORMED);
        to.add(WireCounter.MALFORMED_DATAGRAMS);
        to.add(WireCounter.SUSPENDED_COMMANDS);
        to.add(WireCounter.HANDLER_FAILURES);
    }

    // ---- stats slo ----

    /**
     * What {@code stats slo} judges.
     *
     * @param latencies to which every loop has just added
     * @param eviction who makes room at present
     * @param lagP99Micros of the peer that is furthest behind; negative without one
     */
    public TargetsReport.Measured measured(LatencyTotals latencies, PolicyKind eviction, long lagP99Micros) {
        long hits = count(CommandCounter.GET_HITS);
        // Loops count on meanwhile: read afterwards, gets are never fewer than hits.
        long gets = Math.max(hits, count(CommandCounter.CMD_GET));
        return new TargetsReport.Measured(
                latencies.p99Ns(READS),
                latencies.p99Ns(WRITES),
                gets == 0 ? -1 : 100.0 * hits / gets,
                100.0
                        * sources.store().counter(StoreCounters.BYTES)
                        / sources.store().settings().memoryLimit(),
                eviction != PolicyKind.NONE,
                lagP99Micros);
    }

    // ---- stats advise ----

    /** The rows of {@code stats advise}: whether other settings would hold more of what is stored. Ours alone. */
    public void advise(BiConsumer<String, String> rows) {
        Rows to = new Rows(rows);
        StoreAdvice advice = sources.store().advise();
        if (advice == null) {
            to.add("advice", "none");
            return;
        }
        StoreSettings settings = sources.store().settings();
        to.add("item_size", settings.itemSizeHint());
        to.add("item_size_mean", advice.meanEntryBytes());
        to.add("item_size_advised", advice.itemSizeHint());
        to.add("items_that_fit", advice.items());
        to.add("items_that_fit_advised", advice.itemsWithHint());
        to.add("large", settings.largePercent());
        to.add("large_advised", advice.largePercent());
        to.add("large_because", advice.largeReason().replace(' ', '_'));
    }

    // ---- stats items, stats slabs ----

    /** The rows of {@code stats items}: classes that hold something. */
    public void items(BiConsumer<String, String> rows) {
        for (SizeBand band : SizeBand.values()) {
            ArenaReport arena = sources.store().report(band);
            if (arena != null && arena.items() > 0) {
                itemsOf(
                        band,
                        arena,
                        new Rows((key, value) -> rows.accept("items:" + classId(band) + ":" + key, value)));
            }
        }
    }

    private void itemsOf(SizeBand band, ArenaReport arena, Rows to) {
        long evictedIdleTicks = sources.store().counter(band, StoreCounters.EVICTED_IDLE_TICKS);
        long evictedIdleSeconds = evictedIdleTicks * AccessMetadata.TICK_MICROS / 1_000_000;
        to.add("number", arena.items());
        to.zero("number_hot", "number_warm");
        to.add("number_cold", arena.items());
        to.zero("age_hot", "age_warm");
        to.add("age", evictedIdleSeconds);
        to.add("mem_requested", sources.store().counter(band, StoreCounters.BYTES));
        to.add("evicted", count(band, StoreCounters.EVICTIONS));
        to.zero("evicted_nonzero");
        to.add("evicted_time", evictedIdleSeconds);
        to.add("outofmemory", count(band, StoreCounters.NO_MEMORY));
        to.zero("tailrepairs");
        to.add("reclaimed", count(band, StoreCounters.RECLAIMED));
        to.add("expired_unfetched", count(band, StoreCounters.EXPIRED_UNFETCHED));
        to.add("evicted_unfetched", count(band, StoreCounters.EVICTED_UNFETCHED));
        to.zero("evicted_active");
        to.add("crawler_reclaimed", count(band, StoreCounters.SWEEP_RECLAIMED));
        to.add("crawler_items_checked", count(band, StoreCounters.SWEEP_CHECKED));
        to.zero("lrutail_reflocked");
        to.zero("moves_to_cold", "moves_to_warm", "moves_within_lru", "direct_reclaims", "hits_to_hot", "hits_to_warm");
        to.add("hits_to_cold", count(band, CommandCounter.GET_HITS));
        to.zero("hits_to_temp");
    }

    /** The rows of {@code stats slabs}: classes that hold something, then the totals. */
    public void slabs(BiConsumer<String, String> rows) {
        int active = 0;
        long malloced = 0;
        for (SizeBand band : SizeBand.values()) {
            ArenaReport arena = sources.store().report(band);
            if (arena == null) {
                continue;
            }
            malloced += arena.footprint();
            if (arena.items() > 0) {
                active++;
                slabsOf(band, arena, new Rows((key, value) -> rows.accept(classId(band) + ":" + key, value)));
            }
        }
        Rows totals = new Rows(rows);
        totals.add("active_slabs", active);
        totals.add("total_malloced", malloced);
    }

    private void slabsOf(SizeBand band, ArenaReport arena, Rows to) {
        to.add("chunk_size", arena.chunkSize());
        to.add("chunks_per_page", arena.chunksPerSegment());
        to.add("total_pages", arena.segmentCount());
        to.add("total_chunks", arena.totalChunks());
        to.add("used_chunks", arena.usedChunks());
        to.add("free_chunks", arena.totalChunks() - arena.usedChunks());
        to.add("free_chunks_end", 0);
        for (CommandCounter counter : new CommandCounter[] {
            CommandCounter.GET_HITS,
            CommandCounter.CMD_SET,
            CommandCounter.DELETE_HITS,
            CommandCounter.INCR_HITS,
            CommandCounter.DECR_HITS,
            CommandCounter.CAS_HITS,
            CommandCounter.CAS_BADVAL,
            CommandCounter.TOUCH_HITS
        }) {
            to.add(counter.statName(), count(band, counter));
        }
    }

    /** The slab class that stands for a band, as {@code stats cachedump} names it too. */
    static int classId(SizeBand band) {
        return band == SizeBand.SMALL ? 1 : 2;
    }

    /** Writes rows of any kind of value. */
    private final class Rows {
        private final BiConsumer<String, String> sink;

        Rows(BiConsumer<String, String> sink) {
            this.sink = sink;
        }

        void add(String key, String value) {
            sink.accept(key, value);
        }

        void add(String key, long value) {
            sink.accept(key, Long.toString(value));
        }

        void add(CommandCounter counter) {
            add(counter.statName(), count(counter));
        }

        void add(WireCounter counter) {
            add(counter.statName(), count(counter));
        }

        void zero(String... keys) {
            for (String key : keys) {
                add(key, 0);
            }
        }
    }
}
