package io.karst.appliance.http;

import io.karst.appliance.admin.ServerView;
import io.karst.appliance.config.Settings;
import io.karst.appliance.stats.LatencyTotals;
import io.karst.appliance.stats.StatsReport;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the admin port shows of a node. All of it is asked on threads of the admin port, several at a time.
 *
 * @param settings what it runs with
 * @param version of this Karst
 * @param server its event loops and sockets
 * @param report the rows of {@code stats} and its groups
 * @param settingsRows the rows of {@code stats settings}
 * @param latencies what {@code stats latency} adds up
 * @param readiness what must be so before clients should be sent here, in the order in which it is told
 */
public record NodeView(
        Settings settings,
        String version,
        ServerView server,
        StatsReport report,
        Consumer<BiConsumer<String, String>> settingsRows,
        LatencyTotals latencies,
        List<Readiness> readiness) {
    /** One condition of {@code /readyz}. */
    @FunctionalInterface
    public interface Readiness {
        /** Why clients should not be sent here, in a few words; null when they may. Returns at once. */
        @Nullable
        String obstacle();
    }

    /** Copies the list. */
    public NodeView {
        readiness = List.copyOf(readiness);
    }
}
