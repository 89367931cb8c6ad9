package io.karst.appliance.robustness;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** A disturbance that does one thing over and over on a thread of its own; closing it throws what the thread threw. */
final class Busy implements Bystander.Disturbance {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Future<Void> work;

    /** @param turn one turn of the work; {@code turns} counts them */
    Busy(Callable<Void> turn, AtomicLong turns) {
        work = thread.submit(() -> {
            Cores.humbleClient();
            while (!isOver.get()) {
                turn.call();
                turns.incrementAndGet();
            }
            return null;
        });
    }

    @Override
    public void close() throws IOException {
        isOver.set(true);
        thread.shutdown();
        try {
            work.get(2, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the disturbance itself failed", e);
        }
    }
}
