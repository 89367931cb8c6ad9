package io.karst.bench.load;

/**
 * Intended times of an open loop: independent, exponentially distributed gaps around a mean rate. The times depend on
 * the seed alone, never on the server. Not thread-safe.
 */
public final class PoissonArrivals {
    private final Mix64 random;
    private final double meanGapNs;
    private final long startNs;
    private double atNs;

    /** Arrivals from {@code startNs} on, {@code perSecond} on average. */
    public PoissonArrivals(double perSecond, long startNs, long seed) {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("rate " + perSecond + ": not above 0");
        }
        this.random = new Mix64(seed);
        this.meanGapNs = 1e9 / perSecond;
        this.startNs = startNs;
        advance();
    }

    /** The time of the arrival that comes next. */
    public long nextNs() {
        return startNs + (long) atNs;
    }

    /** Takes it; the one after it becomes the next. */
    public void advance() {
        atNs -= Math.log1p(-random.unit()) * meanGapNs;
    }
}
