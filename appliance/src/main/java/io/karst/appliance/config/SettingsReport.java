package io.karst.appliance.config;

import io.karst.eviction.PolicyKind;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code stats settings}: memcached 1.6.45's keys in its order, then ours. Rows about slabs, LRU lists,
 * and external storage are there because tools look for them; they say "no", or memcached's default where there is no
 * word for absence. No value contains a space.
 */
public final class SettingsReport {
    private final Settings settings;
    private final BiConsumer<String, String> row;

    private SettingsReport(Settings settings, BiConsumer<String, String> row) {
        this.settings = settings;
        this.row = row;
    }

    /**
     * What clients may have changed since start.
     *
     * @param maxBytes the memory limit, after {@code cache_memlimit}
     * @param eviction after {@code eviction}
     * @param tcpPort the first TCP port in use, 0 without TCP
     * @param verbosity after {@code verbosity}
     * @param detailEnabled after {@code stats detail}
     * @param oldestSeconds age of the oldest item, 0 when not known
     */
    public record Live(
            long maxBytes, PolicyKind eviction, int tcpPort, int verbosity, boolean detailEnabled, long oldestSeconds) {
        /** Nothing changed yet. */
        public static Live atStart(Settings settings) {
            return new Live(
                    settings.memory().limitBytes(),
                    settings.memory().eviction(),
                    settings.network().tcpPort(),
                    settings.verbosity(),
                    settings.commands().detailEnabled(),
                    0);
        }
    }

    /** Gives every row, key and value, to {@code row}. */
    public static void write(Settings settings, Live live, BiConsumer<String, String> row) {
        SettingsReport report = new SettingsReport(settings, row);
        report.generalRows(live);
        report.slabAndLruRows();
        report.bufferRows();
        report.externalStorageRows();
        report.tlsRows();
        report.lastRows();
        report.ourRows(live);
    }

    private void generalRows(Live live) {
        Settings.Network network = settings.network();
        Settings.Commands commands = settings.commands();
        add("maxbytes", live.maxBytes());
        add("maxconns", network.maxConnections());
        add("tcpport", live.tcpPort());
        add("udpport", network.udpPort());
        add("inter", network.interfaces());
        add("verbosity", live.verbosity());
        add("oldest", live.oldestSeconds());
        add("evictions", live.eviction() == PolicyKind.NONE ? "off" : "on");
        add("domain_socket", path(network.unixSocket()));
        add("umask", Integer.toOctalString(network.unixMask()));
        add("shutdown_command", yesNo(commands.shutdownEnabled()));
        add("growth_factor", "1.25");
        add("chunk_size", 48);
        add("num_threads", commands.threads());
        add("num_threads_per_udp", commands.threads());
        add("stat_key_prefix", String.valueOf(commands.prefixDelimiter()));
        add("detail_enabled", yesNo(live.detailEnabled()));
        add("reqs_per_event", commands.requestsPerEvent());
        add("cas_enabled", yesNo(commands.casEnabled()));
        add("tcp_backlog", network.backlog());
        add("binding_protocol", commands.protocol().equals("auto") ? "auto-negotiate" : commands.protocol());
        add("auth_enabled_sasl", yesNo(settings.security().saslEnabled()));
        Path authFile = settings.security().authFile();
        add("auth_enabled_ascii", authFile == null ? "no" : authFile.toString());
        add("item_size_max", settings.memory().itemSizeMax());
        add("maxconns_fast", yesNo(settings.network().refusesAtOnce()));
        add("hashpower_init", 0);
    }

    private void slabAndLruRows() {
        add("slab_reassign", "no");
        add("slab_automove", 0);
        add("slab_automove_ratio", "0.80");
        add("slab_automove_window", 30);
        add("slab_chunk_max", 524_288);
        add("lru_crawler", "no");
        add("lru_crawler_sleep", 100);
        add("lru_crawler_tocrawl", 0);
        add("tail_repair_time", 0);
        add("flush_enabled", yesNo(settings.commands().flushEnabled()));
        add("dump_enabled", yesNo(settings.commands().dumpEnabled()));
        add("hash_algorithm", "xxh64");
        add("lru_maintainer_thread", "no");
        add("lru_segmented", "no");
        add("hot_lru_pct", 20);
        add("warm_lru_pct", 40);
        add("hot_max_factor", "0.20");
        add("warm_max_factor", "2.00");
        add("temp_lru", "no");
        add("temporary_ttl", 61);
    }

    private void bufferRows() {
        add("idle_timeout", settings.network().idleTimeoutSeconds());
        add("watcher_logbuf_size", 262_144);
        add("worker_logbuf_size", 65_536);
        add("read_buf_mem_limit", 0);
        add("track_sizes", yesNo(settings.commands().trackSizes()));
        add("inline_ascii_response", "no");
    }

    private void externalStorageRows() {
        add("ext_item_size", 512);
        add("ext_item_age", 4_294_967_295L);
        add("ext_low_ttl", 0);
        add("ext_recache_rate", 2_000);
        add("ext_wbuf_size", 4_194_304);
        add("ext_compact_under", 0);
        add("ext_drop_under", 0);
        add("ext_max_sleep", 1_000_000);
        add("ext_max_frag", "0.80");
        add("slab_automove_freeratio", "0.010");
        add("ext_drop_unread", "no");
    }

    private void tlsRows() {
        Settings.Tls tls = settings.security().tls();
        add("ssl_enabled", yesNo(tls.isEnabled()));
        add(
                "ssl_chain_cert",
                tls.chainCert() == null ? "(null)" : tls.chainCert().toString());
        add("ssl_key", tls.key() == null ? "(null)" : tls.key().toString());
        add("ssl_verify_mode", tls.verifyMode());
        add("ssl_keyformat", tls.isKeyDer() ? 2 : 1);
        add("ssl_ciphers", tls.ciphers() == null ? "NULL" : tls.ciphers());
        add("ssl_ca_cert", path(tls.caCert()));
        add("ssl_wbuf_size", 16_384);
        add("ssl_session_cache", yesNo(tls.hasSessionCache()));
        add("ssl_kernel_tls", "no");
        add("ssl_min_version", tls.minVersion() > 2 ? "tlsv1.3" : "tlsv1.2");
    }

    private void lastRows() {
        add("num_napi_ids", "(null)");
        add("memory_file", "(null)");
        add("client_flags_size", 4);
    }

    private void ourRows(Live live) {
        Settings.Memory memory = settings.memory();
        Settings.Network network = settings.network();
        add("watch_enabled", yesNo(settings.commands().watchEnabled()));
        add("eviction_policy", live.eviction().optionValue());
        add("large_percent", memory.largePercent());
        add("item_size_hint", memory.itemSizeHint());
        add("pre_touch", yesNo(memory.preTouch()));
        add("lock_memory", yesNo(memory.lock()));
        add("io_uring", yesNo(network.transport() == Settings.Transport.IO_URING));
        add("sasl_users", settings.security().saslUsers().toString());
        add("debug_commands", yesNo(settings.commands().debugEnabled()));
        add("maxconns_per_address", network.connectionsPerAddress());
        add("admin", settings.admin().text());
        add("admin_token", path(settings.admin().tokenFile()));
        peerRows();
        measuringRows(settings.measuring());
    }

    private void peerRows() {
        Settings.Peers peers = settings.peers();
        if (peers == null) {
            for (Option option : Option.values()) {
                if (option.topic() == Topic.PEERS) {
                    add(option.statKey(), option.defaultText().equals("none") ? "NULL" : option.defaultText());
                }
            }
            return;
        }
        add("peers", path(peers.file()));
        add("peer_name", peers.name());
        add("placement", peers.placement());
        add("replicas", peers.replicas());
        add("peer_key", path(peers.key()));
        add("insecure_peers", yesNo(peers.isInsecure()));
        add("warmup_max", peers.warmupMaxSeconds());
        add("consistency", peers.consistency());
        add("level_timeout", peers.levelTimeoutMs());
        add("anti_entropy", peers.antiEntropySeconds());
    }

    private void measuringRows(Settings.Measuring measuring) {
        Settings.Hlog hlog = measuring.hlog();
        add("hlog", path(hlog.directory()));
        add("hlog_interval", hlog.intervalSeconds());
        add("hlog_size", hlog.sizeMax());
        add("hlog_files", hlog.filesMax());
        add("hotkeys", measuring.hotKeys());
        add("slow_log", measuring.slowMicros());
        add("slow_log_secret", path(measuring.slowSecret()));
        Settings.Targets targets = measuring.targets();
        add("slo_read_p99", targets.readP99Millis());
        add("slo_write_p99", targets.writeP99Millis());
        add("slo_hit_ratio", targets.hitPercent());
        add("slo_storage", targets.storagePercent());
        add("slo_replication_lag", targets.lagMillis());
    }

    private void add(String key, long value) {
        row.accept(key, String.valueOf(value));
    }

    // The bytes of a value are the client's to parse up to the line's end; only a path or -l can hold a space at all.
    private void add(String key, String value) {
        row.accept(key, value.replace(' ', '_'));
    }

    private static String yesNo(boolean value) {
        return value ? "yes" : "no";
    }

    private static String path(@Nullable Path path) {
        return path == null ? "NULL" : path.toString();
    }
}
