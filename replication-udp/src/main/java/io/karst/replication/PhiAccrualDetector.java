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
    private int count;
    private long lastMs = Long.MIN_VALUE;

    /** Expects a heartbeat every {@code intervalMs}. */
    PhiAccrualDetector(long intervalMs) {
        this.intervalMs = intervalMs;
    }

    void heartbeat(long nowMs) {
        if (lastMs != Long.MIN_VALUE) {
            gapsMs[count++ % WINDOW] = nowMs - lastMs;
        }
        lastMs = nowMs;
    }

    /** Milliseconds since the last heartbeat; a very large number before the first. */
    long silenceMs(long nowMs) {
        return lastMs == Long.MIN_VALUE ? Long.MAX_VALUE : nowMs - lastMs;
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

    private int size() {
        return Math.min(count, WINDOW);
    }

    // The floor under the mean keeps a burst of heartbeats that waited together from counting as a faster rhythm.
    private double mean() {
        double sum = 0;
        for (int i = 0; i < size(); i++) {
            sum += gapsMs[i];
        }
        return Math.max(intervalMs, size() == 0 ? 0 : sum / size());
    }

    private double deviation() {
        double mean = mean();
        double sum = 0;
        for (int i = 0; i < size(); i++) {
            sum += (gapsMs[i] - mean) * (gapsMs[i] - mean);
        }
        return size() == 0 ? 0 : Math.sqrt(sum / size());
    }
}
