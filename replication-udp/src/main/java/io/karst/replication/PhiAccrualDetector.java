package io.karst.replication;

/**
 * How surprising the silence of a peer is: φ = -log10 of the probability that a heartbeat comes even later than now.
 *
 * <p>The gaps between the last {@value #WINDOW} heartbeats are taken as normally distributed, with a floor under the
 * deviation so that a perfectly regular peer is not suspected at the first late one. It decides whether records are
 * sent or hinted, never where keys are placed. One thread. Source: Hayashibara, Défago, Yared, Katayama: The φ accrual
 * failure detector, 2004; the logistic form of the normal tail is Akka's.
 */
final class PhiAccrualDetector {
    private static final int WINDOW = 128;

    private final long[] gapsMs = new long[WINDOW];
    private final long intervalMs;
    private final long startMs;
    private int count;
    private long sumMs;
    private double sumOfSquares;
    private long lastMs = Long.MIN_VALUE;

    /** Expects a heartbeat every {@code intervalMs}, from {@code startMs} on. */
    PhiAccrualDetector(long intervalMs, long startMs) {
        this.intervalMs = intervalMs;
        this.startMs = startMs;
    }

    void heartbeat(long nowMs) {
        if (lastMs != Long.MIN_VALUE) {
            replace(count++ % WINDOW, nowMs - lastMs);
        }
        lastMs = nowMs;
    }

    /** Milliseconds since the last heartbeat, or since the start. */
    long silenceMs(long nowMs) {
        return nowMs - Math.max(startMs, lastMs);
    }

    /** φ, 0 and more; infinite before the first heartbeat. */
    double phi(long nowMs) {
        if (lastMs == Long.MIN_VALUE) {
            return Double.POSITIVE_INFINITY;
        }
        double y = (nowMs - lastMs - mean()) / Math.max(intervalMs, deviation());
        double e = Math.exp(-y * (1.5976 + 0.070566 * y * y));
        return -Math.log10(y > 0 ? e / (1 + e) : 1 - 1 / (1 + e));
    }

    private void replace(int index, long gapMs) {
        long old = gapsMs[index];
        sumMs += gapMs - old;
        sumOfSquares += (double) gapMs * gapMs - (double) old * old;
        gapsMs[index] = gapMs;
    }

    private int size() {
        return Math.max(1, Math.min(count, WINDOW));
    }

    // The floor under the mean keeps a burst of heartbeats that waited together from counting as a faster rhythm.
    private double mean() {
        return Math.max(intervalMs, (double) sumMs / size());
    }

    private double deviation() {
        double mean = (double) sumMs / size();
        return Math.sqrt(Math.max(0, sumOfSquares / size() - mean * mean));
    }
}
