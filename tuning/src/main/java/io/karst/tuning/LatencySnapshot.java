package io.karst.tuning;

import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * The latencies of one stretch of time, a histogram per {@link OperationClass}.
 *
 * <p>Not safe for use by two threads at once: it belongs to whoever holds it, a recorder or a reader. Values are
 * nanoseconds, correct to two significant digits from 1.6 µs up and to 16 ns below; values above
 * {@link #HIGHEST_NS} are counted as that.
 */
public final class LatencySnapshot {
    /** The greatest latency told apart from greater ones: 16 s, longer than any client waits. */
    public static final long HIGHEST_NS = 16_000_000_000L;

    // 16 ns and two digits: 25 KB per class, 150 KB per snapshot. A tenth of that precision would hide a 1 % change.
    private static final long LOWEST_NS = 16;
    private static final int DIGITS = 2;

    private final Histogram[] histograms = new Histogram[OperationClass.count()];

    /** An empty snapshot, all of its memory allocated. */
    public LatencySnapshot() {
        for (int i = 0; i < histograms.length; i++) {
            histograms[i] = newHistogram();
        }
    }

    /** Adds {@code count} operations that took {@code latencyNs} each. Hot path: no allocation. */
    void record(OperationClass operation, long latencyNs, long count) {
        // A negative latency is a clock that went back: 0 is the honest answer, an exception on the hot path is not.
        histograms[operation.ordinal()].recordValueWithCount(Math.min(Math.max(latencyNs, 0), HIGHEST_NS), count);
    }

    /** Adds everything {@code other} counted to this snapshot; {@code other} is unchanged. */
    public void add(LatencySnapshot other) {
        for (int i = 0; i < histograms.length; i++) {
            histograms[i].add(other.histograms[i]);
        }
    }

    /** Forgets everything. */
    public void clear() {
        for (Histogram histogram : histograms) {
            histogram.reset();
        }
    }

    /** How many operations of this class were counted. */
    public long count(OperationClass operation) {
        return histograms[operation.ordinal()].getTotalCount();
    }

    /** How many operations of this class took at most so many nanoseconds, to the histogram's two digits. */
    public long countUpTo(OperationClass operation, long latencyNs) {
        return histograms[operation.ordinal()].getCountBetweenValues(0, latencyNs);
    }

    /** All latencies of this class together, ns, to the histogram's two digits. */
    public double sumNs(OperationClass operation) {
        Histogram histogram = histograms[operation.ordinal()];
        return histogram.getTotalCount() == 0 ? 0 : histogram.getMean() * histogram.getTotalCount();
    }

    /** The latency that half of the operations did not exceed, ns; 0 when none was counted. */
    public long p50Ns(OperationClass operation) {
        return percentileNs(operation, 50);
    }

    /** The latency that 90 % of the operations did not exceed, ns; 0 when none was counted. */
    public long p90Ns(OperationClass operation) {
        return percentileNs(operation, 90);
    }

    /** The latency that 99 % of the operations did not exceed, ns; 0 when none was counted. */
    public long p99Ns(OperationClass operation) {
        return percentileNs(operation, 99);
    }

    /** The latency that 99.9 % of the operations did not exceed, ns; 0 when none was counted. */
    public long p999Ns(OperationClass operation) {
        return percentileNs(operation, 99.9);
    }

    /** The latency that 99.99 % of the operations did not exceed, ns; 0 when none was counted. */
    public long p9999Ns(OperationClass operation) {
        return percentileNs(operation, 99.99);
    }

    /** The greatest latency, ns; 0 when none was counted. */
    public long maxNs(OperationClass operation) {
        return histograms[operation.ordinal()].getMaxValue();
    }

    /** The latency that {@code percent} of the operations, 0 to 100, did not exceed, ns; 0 when none was counted. */
    public long percentileNs(OperationClass operation, double percent) {
        return histograms[operation.ordinal()].getValueAtPercentile(percent);
    }

    /** How many operations of these classes were counted. */
    public long count(Set<OperationClass> operations) {
        return operations.stream().mapToLong(this::count).sum();
    }

    /** {@link #percentileNs(OperationClass, double)} of several classes together. Allocates a histogram. */
    public long percentileNs(Set<OperationClass> operations, double percent) {
        Histogram together = newHistogram();
        operations.forEach(operation -> together.add(histograms[operation.ordinal()]));
        return together.getValueAtPercentile(percent);
    }

    /** The histogram itself; it belongs to this snapshot. */
    Histogram histogram(OperationClass operation) {
        return histograms[operation.ordinal()];
    }

    private static Histogram newHistogram() {
        Histogram histogram = new Histogram(LOWEST_NS, HIGHEST_NS, DIGITS);
        histogram.setAutoResize(false);
        return histogram;
    }
}
