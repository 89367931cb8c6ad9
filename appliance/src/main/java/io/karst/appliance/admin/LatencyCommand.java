package io.karst.appliance.admin;

import io.karst.appliance.stats.LatencyTotals;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.Progress;

/** {@code stats latency}: each loop adds what it has timed, and the last one has the asking connection answered. */
final class LatencyCommand {
    private LatencyCommand() {}

    static Progress begin(ServerView server, LatencyTotals totals, ClientConnection asking) {
        EveryLoop.run(
                server,
                loop -> totals.add(loop, server.timer(loop)),
                () -> asking.resume((replies, connection) -> {
                    totals.write(replies::stat);
                    replies.endStats();
                    return Progress.DONE;
                }));
        return Progress.SUSPENDED;
    }

    /** Forgets everything so far. */
    static void reset(ServerView server, LatencyTotals totals) {
        totals.clear();
        EveryLoop.run(server, loop -> totals.drop(loop, server.timer(loop)), () -> {});
    }
}
