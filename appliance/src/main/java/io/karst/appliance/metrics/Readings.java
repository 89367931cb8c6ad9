package io.karst.appliance.metrics;

import io.karst.replication.PeerReport;
import io.karst.tuning.LatencySnapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a scrape found, before it is written down.
 *
 * @param general the rows of {@code stats}
 * @param settings the rows of {@code stats settings}
 * @param classes the rows of {@code stats items} and {@code stats slabs} of each slab class, by its number
 * @param mallocedBytes {@code total_malloced} of {@code stats slabs}
 * @param latencies what {@code stats latency} reports
 * @param silentLoops event loops that did not answer
 * @param isOpenToOthers whether other machines can connect without a login
 * @param version of this Karst
 * @param replication how items are copied; null for a node by itself
 * @param admin counts of the admin port
 * @param process this process
 */
public record Readings(
        Map<String, String> general,
        Map<String, String> settings,
        Map<String, Map<String, String>> classes,
        String mallocedBytes,
        LatencySnapshot latencies,
        int silentLoops,
        boolean isOpenToOthers,
        String version,
        @Nullable Copying replication,
        AdminCounts admin,
        ProcessReadings process) {
    /**
     * What the admin port counts of itself.
     *
     * @param requests requests answered
     * @param unauthorized requests without the token, where one is needed
     * @param misdirected requests refused for the name or the page that they came from
     * @param dropped connections closed to make room for others
     */
    public record AdminCounts(long requests, long unauthorized, long misdirected, long dropped) {}

    /**
     * How items are copied.
     *
     * @param isWarm whether this node has what it should
     * @param peers the other nodes
     * @param events what is counted, by its name in {@code stats replication}
     */
    public record Copying(boolean isWarm, List<PeerReport> peers, Map<String, Long> events) {}

    List<PeerReport> peers() {
        return replication == null ? List.of() : replication.peers();
    }

    @Nullable
    String stat(String key) {
        return general.get(key);
    }

    /** A count of {@code stats}, 0 when it has none of that name. */
    long count(String key) {
        String value = general.get(key);
        return value == null ? 0 : Long.parseLong(value);
    }
}
