package io.karst.appliance.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.AdminClient;
import io.karst.appliance.fixture.Cluster;
import io.karst.appliance.fixture.Exposition;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the admin port of a node tells of the others. */
@Timeout(120)
class PeersIT {
    private static final Pattern URL = Pattern.compile("Admin port: http://127\\.0\\.0\\.1:(\\d+)/");

    @TempDir
    private Path directory;

    @Test
    void peersAreSeenInMetricsAndStatistics() throws Exception {
        try (Cluster cluster = new Cluster(directory, 2, "ring-rebuild", "127.0.0.1:%d", 2, "-o", "admin=0").start();
                RawClient here = cluster.connect(0)) {
            AdminClient admin = admin(cluster.node(0));
            assertEquals("ok\n", admin.page("/readyz"));
            for (int i = 0; i < 100; i++) {
                here.ask("set k" + i + " 0 0 1\r\n1", "STORED");
            }
            Map<String, String> rows = here.stats("replication");
            while (number(rows, "peer:1:outstanding_bytes") > 0 || number(rows, "peer:1:lag_max_us") == 0) {
                // On a machine that is busy the peer may have been taken for away for a moment: hints have no lag.
                here.ask("set k 0 0 1\r\n1", "STORED");
                TimeUnit.MILLISECONDS.sleep(20);
                rows = here.stats("replication");
            }
            Exposition metrics = Exposition.parse(admin.page("/metrics"));
            String peer = Objects.requireNonNull(rows.get("peer:1:name"));
            assertEquals(1, metrics.value("karst_replication_warm"));
            assertEquals(1, metrics.value("karst_peer_up", "peer", peer));
            assertEquals(0, metrics.value("karst_peer_config_different", "peer", peer));
            assertEquals(
                    number(rows, "peer:1:lag_max_us") / 1e6,
                    metrics.value("karst_replication_lag_seconds", "peer", peer, "quantile", "1"),
                    1e-9);
            assertEquals(
                    number(rows, "frames_malformed"),
                    metrics.value("karst_replication_events_total", "event", "frames_malformed"));
            assertEquals(
                    rows.keySet(), admin.object("/v1/stats?section=replication").keySet());
            String peers = admin.page("/v1/peers");
            assertTrue(
                    peers.startsWith("{\"replicating\":true,\"peers\":[{\"name\":\"" + peer + "\",\"state\":\"up\","),
                    peers);
        }
    }

    /** The other node is not there, and so warm-up takes as long as it may. */
    @Test
    void aNodeThatStillFetchesIsAliveAndNotReady() throws Exception {
        try (Cluster cluster = new Cluster(directory, 2, "ring-rebuild", "127.0.0.1:%d", 2)) {
            int port = freePort();
            Thread starting = new Thread(() -> {
                try {
                    cluster.start(0, "-o", "admin=" + port + ",warmup_max=8");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            starting.start();
            AdminClient admin = AdminClient.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            String answer = "";
            while (answer.isEmpty()) {
                try {
                    answer = admin.get("/readyz").body();
                } catch (ConnectException e) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
            assertEquals("starting: fetching from its peers\n", answer);
            assertEquals("ok\n", admin.page("/livez"));
            starting.join();
            assertEquals("ok\n", admin.page("/readyz"));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static double number(Map<String, String> rows, String key) {
        return Double.parseDouble(Objects.requireNonNull(rows.get(key), key));
    }

    private static AdminClient admin(ServerProcess node) throws Exception {
        Matcher url = URL.matcher(node.output());
        assertTrue(url.find(), node.output());
        return AdminClient.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(url.group(1))));
    }
}
