package io.karst.appliance.hlog;

import io.karst.tuning.LatencyLogFormat;
import io.karst.tuning.LatencySnapshot;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes what was timed in each interval as lines of a histogram log. It has a thread of its own and never stops trying: the first
 * failure of a row is logged, all are counted, and what an interval timed that could not be written is lost.
 */
public final class LatencyLogger implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(LatencyLogger.class.getName());
    private static final long PATIENCE_SECONDS = 3;

    private final Source source;
    private final RollingFiles files;
    private final String comment;
    private final ScheduledExecutorService thread;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private LatencySnapshot spare = new LatencySnapshot();
    private long beganMillis = System.currentTimeMillis();
    private long failuresInARow;

    /** Where the intervals come from. */
    @FunctionalInterface
    public interface Source {
        /** Takes what was timed since the last call and goes on in {@code next}, which it may clear. May wait for the loops. */
        LatencySnapshot take(LatencySnapshot next) throws InterruptedException;
    }

    /**
     * Starts.
     *
     * @param comment the first line of each file
     */
    @SuppressWarnings("FutureReturnValueIgnored") // what goes wrong is told by writeInterval
    public LatencyLogger(
            Source source, Path directory, long sizeMax, int filesMax, long intervalSeconds, String comment) {
        this.source = source;
        this.files = new RollingFiles(directory, sizeMax, filesMax);
        this.comment = comment;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "karst-hlog");
            made.setDaemon(true);
            return made;
        });
        thread.scheduleAtFixedRate(this::writeInterval, intervalSeconds, intervalSeconds, TimeUnit.SECONDS);
    }

    /** Intervals that were written. Any thread. */
    public long written() {
        return written.get();
    }

    /** Intervals that could not be written. Any thread. */
    public long failures() {
        return failures.get();
    }

    private void writeInterval() {
        try {
            spare = source.take(spare);
            append(spare);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            // A RuntimeException, too: thrown out of here it would end the schedule.
            failed(e);
        }
    }

    private void append(LatencySnapshot interval) throws IOException {
        long began = beganMillis;
        beganMillis = System.currentTimeMillis();
        byte[] lines = LatencyLogFormat.interval(interval, began, beganMillis);
        if (lines.length > 0) {
            files.append(lines, Instant.ofEpochMilli(began), () -> LatencyLogFormat.head(comment, began));
            written.incrementAndGet();
            if (failuresInARow > 0) {
                LOGGER.log(Level.INFO, "The latency log is written again failures={0}", failuresInARow);
                failuresInARow = 0;
            }
        }
    }

    private void failed(Exception cause) {
        failures.incrementAndGet();
        if (failuresInARow++ == 0) {
            LOGGER.log(
                    Level.WARNING,
                    "The latency log cannot be written, and will be tried again each interval: {0}",
                    cause.toString());
        }
    }

    /** Writes what was timed last, and stops; waits no longer than {@value #PATIENCE_SECONDS} s for a disk. */
    @Override
    public void close() {
        try {
            thread.execute(this::writeInterval);
            thread.execute(files::close);
            thread.shutdown();
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
