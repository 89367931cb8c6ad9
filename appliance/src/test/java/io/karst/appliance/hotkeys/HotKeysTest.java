package io.karst.appliance.hotkeys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.BinaryClient;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.protocol.BinaryOpcode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code stats hotkeys} over real sockets, with every dialect's commands. */
@Timeout(60)
class HotKeysTest {
    private static final int KEYS = 10_000;
    private static final int BURST = 50;
    private static final int BURSTS = 1_200;

    /** Zipf with exponent 1 over the keys, on three loops: the head is found, in order, with its true counts within the bounds. */
    @Test
    void theHottestKeysOfAZipfLoadAreFoundWithTheirCountsInBounds() throws Exception {
        // The bounds are those of chance, so that chance is the same each time.
        long seed = Long.getLong("seed", 42);
        Random random = new Random(seed);
        Map<String, Long> truth = new HashMap<>();
        try (KarstServer server = KarstServer.start("-t", "3")) {
            for (int loop = 0; loop < 3; loop++) {
                try (RawClient client = server.connect()) {
                    load(client, random, truth);
                }
            }
            try (RawClient client = server.connect()) {
                Map<String, String> rows = client.stats("hotkeys");
                String context = "-Dseed=" + seed + " " + rows;
                assertEquals("64", rows.get("sampled_one_in"));
                long requests = Long.parseLong(rows.get("requests"));
                assertEquals(3.0 * BURSTS * BURST, requests, 0.05 * requests, context);
                Set<String> found = new HashSet<>();
                for (int rank = 1; rows.containsKey(rank + ":key"); rank++) {
                    String key = rows.get(rank + ":key");
                    found.add(key);
                    long count = truth.getOrDefault(key, 0L);
                    assertTrue(count >= Long.parseLong(rows.get(rank + ":least")), key + " " + count + " " + context);
                    assertTrue(count <= Long.parseLong(rows.get(rank + ":most")), key + " " + count + " " + context);
                }
                assertEquals(20, found.size(), context);
                for (int hot = 0; hot < 8; hot++) {
                    assertTrue(found.contains("zipf-" + hot), "zipf-" + hot + " " + context);
                }
                assertEquals("zipf-0", rows.get("1:key"), context);
            }
        }
    }

    private static void load(RawClient client, Random random, Map<String, Long> truth) throws Exception {
        for (int burst = 0; burst < BURSTS; burst++) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < BURST; i++) {
                // Rank r with a weight of 1 / r, by inverting the sum.
                String key = "zipf-" + ((int) Math.exp(random.nextDouble() * Math.log(KEYS)) - 1);
                truth.merge(key, 1L, Long::sum);
                requests.append("get ").append(key).append("\r\n");
            }
            client.send(requests.toString()).expect("END\r\n".repeat(BURST));
        }
    }

    @Test
    void everyKindOfCommandIsAUse() throws Exception {
        try (KarstServer server = KarstServer.start("-t", "1");
                RawClient client = server.connect();
                BinaryClient binary = new BinaryClient(server.address())) {
            client.ask("set n 0 0 1\r\n1", "STORED");
            Map<String, String> asked = new HashMap<>();
            asked.put("set a-set 0 0 1\r\n1", "STORED");
            asked.put("get a-get", "END");
            asked.put("gat 0 a-gat", "END");
            asked.put("delete a-delete", "NOT_FOUND");
            asked.put("incr an-incr 1", "NOT_FOUND");
            asked.put("touch a-touch 0", "NOT_FOUND");
            asked.put("mg an-mg", "EN");
            asked.put("ms an-ms 1\r\n1", "HD");
            asked.put("md an-md", "NF");
            asked.put("ma an-ma", "NF");
            for (int i = 0; i < 1_500; i++) {
                for (Map.Entry<String, String> question : asked.entrySet()) {
                    client.ask(question.getKey(), question.getValue());
                }
                binary.ask(BinaryOpcode.GET.code(), 0, "", "a-binary-get", "");
                binary.ask(BinaryOpcode.INCREMENT.code(), 0, BinaryClient.adding(1, 1, -1), "a-binary-incr", "");
                binary.ask(BinaryOpcode.DELETE.code(), 0, "", "a-binary-delete", "");
            }
            List<String> keys = new ArrayList<>();
            client.stats("hotkeys").forEach((name, value) -> {
                if (name.endsWith(":key")) {
                    keys.add(value);
                }
            });
            for (String key : List.of(
                    "a-set",
                    "a-get",
                    "a-gat",
                    "a-delete",
                    "an-incr",
                    "a-touch",
                    "an-mg",
                    "an-ms",
                    "an-md",
                    "an-ma",
                    "a-binary-get",
                    "a-binary-incr",
                    "a-binary-delete")) {
                assertTrue(keys.contains(key), key + " is not in " + keys);
            }
        }
    }

    @Test
    void keysAreEscapedAndResetForgetsThem() throws Exception {
        try (KarstServer server = KarstServer.start("-t", "1");
                RawClient client = server.connect()) {
            for (int i = 0; i < 100; i++) {
                client.ask("get user:\u00e9", "END");
            }
            assertEquals("user%3A%E9", client.stats("hotkeys").get("1:key"));
            client.ask("stats reset", "RESET");
            Map<String, String> rows = client.stats("hotkeys");
            assertEquals("0", rows.get("requests"));
            assertFalse(rows.containsKey("1:key"), rows.toString());
        }
    }

    @Test
    void whoMayNotListKeysSeesNone() throws Exception {
        try (KarstServer secretive = KarstServer.start("-X");
                RawClient client = secretive.connect()) {
            assertEquals(Map.of("hotkeys_status", "not_allowed"), client.stats("hotkeys"));
        }
        try (KarstServer off = KarstServer.start("-o", "hotkeys=0");
                RawClient client = off.connect()) {
            client.ask("get a", "END");
            assertEquals(Map.of("hotkeys_status", "disabled"), client.stats("hotkeys"));
        }
    }
}
