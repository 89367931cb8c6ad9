package io.karst.tuning;

/**
 * Counts the latencies of one event loop.
 *
 * <p>Owned by that loop's thread: {@link #record} and {@link #exchange} are called on it and nowhere else. Hot path: no
 * allocation, no lock, no atomic.
 */
public final class LatencyRecorder {
    /*
     * HdrHistogram's own Recorder lets any thread take an interval, and pays for it with two atomic additions per value.
     * Here one thread writes, so a plain Histogram is enough, and taking an interval is a job for the same thread: a
     * reader submits a task to the loop, the task swaps the full snapshot for an empty one, and hands the full one back.
     * Handing over a reference through the loop's queue is the only synchronisation, once per interval, not per value.
     *
     * Reading the clock costs more than recording, so a loop stamps once per read burst and records the burst's
     * commands with record(operation, latency, count).
     */

    private LatencySnapshot current = new LatencySnapshot();

    /** Counts one operation that took {@code latencyNs}. */
    public void record(OperationClass operation, long latencyNs) {
        current.record(operation, latencyNs, 1);
    }

    /** Counts {@code count} operations that took {@code latencyNs} each. */
    public void record(OperationClass operation, long latencyNs, long count) {
        current.record(operation, latencyNs, count);
    }

    /**
     * Returns everything recorded since the last exchange and goes on in {@code next}, which is cleared and then belongs
     * to this recorder. A reader that passes back the snapshot it got last time makes no garbage.
     */
    public LatencySnapshot exchange(LatencySnapshot next) {
        assert next != current : "a snapshot cannot be exchanged for itself";
        LatencySnapshot full = current;
        next.clear();
        current = next;
        return full;
    }
}
