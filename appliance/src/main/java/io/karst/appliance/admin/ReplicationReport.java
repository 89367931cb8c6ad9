package io.karst.appliance.admin;

import io.karst.appliance.replication.Replication;
import io.karst.replication.PeerReport;
import io.karst.replication.ReplicationAgent;
import io.karst.replication.ReplicationCounter;
import io.karst.replication.ReplicationNode;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The rows of {@code stats replication}; a quarter of a second old. */
public final class ReplicationReport {
    private ReplicationReport() {}

    /** Gives every row, name and value, to {@code row}. */
    public static void write(@Nullable Replication replication, BiConsumer<String, String> row) {
        if (replication == null) {
            row.accept("replication", "off");
            return;
        }
        ReplicationAgent.Report report = replication.agent().report();
        ReplicationNode node = replication.agent().node();
        row.accept("replication", "on");
        row.accept("state", report.isWarm() ? "warm" : "cold");
        row.accept("node", replication.settings().name());
        row.accept("placement", replication.settings().placement());
        row.accept("replicas", String.valueOf(replication.settings().replicas()));
        row.accept("tombstones", String.valueOf(replication.tracking().tombstoneCount()));
        row.accept("waiting", String.valueOf(replication.waits().count()));
        for (ReplicationCounter counter : ReplicationCounter.values()) {
            row.accept(counter.toString(), String.valueOf(node.counters().get(counter)));
        }
        row.accept("frames_forged", String.valueOf(replication.forgedFrames()));
        row.accept("frames_repeated", String.valueOf(replication.repeatedFrames()));
        row.accept("agent_failures", String.valueOf(report.failures()));
        report.peers().forEach(peer -> write(peer, row));
    }

    /** The 99th percentile of lag to the peer that is furthest behind, microseconds; -1 when no peer acknowledged anything. */
    static long lagP99Micros(@Nullable Replication replication) {
        if (replication == null) {
            return -1;
        }
        return replication.agent().report().peers().stream()
                .filter(peer -> peer.lagMaxMicros() > 0)
                .mapToLong(PeerReport::lagP99Micros)
                .max()
                .orElse(-1);
    }

    private static void write(PeerReport peer, BiConsumer<String, String> row) {
        String prefix = "peer:" + peer.index() + ":";
        row.accept(prefix + "name", peer.name());
        row.accept(prefix + "state", peer.state().name().toLowerCase(Locale.ROOT));
        row.accept(prefix + "mode", peer.isRefused() ? "refused" : peer.isSending() ? "send" : "hint");
        row.accept(prefix + "config", peer.isConfigDifferent() ? "different" : "same");
        row.accept(
                prefix + "phi", Double.isInfinite(peer.phi()) ? "inf" : String.format(Locale.ROOT, "%.2f", peer.phi()));
        row.accept(prefix + "outstanding_batches", String.valueOf(peer.outstandingBatches()));
        row.accept(prefix + "outstanding_bytes", String.valueOf(peer.outstandingBytes()));
        row.accept(prefix + "dirty_buckets", String.valueOf(peer.dirtyBuckets()));
        row.accept(prefix + "lag_p50_us", String.valueOf(peer.lagP50Micros()));
        row.accept(prefix + "lag_p99_us", String.valueOf(peer.lagP99Micros()));
        row.accept(prefix + "lag_max_us", String.valueOf(peer.lagMaxMicros()));
        row.accept(prefix + "clock_skew_us", String.valueOf(peer.skewMicros()));
        row.accept(prefix + "synced_ms_ago", String.valueOf(peer.syncedMsAgo()));
    }
}
