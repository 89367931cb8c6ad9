package io.karst.replication;

import java.util.Random;

/** Which things go wrong in a simulation, drawn from its seed; a few at a time, so that strict rules can be checked. */
record SimFaults(
        double lossRate,
        double duplicateRate,
        double refusalRate,
        int maxDelayMs,
        boolean imageDeaths,
        boolean restarts,
        long partitionMs,
        boolean eviction,
        boolean expiry,
        boolean flushes,
        long maxSkewMs,
        long tombstoneLimit,
        boolean sealed) {

    private static final int MANY = 1 << 20;

    static SimFaults draw(Random random) {
        long[] partitionsMs = {0, 1_500, 12_000, 24_000, 45_000};
        long partitionMs = partitionsMs[random.nextInt(partitionsMs.length)];
        long[] skewsMs = {0, 2_000, 2_000, 10_000};
        return new SimFaults(
                random.nextInt(3) * 0.1,
                random.nextInt(2) * 0.2,
                random.nextInt(3) * 0.05,
                5 + random.nextInt(2) * 150,
                random.nextBoolean(),
                random.nextInt(3) == 0,
                partitionMs,
                random.nextInt(3) == 0,
                random.nextInt(3) == 0,
                random.nextInt(3) == 0,
                skewsMs[random.nextInt(skewsMs.length)],
                random.nextBoolean() ? 4 : MANY,
                random.nextInt(4) == 0);
    }

    /** Nothing but a partition of more than the retention, and deletes. */
    static SimFaults longPartition() {
        return new SimFaults(0, 0, 0, 5, false, false, 24_000, false, false, false, 0, MANY, false);
    }

    /** The same without what makes a node forget. */
    SimFaults withoutRestarts() {
        return new SimFaults(
                lossRate,
                duplicateRate,
                refusalRate,
                maxDelayMs,
                imageDeaths,
                false,
                partitionMs,
                eviction,
                expiry,
                flushes,
                maxSkewMs,
                MANY,
                sealed);
    }

    boolean isLossless() {
        return !eviction && !expiry;
    }

    long chaosMs() {
        return Simulation.CHAOS_MS + (partitionMs > Simulation.CHAOS_MS ? partitionMs : 0);
    }

    /** More than any clock lags, or else a write comes after the purge of what it is older than. */
    long retentionMs() {
        return Simulation.RETENTION_MS + (maxSkewMs > 2_000 ? maxSkewMs : 0);
    }

    int writeEvery() {
        return 25;
    }

    int capacity() {
        return eviction ? 12 : MANY;
    }

    long expiryMicros(Random random, long clockMicros) {
        return expiry && random.nextInt(3) == 0 ? clockMicros + 1_000L * random.nextInt(8_000) + 1 : 0;
    }

    long skewMicros(Random random) {
        return maxSkewMs == 10_000 || maxSkewMs == 0 ? 0 : 1_000 * (random.nextLong(2 * maxSkewMs + 1) - maxSkewMs);
    }

    /** Does at a time what is due then. */
    void strike(Simulation simulation, long nowMs) {
        Random random = simulation.random;
        int a = random.nextInt(simulation.nodeCount());
        int b = random.nextInt(simulation.nodeCount());
        if (nowMs == 0) {
            simulation.network.weather(lossRate, duplicateRate, refusalRate, maxDelayMs);
        }
        if (imageDeaths && a != b && random.nextInt(100) == 0) {
            simulation.network.killImage(a, b);
        }
        if (restarts && random.nextInt(600) == 0) {
            simulation.restart(a);
        }
        if (maxSkewMs == 10_000 && nowMs == 6_000) {
            simulation.setSkew(a, random.nextBoolean() ? 10_000_000 : -10_000_000);
        }
        if (partitionMs > 0 && nowMs == 3_000) {
            split(simulation);
        }
        if (partitionMs > 0 && nowMs == 3_000 + partitionMs) {
            simulation.network.mend();
        }
    }

    private static void split(Simulation simulation) {
        int side = 1 + simulation.random.nextInt((1 << simulation.nodeCount()) - 2);
        for (int a = 0; a < simulation.nodeCount(); a++) {
            for (int b = 0; b < a; b++) {
                simulation.network.cut(a, b, (side >> a & 1) != (side >> b & 1));
            }
        }
    }
}
