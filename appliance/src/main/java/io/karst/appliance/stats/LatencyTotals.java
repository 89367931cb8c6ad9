package io.karst.appliance.stats;

import io.karst.appliance.command.BurstTimer;
import io.karst.tuning.LatencyReport;
import io.karst.tuning.LatencySnapshot;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The latencies of all loops since the start, or since {@code stats reset}: each loop adds its own when it is asked.
 * Thread-safe.
 */
public final class LatencyTotals {
    private final LatencySnapshot total = new LatencySnapshot();

    /** For each loop the snapshot that its timer gets next; touched on the loop's thread only. */
    private final LatencySnapshot[] spares;

    /** Of so many loops. */
    public LatencyTotals(int loops) {
        spares = Stream.generate(LatencySnapshot::new).limit(loops).toArray(LatencySnapshot[]::new);
    }

    /** Adds what a loop has timed since the last time. On its thread; takes some 50 microseconds. */
    public void add(int loop, BurstTimer timer) {
        LatencySnapshot timed = timer.exchange(spares[loop]);
        spares[loop] = timed;
        synchronized (total) {
            total.add(timed);
        }
    }

    /** Forgets what a loop has timed since the last time. On its thread. */
    public void drop(int loop, BurstTimer timer) {
        spares[loop] = timer.exchange(spares[loop]);
    }

    /** Forgets what was added. */
    public void clear() {
        synchronized (total) {
            total.clear();
        }
    }

    /** Writes what was added ({@link LatencyReport}). */
    public void write(BiConsumer<String, String> lines) {
        synchronized (total) {
            LatencyReport.write(total, lines);
        }
    }
}
