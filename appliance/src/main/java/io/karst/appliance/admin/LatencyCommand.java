package io.karst.appliance.admin;

import io.karst.appliance.stats.LatencyTotals;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.Progress;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code stats latency}: each loop adds what it has timed, and the last one has the asking connection answered. */
final class LatencyCommand {
    private LatencyCommand() {}

    static Progress begin(ServerView server, LatencyTotals totals, ClientConnection asking) {
        AtomicInteger pending = new AtomicInteger(server.loopCount());
        for (int i = 0; i < server.loopCount(); i++) {
            int loop = i;
            server.executeOn(loop, () -> {
                totals.add(loop, server.timer(loop));
                if (pending.decrementAndGet() == 0) {
                    asking.resume((replies, connection) -> {
                        totals.write(replies::stat);
                        replies.endStats();
                        return Progress.DONE;
                    });
                }
            });
        }
        return Progress.SUSPENDED;
    }

    /** Forgets everything so far. */
    static void reset(ServerView server, LatencyTotals totals) {
        totals.clear();
        for (int i = 0; i < server.loopCount(); i++) {
            int loop = i;
            server.executeOn(loop, () -> totals.drop(loop, server.timer(loop)));
        }
    }
}
