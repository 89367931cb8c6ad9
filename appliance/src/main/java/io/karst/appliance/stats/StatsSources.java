package io.karst.appliance.stats;

import io.karst.appliance.WallClock;
import io.karst.appliance.command.CommandCounter;
import io.karst.appliance.command.CommandExecutor;
import io.karst.appliance.watch.LogHub;
import io.karst.protocol.LoopContext;
import io.karst.protocol.WireCounter;
import io.karst.store.ItemStore;
import io.karst.store.SizeBand;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Where statistics come from. Everything in here may be read by any thread.
 *
 * @param loops the event loops
 * @param executors their executors, in the same order
 * @param logs who watches
 * @param rejectedConnections connections refused because of {@code -c}
 * @param rejectedPerAddress connections refused because of {@code -o maxconns_per_address}
 * @param accepting whether connections are accepted now
 * @param listenDisabled times the listener had to pause
 * @param certificateAge seconds since the TLS certificates were read, negative without TLS
 * @param hugePageBytes bytes of the process that lie in huge pages; some seconds old
 * @param latencyLog what became of the intervals of {@code -o hlog=}
 * @param version of this Karst
 */
public record StatsSources(
        ItemStore store,
        WallClock clock,
        List<LoopContext> loops,
        List<CommandExecutor> executors,
        LogHub logs,
        LongSupplier rejectedConnections,
        LongSupplier rejectedPerAddress,
        BooleanSupplier accepting,
        LongSupplier listenDisabled,
        LongSupplier certificateAge,
        LongSupplier hugePageBytes,
        LatencyLog latencyLog,
        String version,
        int maxConnections) {
    /**
     * The intervals of a latency log.
     *
     * @param written those that were
     * @param failures those that could not be
     */
    public record LatencyLog(LongSupplier written, LongSupplier failures) {
        /** Of a server that writes none. */
        public static final LatencyLog NONE = new LatencyLog(() -> 0, () -> 0);
    }

    long sum(CommandCounter counter) {
        return sum(SizeBand.SMALL, counter) + sum(SizeBand.LARGE, counter);
    }

    long sum(SizeBand band, CommandCounter counter) {
        long sum = 0;
        for (CommandExecutor executor : executors) {
            sum += executor.counters().get(band, counter);
        }
        return sum;
    }

    long sum(WireCounter counter) {
        long sum = 0;
        for (LoopContext loop : loops) {
            sum += loop.counters().get(counter);
        }
        return sum;
    }
}
