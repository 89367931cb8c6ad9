package io.karst.appliance.config;

import static io.karst.appliance.config.StartFixture.refusal;
import static io.karst.appliance.config.StartFixture.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table itself: complete, unique, documented, and no row without an effect. */
final class OptionTest {
    /** The letters of memcached 1.6.45's command line, those with an argument followed by a colon. */
    private static final String MEMCACHED_LETTERS = "a:AZp:s:U:m:Mc:khiVrvdl:u:P:f:n:t:D:LR:Cb:B:I:SFXWY:e:o:N:";

    private static final String MEMCACHED_LONG_NAMES = "unix-mask enable-shutdown enable-ssl port unix-socket udp-port"
            + " memory-limit disable-evictions conn-limit lock-memory help license version enable-coredumps verbose daemon"
            + " listen user pidfile slab-growth-factor slab-min-size threads enable-largepages max-reqs-per-event"
            + " disable-cas listen-backlog protocol max-item-size enable-sasl disable-flush-all disable-dumping"
            + " disable-watch auth-file memory-file extended napi-ids";

    private static final String MEMCACHED_SUB_OPTIONS =
            "maxconns_fast hashpower no_hashexpand slab_reassign slab_automove"
                    + " slab_automove_ratio slab_automove_window tail_repair_time hash_algorithm lru_crawler lru_crawler_sleep"
                    + " lru_crawler_tocrawl lru_maintainer hot_lru_pct warm_lru_pct hot_max_factor warm_max_factor temporary_ttl"
                    + " idle_timeout watcher_logbuf_size worker_logbuf_size slab_sizes slab_chunk_max track_sizes"
                    + " no_inline_ascii_resp modern no_modern no_chunked_items no_slab_reassign no_slab_automove no_maxconns_fast"
                    + " inline_ascii_resp no_lru_crawler no_lru_maintainer no_drop_privileges drop_privileges resp_obj_mem_limit"
                    + " read_buf_mem_limit meta_response_old ssl_chain_cert ssl_key ssl_verify_mode ssl_keyformat ssl_ciphers"
                    + " ssl_ca_cert ssl_wbuf_size ssl_session_cache ssl_kernel_tls ssl_min_version proxy_config relaxed_privileges"
                    + " sock_cookie_id ext_path ext_page_size ext_wbuf_size ext_threads ext_io_depth ext_item_size ext_item_age"
                    + " ext_low_ttl ext_recache_rate ext_compact_under ext_drop_under ext_max_sleep ext_max_frag ext_drop_unread"
                    + " slab_automove_freeratio";

    @Test
    void memcachedsLettersAreAllHereWithTheirKindOfArgument() {
        for (String letter : MEMCACHED_LETTERS.split("(?<=[A-Za-z:])(?=[A-Za-z])")) {
            Option option = withLetter(letter.charAt(0));
            assertEquals(letter.endsWith(":"), option.argument() != Argument.FLAG, letter);
        }
    }

    @Test
    void memcachedsNamesAreAllHere() {
        for (String name : MEMCACHED_LONG_NAMES.split(" ")) {
            assertFalse(Option.named(name).orElseThrow().isSubOption(), name);
        }
        for (String name : MEMCACHED_SUB_OPTIONS.split(" ")) {
            assertTrue(Option.named(name).orElseThrow().isSubOption(), name);
        }
    }

    @Test
    void lettersAndStatKeysAreUnique() {
        assertUnique(Stream.of(Option.values())
                .filter(option -> option.letter() != 0)
                .map(option -> String.valueOf(option.letter()))
                .toList());
        assertUnique(Stream.of(Option.values())
                .map(Option::statKey)
                .filter(key -> !key.isEmpty())
                .toList());
    }

    @ParameterizedTest
    @EnumSource
    void everyRowIsDocumented(Option option) {
        assertTrue(option.meaning().matches("[^A-Z. ].*[^.]|(TCP|UDP|TLS) .*[^.]"), option.meaning());
        assertTrue(option.detail().isEmpty() || option.detail().endsWith("."), option.detail());
        assertEquals(option.support() == Support.REFUSED, !option.instead().isEmpty());
        assertTrue(HelpPage.text("1").contains(option.longName())
                || HelpPage.text("1").contains("-" + option.letter()));
    }

    @ParameterizedTest
    @EnumSource
    void everyRowChangesTheSettingsOrIsNamedOrRefused(Option option) {
        switch (option) {
            case CONFIG, HELP, LICENSE, VERSION, EXTENDED -> {} // CommandLineTest and ConfigFileTest
            case DAEMON -> assertTrue(refusal("-d").contains("karst script"));
            case USER ->
                assertEquals(1, settings(StartFixture.ROOT, "-u", "x").notices().size());
            case MAXCONNS_FAST -> // the default
                assertNotEquals(
                        settings("-o", "no_maxconns_fast").network(),
                        settings("-o", "no_maxconns_fast,maxconns_fast").network());
            default -> assertHasEffect(option);
        }
    }

    private static void assertHasEffect(Option option) {
        String[] words = words(option);
        switch (option.support()) {
            case MEMCACHED, OURS -> {
                // Those of peers have an effect when there are some.
                String[] base = option.topic() == Topic.PEERS && option != Option.PEERS
                        ? new String[] {"-o", "peers=x,peer_name=y"}
                        : new String[0];
                Settings plain = settings(base);
                Settings changed = settings(
                        Stream.concat(Stream.of(base), Stream.of(words)).toArray(String[]::new));
                assertNotEquals(withoutSources(plain), withoutSources(changed), option.longName());
            }
            case IGNORED -> {
                List<String> notices = settings(StartFixture.ROOT, words).notices();
                assertEquals(1, notices.size());
                assertTrue(notices.get(0).startsWith(option.longName() + " has no effect"), notices.get(0));
            }
            case REFUSED -> assertTrue(refusal(words).startsWith(option.longName()), refusal(words));
        }
    }

    private static Settings withoutSources(Settings settings) {
        return new Settings(
                settings.network(),
                settings.memory(),
                settings.commands(),
                settings.security(),
                settings.peers(),
                settings.measuring(),
                settings.verbosity(),
                settings.pidFile(),
                List.of(),
                List.of());
    }

    private static String[] words(Option option) {
        String value = sample(option);
        if (option == Option.PEERS) {
            return new String[] {"-o", "peers=x,peer_name=y"};
        }
        if (option.isSubOption()) {
            return new String[] {"-o", option.longName() + (value.isEmpty() ? "" : "=" + value)};
        }
        String name = "--" + option.longName();
        if (option == Option.ENABLE_SSL) {
            return new String[] {name, "-o", "ssl_chain_cert=x"};
        }
        return value.isEmpty() ? new String[] {name} : new String[] {name, value};
    }

    /** A value that is not the default. */
    private static String sample(Option option) {
        return switch (option.argument()) {
            case FLAG -> "";
            case CHOICE ->
                option.choices().stream()
                        .filter(choice -> !choice.equals(option.defaultText()))
                        .findFirst()
                        .orElseThrow();
            case NUMBER, OPTIONAL_NUMBER -> String.valueOf(Math.max(option.least(), 0) + 1);
            case DECIMAL -> "1.5";
            case BYTES -> "2k";
            case MEBIBYTES -> "100";
            case OCTAL -> "777";
            case CHARACTER -> "/";
            case ADDRESSES -> "127.0.0.5";
            case FILE, TEXT, SUB_OPTIONS -> "x";
        };
    }

    private static Option withLetter(char letter) {
        return Stream.of(Option.values())
                .filter(option -> option.letter() == letter)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no -" + letter));
    }

    private static void assertUnique(List<String> names) {
        Set<String> once = names.stream().collect(Collectors.toCollection(TreeSet::new));
        assertEquals(once.size(), names.size(), names::toString);
    }
}
