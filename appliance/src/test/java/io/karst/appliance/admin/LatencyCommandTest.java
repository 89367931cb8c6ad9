package io.karst.appliance.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.BinaryClient;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.protocol.BinaryOpcode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code stats latency}: one burst in seventeen is timed, on whichever loop. */
@Timeout(60)
class LatencyCommandTest {
    private static final int ROUNDS = 1_700;
    private static final String VALUE = "VALUE n 0 1\r\n5\r\n";

    @Test
    void everyKindOfCommandHasItsLines() throws Exception {
        try (KarstServer server = KarstServer.start("-t", "3")) {
            for (int loop = 0; loop < 3; loop++) {
                try (RawClient client = server.connect()) {
                    for (int i = 0; i < ROUNDS; i++) {
                        client.send("set n 0 0 1\r\n5\r\n").expect("STORED\r\n");
                        client.send("get n n\r\nget n\r\n").expect(VALUE + VALUE + "END\r\n" + VALUE + "END\r\n");
                        client.send("mg n v\r\nincr n 1\r\ntouch n 0\r\n").expect("VA 1\r\n5\r\n6\r\nTOUCHED\r\n");
                        client.send("delete n\r\nversion\r\n").expect("DELETED\r\nVERSION 1.6.45\r\n");
                    }
                }
            }
            try (RawClient client = server.connect()) {
                Map<String, String> stats = client.stats("latency");
                for (String kind : new String[] {"set", "arithmetic", "touch", "delete", "other"}) {
                    // A read may end amid a burst, which makes two of it.
                    long timed = Long.parseLong(stats.get(kind + ":count"));
                    assertTrue(timed >= ROUNDS / 17 && timed <= ROUNDS, kind + " " + timed);
                }
                assertTrue(Long.parseLong(stats.get("get:count")) >= 3 * ROUNDS / 17, stats.toString());
                double least = 0;
                for (String figure : new String[] {"p50_us", "p99_us", "p999_us", "max_us"}) {
                    double micros = Double.parseDouble(stats.get("get:" + figure));
                    assertTrue(micros >= least && micros > 0, stats.toString());
                    least = micros;
                }
            }
        }
    }

    @Test
    void resetForgetsThem() throws Exception {
        try (KarstServer server = KarstServer.start("-t", "1");
                RawClient client = server.connect()) {
            for (int i = 0; i < 170; i++) {
                client.ask("get nothing", "END");
            }
            assertTrue(client.stats("latency").containsKey("get:count"));
            client.ask("stats reset", "RESET");
            assertEquals(Map.of(), withoutOther(client.stats("latency")));
        }
    }

    private static Map<String, String> withoutOther(Map<String, String> stats) {
        stats.keySet().removeIf(name -> name.startsWith("other:"));
        return stats;
    }

    @Test
    void binaryClientsSeeTheSame() throws Exception {
        try (KarstServer server = KarstServer.start("-t", "1");
                BinaryClient client = new BinaryClient(server.address())) {
            for (int i = 0; i < 170; i++) {
                client.ask(BinaryOpcode.GET.code(), 0, "", "nothing", "");
            }
            client.send(BinaryOpcode.STAT.code(), 0, "", "latency", "");
            BinaryClient.Answer first = client.answer();
            assertEquals("get:count", first.key());
            assertEquals(10, Long.parseLong(first.value()));
            BinaryClient.Answer last = first;
            while (!last.key().isEmpty()) {
                last = client.answer();
            }
            assertEquals("", last.value());
        }
    }
}
