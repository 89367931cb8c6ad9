package io.karst.appliance.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code stats slo}. */
@Timeout(60)
class TargetsTest {
    private static final int TIMED = 170;

    @Test
    void aServerThatDidNothingHasNothingToAnswerFor() throws Exception {
        try (KarstServer server = KarstServer.start();
                RawClient client = server.connect()) {
            Map<String, String> rows = client.stats("slo");
            assertEquals("PASS", rows.get("slo"));
            for (String target :
                    new String[] {"read_p99_ms", "write_p99_ms", "hit_ratio_percent", "replication_lag_ms"}) {
                assertEquals("n/a", rows.get(target + ":verdict"), target);
                assertEquals("n/a", rows.get(target + ":measured"), target);
            }
            assertEquals("10", rows.get("read_p99_ms:target"));
            assertEquals("50", rows.get("write_p99_ms:target"));
            assertEquals("80", rows.get("hit_ratio_percent:target"));
            assertEquals("80", rows.get("storage_percent:target"));
            assertEquals("100", rows.get("replication_lag_ms:target"));
            assertTrue(rows.values().stream().noneMatch(value -> value.contains(" ")), rows.toString());
        }
    }

    @Test
    void readsAndWritesAreJudgedByWhatWasTimed() throws Exception {
        try (KarstServer server = KarstServer.start("-t", "1", "-o", "slo_read_p99=60000,slo_write_p99=60000");
                RawClient client = server.connect()) {
            for (int i = 0; i < TIMED; i++) {
                client.ask("set a 0 0 1\r\n1", "STORED").ask("get a", "VALUE a 0 1\r\n1\r\nEND");
            }
            Map<String, String> rows = client.stats("slo");
            for (String target : new String[] {"read_p99_ms", "write_p99_ms"}) {
                assertEquals("PASS", rows.get(target + ":verdict"), rows.toString());
                assertTrue(Double.parseDouble(rows.get(target + ":measured")) > 0, rows.toString());
                assertEquals("60000", rows.get(target + ":target"));
            }
            assertEquals("100.000", rows.get("hit_ratio_percent:measured"));
        }
    }

    @Test
    void missesAreAFailureUntilTheCountersAreReset() throws Exception {
        try (KarstServer server = KarstServer.start("-o", "slo_hit_ratio=50");
                RawClient client = server.connect()) {
            client.ask("set a 0 0 1\r\n1", "STORED").ask("get a", "VALUE a 0 1\r\n1\r\nEND");
            client.ask("get b", "END");
            assertEquals("PASS", client.stats("slo").get("hit_ratio_percent:verdict"));
            client.ask("get b", "END");
            Map<String, String> rows = client.stats("slo");
            assertEquals("FAIL", rows.get("hit_ratio_percent:verdict"));
            assertEquals("33.333", rows.get("hit_ratio_percent:measured"));
            assertEquals("FAIL", rows.get("slo"));
            client.ask("stats reset", "RESET");
            assertEquals("n/a", client.stats("slo").get("hit_ratio_percent:verdict"));
        }
    }

    @Test
    void aCacheThatEvictsIsMeantToBeFullUnlessTheOperatorSaysOtherwise() throws Exception {
        String value = "v".repeat(1000);
        for (String[] options : new String[][] {
            {"-m", "8", "-o", "slo_storage=1,large=0", "-M"}, {"-m", "8", "-o", "slo_storage=1,large=0"}, {"-m", "8"}
        }) {
            try (KarstServer server = KarstServer.start(options);
                    RawClient client = server.connect()) {
                for (int i = 0; i < 1000; i++) {
                    client.ask("set k" + i + " 0 0 1000\r\n" + value, "STORED");
                }
                Map<String, String> rows = client.stats("slo");
                assertTrue(Double.parseDouble(rows.get("storage_percent:measured")) > 5, rows.toString());
                assertEquals(
                        options.length == 2 ? "n/a" : "FAIL", rows.get("storage_percent:verdict"), rows.toString());
            }
        }
    }

    @Test
    void withoutEvictionStorageIsJudgedByDefault() throws Exception {
        try (KarstServer server = KarstServer.start("-M");
                RawClient client = server.connect()) {
            assertEquals("PASS", client.stats("slo").get("storage_percent:verdict"));
            client.ask("eviction lru", "OK");
            assertEquals("n/a", client.stats("slo").get("storage_percent:verdict"));
        }
    }
}
