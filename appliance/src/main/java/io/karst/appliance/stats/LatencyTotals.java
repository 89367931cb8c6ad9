package io.karst.appliance.stats;

import io.karst.appliance.command.BurstTimer;
import io.karst.tuning.LatencyReport;
import io.karst.tuning.LatencySnapshot;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The latencies of all loops since the start, or since {@code stats reset}: each loop adds its own when it is asked.
 * Thread-safe.
 */
public final class LatencyTotals {
    private final LatencySnapshot total = new LatencySnapshot();

    /** For each loop the snapshot that its timer gets next, from the first time on; touched on the loop's thread only. */
    private final @Nullable LatencySnapshot[] spares;

    /** Of so many loops. */
    public LatencyTotals(int loops) {
        spares = new @Nullable LatencySnapshot[loops];
    }

    /** Adds what a loop has timed since the last time. On its thread; takes some 50 microseconds. */
    public void add(int loop, BurstTimer timer) {
        LatencySnapshot timed = take(loop, timer);
        synchronized (total) {
            total.add(timed);
        }
    }

    /** Forgets what a loop has timed since the last time. On its thread. */
    public void drop(int loop, BurstTimer timer) {
        take(loop, timer);
    }

    private LatencySnapshot take(int loop, BurstTimer timer) {
        LatencySnapshot spare = spares[loop];
        LatencySnapshot timed = timer.exchange(spare == null ? new LatencySnapshot() : spare);
        spares[loop] = timed;
        return timed;
    }

    /** Forgets what was added. */
    public void clear() {
        synchronized (total) {
            total.clear();
        }
    }

    /** Makes {@code target} equal to what was added. Loops that add wait meanwhile, some 20 microseconds. */
    public void copyTo(LatencySnapshot target) {
        target.clear();
        synchronized (total) {
            target.add(total);
        }
    }

    /** Writes what was added ({@link LatencyReport}). */
    public void write(BiConsumer<String, String> lines) {
        synchronized (total) {
            LatencyReport.write(total, lines);
        }
    }
}
