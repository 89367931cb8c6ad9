package io.karst.appliance.stats;

import io.karst.appliance.command.BurstTimer;
import io.karst.tuning.LatencyReport;
import io.karst.tuning.LatencySnapshot;
import io.karst.tuning.OperationClass;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The latencies of all loops since the start, or since {@code stats reset}, and those of the interval that the latency log takes
 * next: each loop adds its own when it is asked. Thread-safe.
 */
public final class LatencyTotals {
    private final LatencySnapshot total = new LatencySnapshot();

    /** What a log has not taken yet; guarded by the total. */
    private LatencySnapshot interval = new LatencySnapshot();

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
            interval.add(timed);
        }
    }

    /** Forgets what a loop has timed since the last time, but for the log. On its thread. */
    public void drop(int loop, BurstTimer timer) {
        LatencySnapshot timed = take(loop, timer);
        synchronized (total) {
            interval.add(timed);
        }
    }

    private LatencySnapshot take(int loop, BurstTimer timer) {
        LatencySnapshot spare = spares[loop];
        LatencySnapshot timed = timer.exchange(spare == null ? new LatencySnapshot() : spare);
        spares[loop] = timed;
        return timed;
    }

    /** Forgets what was added, but for the log. */
    public void clear() {
        synchronized (total) {
            total.clear();
        }
    }

    /** Takes what was added since the last call; goes on in {@code next}, which is cleared. */
    public LatencySnapshot takeInterval(LatencySnapshot next) {
        next.clear();
        synchronized (total) {
            LatencySnapshot taken = interval;
            interval = next;
            return taken;
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

    /** The latency that 99 % of the commands of these classes did not exceed, ns; -1 when none was timed. */
    public long p99Ns(Set<OperationClass> classes) {
        synchronized (total) {
            return total.count(classes) == 0 ? -1 : total.percentileNs(classes, 99);
        }
    }
}
