package io.karst.appliance.config;

import static io.karst.appliance.config.StartFixture.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.eviction.PolicyKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rows of {@code stats settings}. The order was recorded from memcached 1.6.18, with 1.6.45's additions. */
final class SettingsReportTest {
    private static final String MEMCACHED_KEYS = "maxbytes maxconns tcpport udpport inter verbosity oldest evictions"
            + " domain_socket umask shutdown_command growth_factor chunk_size num_threads num_threads_per_udp"
            + " stat_key_prefix detail_enabled reqs_per_event cas_enabled tcp_backlog binding_protocol auth_enabled_sasl"
            + " auth_enabled_ascii item_size_max maxconns_fast hashpower_init slab_reassign slab_automove"
            + " slab_automove_ratio slab_automove_window slab_chunk_max lru_crawler lru_crawler_sleep lru_crawler_tocrawl"
            + " tail_repair_time flush_enabled dump_enabled hash_algorithm lru_maintainer_thread lru_segmented"
            + " hot_lru_pct warm_lru_pct hot_max_factor warm_max_factor temp_lru temporary_ttl idle_timeout"
            + " watcher_logbuf_size worker_logbuf_size read_buf_mem_limit track_sizes inline_ascii_response ext_item_size"
            + " ext_item_age ext_low_ttl ext_recache_rate ext_wbuf_size ext_compact_under ext_drop_under ext_max_sleep"
            + " ext_max_frag slab_automove_freeratio ext_drop_unread ssl_enabled ssl_chain_cert ssl_key ssl_verify_mode"
            + " ssl_keyformat ssl_ciphers ssl_ca_cert ssl_wbuf_size ssl_session_cache ssl_kernel_tls ssl_min_version"
            + " num_napi_ids memory_file client_flags_size";

    @Test
    void startsWithMemcachedsKeysInItsOrder() {
        List<String> keys = List.copyOf(report(settings()).keySet());
        List<String> memcached = List.of(MEMCACHED_KEYS.split(" "));
        assertEquals(memcached, keys.subList(0, memcached.size()));
    }

    @Test
    void saysWhatMemcachedSaysOnTheSameDefaults() {
        Map<String, String> rows = report(settings());
        assertEquals("67108864", rows.get("maxbytes"));
        assertEquals("1024", rows.get("maxconns"));
        assertEquals("11211", rows.get("tcpport"));
        assertEquals("0", rows.get("udpport"));
        assertEquals("127.0.0.1", rows.get("inter"));
        assertEquals("on", rows.get("evictions"));
        assertEquals("NULL", rows.get("domain_socket"));
        assertEquals("700", rows.get("umask"));
        assertEquals("auto-negotiate", rows.get("binding_protocol"));
        assertEquals("1048576", rows.get("item_size_max"));
        assertEquals("yes", rows.get("cas_enabled"));
    }

    @Test
    void followsTheOptions() {
        Map<String, String> rows =
                report(settings("-M", "-C", "-F", "-X", "-A", "-s", "/tmp/a b", "-a", "770", "-D", "/"));
        assertEquals("off", rows.get("evictions"));
        assertEquals("no", rows.get("cas_enabled"));
        assertEquals("no", rows.get("flush_enabled"));
        assertEquals("no", rows.get("dump_enabled"));
        assertEquals("yes", rows.get("shutdown_command"));
        assertEquals("/tmp/a_b", rows.get("domain_socket"));
        assertEquals("770", rows.get("umask"));
        assertEquals("yes", rows.get("detail_enabled"));
        assertEquals("none", rows.get("eviction_policy"));
    }

    @Test
    void saysWhoMustLogIn() {
        Map<String, String> rows = report(settings("-S", "-o", "sasl_users=/srv/users"));
        assertEquals("yes", rows.get("auth_enabled_sasl"));
        assertEquals("binary", rows.get("binding_protocol"));
        assertEquals("/srv/users", rows.get("sasl_users"));
        assertEquals("no", report(settings()).get("auth_enabled_sasl"));
        assertEquals("no", report(settings()).get("auth_enabled_ascii"));
    }

    @Test
    void followsWhatClientsChanged() {
        Map<String, String> rows = new LinkedHashMap<>();
        SettingsReport.write(
                settings(), new SettingsReport.Live(8 << 20, PolicyKind.NONE, 40_000, 2, true, 17), rows::put);
        assertEquals("8388608", rows.get("maxbytes"));
        assertEquals("40000", rows.get("tcpport"));
        assertEquals("2", rows.get("verbosity"));
        assertEquals("yes", rows.get("detail_enabled"));
        assertEquals("17", rows.get("oldest"));
        assertEquals("none", rows.get("eviction_policy"));
        assertEquals("off", rows.get("evictions"));
    }

    @ParameterizedTest
    @EnumSource
    void everyKeyInTheTableHasItsRow(Option option) {
        assertTrue(option.statKey().isEmpty() || report(settings()).containsKey(option.statKey()), option.statKey());
    }

    @Test
    void noValueHoldsASpaceAndNoKeyComesTwice() {
        Map<String, String> rows = new LinkedHashMap<>();
        Settings settings = settings();
        SettingsReport.write(settings, SettingsReport.Live.atStart(settings), (key, value) -> {
            assertNull(rows.put(key, value), key);
            assertFalse(value.contains(" ") || value.isEmpty(), key);
        });
    }

    private static Map<String, String> report(Settings settings) {
        Map<String, String> rows = new LinkedHashMap<>();
        SettingsReport.write(settings, SettingsReport.Live.atStart(settings), rows::put);
        return rows;
    }
}
