package io.karst.replication;

/** The counters of one node, written by its thread; other threads may read a value that is a little old. */
public final class ReplicationCounters {
    private final long[] counts = new long[ReplicationCounter.values().length];

    void add(ReplicationCounter counter, long count) {
        counts[counter.ordinal()] += count;
    }

    void add(ReplicationCounters others) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += others.counts[i];
        }
    }

    void increment(ReplicationCounter counter) {
        counts[counter.ordinal()]++;
    }

    /** How often it happened since start. */
    public long get(ReplicationCounter counter) {
        return counts[counter.ordinal()];
    }
}
