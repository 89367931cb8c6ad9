package io.karst.appliance.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may connect, who is shown, who is let go: limits on connections, {@code stats conns}, {@code idle_timeout}. */
@Timeout(60)
class ConnectionLimitTest {
    private static final String REFUSAL = "ERROR Too many open connections\r\n";

    @Test
    void oneTooManyIsRefusedAtOnce() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-c", "3")) {
            List<RawClient> clients = fill(karst, 3);
            try (RawClient oneMore = karst.connect()) {
                assertEquals(REFUSAL, oneMore.rest());
            }
            assertEquals("yes", clients.get(0).stats("settings").get("maxconns_fast"));
            assertEquals(1, clients.get(0).stat("rejected_connections"));
            close(clients);
        }
    }

    @Test
    void oneTooManyWaitsUntilAnotherLeaves() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-c", "3", "-o", "no_maxconns_fast")) {
            List<RawClient> clients = fill(karst, 3);
            Map<String, String> full = clients.get(0).stats("");
            assertEquals("0", full.get("accepting_conns"));
            assertEquals("1", full.get("listen_disabled_num"));
            assertEquals("3", full.get("curr_connections"));
            try (RawClient oneMore = karst.connect()) {
                oneMore.send("version\r\n");
                // Asked again and again, the server has time to accept, if it were to.
                for (int i = 0; i < 50; i++) {
                    assertEquals(3, clients.get(0).stat("curr_connections"));
                }
                clients.remove(2).close();
                assertTrue(oneMore.line().startsWith("VERSION "));
                Map<String, String> again = clients.get(0).stats("");
                assertEquals("0", again.get("rejected_connections"));
                assertEquals("0", again.get("accepting_conns"));
            }
            close(clients);
        }
    }

    private static String version(RawClient client) throws IOException {
        client.send("version\r\n");
        return client.line();
    }

    @Test
    void oneAddressHasItsOwnLimit() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-l", "127.0.0.1", "-o", "maxconns_per_address=2")) {
            List<RawClient> clients = fill(karst, 2);
            try (RawClient third = karst.connect()) {
                assertEquals(REFUSAL, third.rest());
            }
            try (RawClient neighbour = RawClient.connectFrom("127.0.0.2", karst.address())) {
                assertEquals(1, neighbour.stat("rejected_per_address"));
                assertEquals(0, neighbour.stat("rejected_connections"));
                assertEquals("2", neighbour.stats("settings").get("maxconns_per_address"));
                clients.remove(1).close();
                // Its place is free once its loop has noticed.
                while (neighbour.stat("curr_connections") > 2) {
                    Thread.onSpinWait();
                }
            }
            try (RawClient third = karst.connect()) {
                assertTrue(version(third).startsWith("VERSION "));
            }
            close(clients);
        }
    }

    @Test
    void statsConnsShowsRealPeers() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient client = karst.connect();
                RawClient other = karst.connect()) {
            other.ask("get nothing", "END");
            String mine = "tcp:127.0.0.1:" + client.socket().getLocalPort();
            String others = "tcp:127.0.0.1:" + other.socket().getLocalPort();
            String listener = "tcp:127.0.0.1:" + karst.port();
            Map<String, String> rows = client.stats("conns");
            assertEquals(listener, rows.get("L0:addr"));
            assertEquals("conn_listening", rows.get("L0:state"));
            for (String peer : List.of(mine, others)) {
                String id = rows.entrySet().stream()
                        .filter(row -> row.getValue().equals(peer))
                        .map(row -> row.getKey().replace(":addr", ""))
                        .findFirst()
                        .orElseThrow();
                assertEquals(listener, rows.get(id + ":listen_addr"));
                assertTrue(String.valueOf(rows.get(id + ":state")).startsWith("conn_"), rows.toString());
                assertEquals("0", rows.get(id + ":secs_since_last_cmd"));
            }
        }
    }

    @Test
    void silentConnectionsAreLetGoAndCounted() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-o", "idle_timeout=1");
                RawClient silent = karst.connect()) {
            assertEquals("", silent.rest());
            try (RawClient client = karst.connect()) {
                assertEquals(1, client.stat("idle_kicks"));
                assertEquals("1", client.stats("settings").get("idle_timeout"));
            }
        }
    }

    private static List<RawClient> fill(KarstServer karst, int count) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawClient client = karst.connect();
            assertTrue(version(client).startsWith("VERSION "));
            clients.add(client);
        }
        return clients;
    }

    private static void close(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }
}
