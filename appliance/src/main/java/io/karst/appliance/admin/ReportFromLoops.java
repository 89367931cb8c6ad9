package io.karst.appliance.admin;

import io.karst.protocol.ClientConnection;
import io.karst.protocol.Progress;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** An answer of {@code stats} to which every loop adds what only its thread may read. */
final class ReportFromLoops {
    private ReportFromLoops() {}

    /**
     * Suspends the asking command until every loop has added.
     *
     * @param addLoop gets a loop's index, on that loop's thread
     * @param write gets what takes the rows, when all have added
     */
    static Progress begin(
            ServerView server,
            ClientConnection asking,
            IntConsumer addLoop,
            Consumer<BiConsumer<String, String>> write) {
        EveryLoop.run(
                server,
                addLoop,
                () -> asking.resume((replies, connection) -> {
                    write.accept(replies::stat);
                    replies.endStats();
                    return Progress.DONE;
                }));
        return Progress.SUSPENDED;
    }
}
