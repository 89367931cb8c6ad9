package io.karst.appliance.admin;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Runs a task on each event loop's own thread, for commands that ask about all of them. */
public final class EveryLoop {
    private EveryLoop() {}

    /**
     * Has every loop run a task, soon.
     *
     * @param task gets the loop's index
     * @param atLast runs on the thread of the loop that is last
     */
    public static void run(ServerView server, IntConsumer task, Runnable atLast) {
        AtomicInteger pending = new AtomicInteger(server.loopCount());
        for (int i = 0; i < server.loopCount(); i++) {
            int loop = i;
            server.executeOn(loop, () -> {
                task.accept(loop);
                if (pending.decrementAndGet() == 0) {
                    atLast.run();
                }
            });
        }
    }
}
