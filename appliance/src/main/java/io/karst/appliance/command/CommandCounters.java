package io.karst.appliance.command;

import io.karst.store.SizeBand;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One loop's {@link CommandCounter}s for each {@link SizeBand}. The loop writes, any thread reads: opaque accesses, no
 * allocation.
 */
@SuppressWarnings("EnumOrdinal") // the ordinals never leave this array
public final class CommandCounters {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PER_BAND = CommandCounter.values().length;
    /** A cache line on both sides: the arrays of two loops may be neighbours. */
    private static final int PADDING = 8;

    private final long[] counts = new long[2 * PADDING + SizeBand.values().length * PER_BAND];

    /** Adds one; only the owning loop may. */
    void increment(SizeBand band, CommandCounter counter) {
        int index = index(band, counter);
        LONGS.setOpaque(counts, index, (long) LONGS.getOpaque(counts, index) + 1);
    }

    /** Adds one to what has no band: misses and commands; only the owning loop may. */
    void increment(CommandCounter counter) {
        increment(SizeBand.SMALL, counter);
    }

    /** The count of one band; any thread. */
    public long get(SizeBand band, CommandCounter counter) {
        return (long) LONGS.getOpaque(counts, index(band, counter));
    }

    private static int index(SizeBand band, CommandCounter counter) {
        return PADDING + band.ordinal() * PER_BAND + counter.ordinal();
    }
}
