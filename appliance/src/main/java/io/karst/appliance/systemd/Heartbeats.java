package io.karst.appliance.systemd;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerArray;

/*
 * A process whose timer thread is alive while a loop hangs is worse than a dead one: its clients wait. So each beat puts a
 * task on every loop, and the next beat is given only when all of those have run. A loop that hangs is asked once, not
 * again and again, so that its queue does not grow. The price is one task a loop and period, half of the manager's timeout.
 */
/**
 * Whether every event loop still runs tasks. For one thread that asks; the loops only answer.
 */
public final class Heartbeats {
    private static final System.Logger LOGGER = System.getLogger(Heartbeats.class.getName());

    /** Runs tasks on event loops; may throw {@link RejectedExecutionException} once they have ended. */
    public interface Loops {
        /**
         * Runs a task on one of them, soon.
         *
         * @param loop index
         */
        void execute(int loop, Runnable task);
    }

    private final int loopCount;
    private final Loops loops;
    /** 1 for a loop that has been asked and has not answered. */
    private final AtomicIntegerArray asked;

    /** For so many loops, none of them asked yet. */
    public Heartbeats(int loopCount, Loops loops) {
        this.loopCount = loopCount;
        this.loops = loops;
        this.asked = new AtomicIntegerArray(loopCount);
    }

    /** Whether every loop has run the task of the last call; then each has another one to run. The first call is a yes. */
    boolean beat() {
        List<Integer> silent = silentLoops();
        if (!silent.isEmpty()) {
            LOGGER.log(
                    Level.WARNING,
                    "No sign of life to systemd: event loops {0} have run no task since the last",
                    silent);
            return false;
        }
        try {
            for (int i = 0; i < loopCount; i++) {
                ask(i);
            }
            return true;
        } catch (RejectedExecutionException e) {
            // They have ended: the process is about to.
            return false;
        }
    }

    private List<Integer> silentLoops() {
        List<Integer> silent = new ArrayList<>();
        for (int i = 0; i < loopCount; i++) {
            if (asked.get(i) != 0) {
                silent.add(i);
            }
        }
        return silent;
    }

    private void ask(int loop) {
        asked.set(loop, 1);
        loops.execute(loop, () -> asked.set(loop, 0));
    }
}
