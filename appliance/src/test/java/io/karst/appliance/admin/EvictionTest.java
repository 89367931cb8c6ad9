package io.karst.appliance.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.eviction.PolicyKind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What makes room and when: policies by option and by command, and dead items that go before anybody asks. */
@Timeout(120)
class EvictionTest {
    private static final int OVERFILL = 90_000;
    private static final String VALUE = "v".repeat(1000);

    @ParameterizedTest
    @EnumSource
    void everyPolicyServesAFullStore(PolicyKind kind) throws Exception {
        String policy = kind.optionValue();
        try (KarstServer karst = KarstServer.start("-m", "64", "-o", "eviction=" + policy)) {
            RawClient client = karst.connect();
            fill(client, "k", OVERFILL);
            assertEquals(policy, client.stats("settings").get("eviction_policy"));
            long evictions = Long.parseLong(client.stats("").get("evictions"));
            if (kind == PolicyKind.NONE) {
                assertEquals(0, evictions);
                client.ask("set last 0 0 1000\r\n" + VALUE, "SERVER_ERROR out of memory storing object");
            } else {
                assertTrue(evictions > OVERFILL / 4, "evictions: " + evictions);
                client.ask("set last 0 0 1000\r\n" + VALUE, "STORED");
                client.ask("get last", "VALUE last 0 1000\r\n" + VALUE + "\r\nEND");
            }
        }
    }

    @Test
    void aPolicyTakesOverWhileTheServerRuns() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-M")) {
            RawClient client = karst.connect();
            fill(client, "a", OVERFILL);
            client.ask("set more 0 0 1000\r\n" + VALUE, "SERVER_ERROR out of memory storing object");
            for (PolicyKind kind : PolicyKind.values()) {
                client.ask("eviction " + kind.optionValue(), "OK");
                assertEquals(kind.optionValue(), client.stats("settings").get("eviction_policy"));
                fill(client, kind.optionValue(), 2000);
            }
            client.ask("set more 0 0 1000\r\n" + VALUE, "SERVER_ERROR out of memory storing object");
            client.ask("eviction lru", "OK");
            client.ask("set more 0 0 1000\r\n" + VALUE, "STORED");
            client.ask("eviction best", "CLIENT_ERROR unknown eviction policy");
            client.ask("eviction", "ERROR");
            client.ask("eviction lru lfu", "ERROR");
        }
    }

    @Test
    void expiredItemsGoWithoutBeingAskedFor() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-t", "2")) {
            RawClient client = karst.connect();
            for (int i = 0; i < 10_000; i++) {
                client.send("set k" + i + " 0 " + (i % 2 == 0 ? 1 : 0) + " 1 noreply\r\nv\r\n");
            }
            client.ask("mn", "MN");
            while (Long.parseLong(client.stats("").get("curr_items")) > 5_000) {
                Thread.sleep(50);
            }
            assertEquals("5000", client.stats("").get("crawler_reclaimed"));
            assertEquals("5000", client.stats("").get("expired_unfetched"));
            assertEquals("0", client.stats("").get("reclaimed"), "nobody needed the room");
            client.ask("get k1", "VALUE k1 0 1\r\nv\r\nEND");
        }
    }

    @Test
    void adviceSpeaksOfWhatIsStored() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64")) {
            RawClient client = karst.connect();
            for (int i = 0; i < 400_000; i++) {
                client.send("set k" + i + " 0 0 20 noreply\r\nvvvvvvvvvvvvvvvvvvvv\r\n");
            }
            client.ask("mn", "MN");
            Map<String, String> advice = client.stats("advise");
            assertEquals("200", advice.get("item_size"));
            assertTrue(Integer.parseInt(advice.get("item_size_advised")) < 100, advice.toString());
            assertTrue(
                    Long.parseLong(advice.get("items_that_fit_advised")) > Long.parseLong(advice.get("items_that_fit")),
                    advice.toString());
            assertEquals("2", advice.get("large"));
        }
    }

    private static void fill(RawClient client, String prefix, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            client.send("set " + prefix + i + " 0 0 1000 noreply\r\n" + VALUE + "\r\n");
        }
        client.ask("mn", "MN");
    }
}
