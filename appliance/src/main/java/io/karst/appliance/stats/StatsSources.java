package io.karst.appliance.stats;

import io.karst.appliance.WallClock;
import io.karst.appliance.command.CommandCounter;
import io.karst.appliance.command.CommandExecutor;
import io.karst.protocol.LoopContext;
import io.karst.protocol.WireCounter;
import io.karst.store.ItemStore;
import io.karst.store.SizeBand;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Where statistics come from. Everything in here may be read by any thread.
 *
 * @param loops the event loops
 * @param executors their executors, in the same order
 * @param rejectedConnections connections refused because of {@code -c}
 * @param listenDisabled times the listener had to pause
 * @param version of this Karst
 */
public record StatsSources(
        ItemStore store,
        WallClock clock,
        List<LoopContext> loops,
        List<CommandExecutor> executors,
        LongSupplier rejectedConnections,
        LongSupplier listenDisabled,
        String version,
        int maxConnections) {

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
