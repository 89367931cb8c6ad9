package io.karst.appliance.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;

/**
 * Asks every event loop something, and waits for the answers, but not for long. A loop that still owes an answer is not asked
 * again, so that the queue of one that hangs does not grow. Thread-safe: one question at a time.
 */
public final class LoopQuestion {
    private final ServerView server;
    private final long patienceMillis;
    /** 1 for a loop that has been asked and has not answered. */
    private final AtomicIntegerArray asked;

    /** For a server whose loops are there, and get so many milliseconds to answer. */
    public LoopQuestion(ServerView server, long patienceMillis) {
        this.server = server;
        this.patienceMillis = patienceMillis;
        this.asked = new AtomicIntegerArray(server.loopCount());
    }

    /**
     * Has every loop run a task on its thread.
     *
     * @param task gets the loop's index; it may still run after the time is over
     * @return the loops that have not run it in time, or have ended
     */
    public synchronized List<Integer> ask(IntConsumer task) throws InterruptedException {
        CountDownLatch answers = new CountDownLatch(server.loopCount());
        for (int i = 0; i < server.loopCount(); i++) {
            ask(i, task, answers);
        }
        boolean isComplete = answers.await(patienceMillis, TimeUnit.MILLISECONDS);
        return isComplete ? List.of() : silent();
    }

    private void ask(int loop, IntConsumer task, CountDownLatch answers) {
        if (!asked.compareAndSet(loop, 0, 1)) {
            return;
        }
        try {
            server.executeOn(loop, () -> {
                asked.set(loop, 0);
                try {
                    task.accept(loop);
                } finally {
                    answers.countDown();
                }
            });
        } catch (RejectedExecutionException e) {
            // It has ended: nobody will answer, now or later.
        }
    }

    private List<Integer> silent() {
        List<Integer> silent = new ArrayList<>();
        for (int i = 0; i < asked.length(); i++) {
            if (asked.get(i) != 0) {
                silent.add(i);
            }
        }
        return silent;
    }
}
