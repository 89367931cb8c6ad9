package io.karst.appliance.admin;

import io.karst.appliance.stats.LatencyTotals;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.Progress;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * {@code stats latency} and what else is made of latencies: each loop adds what it has timed, and the last one has the asking
 * connection answered.
 */
final class LatencyCommand {
    private LatencyCommand() {}

    /** @param report writes the answer's rows, when all is added */
    static Progress begin(
            ServerView server,
            LatencyTotals totals,
            ClientConnection asking,
            Consumer<BiConsumer<String, String>> report) {
        return ReportFromLoops.begin(
                server, asking, loop -> totals.add(loop, server.executor(loop).timer()), report);
    }

    /** Forgets everything so far. */
    static void reset(ServerView server, LatencyTotals totals) {
        totals.clear();
        EveryLoop.run(server, loop -> totals.drop(loop, server.executor(loop).timer()), () -> {});
    }
}
