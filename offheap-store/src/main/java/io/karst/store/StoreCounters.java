package io.karst.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one session did in one arena, counted. One thread writes, any thread reads: opaque accesses, which cost what plain ones do and
 * never tear. Counts only grow, except {@link #BYTES}, whose sum over all sessions is what matters.
 */
public final class StoreCounters {
    /** Bytes of entries (key, header, value, lengths) that this session added minus those that it removed. */
    public static final int BYTES = 0;
    /** Items stored since the start. */
    public static final int TOTAL_ITEMS = 1;
    /** Live items removed to make room. */
    public static final int EVICTIONS = 2;
    /** Live items removed to make room that nobody had read. */
    public static final int EVICTED_UNFETCHED = 3;
    /** Expired or flushed items whose room was taken by a new item. */
    public static final int RECLAIMED = 4;
    /** Expired or flushed items removed, whatever the occasion, that nobody had read. */
    public static final int EXPIRED_UNFETCHED = 5;
    /** Waits for a segment lock that was not free at the first try. */
    public static final int LOCK_SPINS = 6;
    /** Stores refused because nothing could be evicted. */
    public static final int NO_MEMORY = 7;
    /** Gets that met an expired item. */
    public static final int GET_EXPIRED = 8;
    /** Gets that met a flushed item. */
    public static final int GET_FLUSHED = 9;

    /** Ticks since the last access of the item that was evicted last; a reading, not a count. */
    public static final int EVICTED_IDLE_TICKS = 10;

    /** Items that the sweep for dead ones looked at. */
    public static final int SWEEP_CHECKED = 11;

    /** Dead items that the sweep removed. */
    public static final int SWEEP_RECLAIMED = 12;

    /** Number of counters; they are numbered from 0. */
    public static final int COUNT = 13;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[COUNT];

    /** Adds; only the owning thread may. */
    void add(int counter, long delta) {
        LONGS.setOpaque(counts, counter, (long) LONGS.getOpaque(counts, counter) + delta);
    }

    /** Sets a reading; only the owning thread may. */
    void set(int reading, long value) {
        LONGS.setOpaque(counts, reading, value);
    }

    /** Current value; any thread. */
    public long get(int counter) {
        return (long) LONGS.getOpaque(counts, counter);
    }
}
