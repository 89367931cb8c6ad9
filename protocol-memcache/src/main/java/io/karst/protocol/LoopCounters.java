package io.karst.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One loop's {@link WireCounter} values. Written by that loop's thread only, read by any thread: opaque access, so a
 * reader sees whole, recent, possibly unequal-aged values. Hot path: no allocation.
 */
public final class LoopCounters {
    private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PAD = 8;

    private final long[] values = new long[WireCounter.values().length + 2 * PAD];

    /** Adds to a counter; the loop's thread only. */
    public void add(WireCounter counter, long amount) {
        int i = index(counter);
        VALUE.setOpaque(values, i, values[i] + amount);
    }

    /** Adds one; the loop's thread only. */
    public void increment(WireCounter counter) {
        add(counter, 1);
    }

    /** The present value. Any thread. */
    public long get(WireCounter counter) {
        return (long) VALUE.getOpaque(values, index(counter));
    }

    @SuppressWarnings("EnumOrdinal") // The rows of a table that no file or wire stores.
    private static int index(WireCounter counter) {
        return PAD + counter.ordinal();
    }
}
