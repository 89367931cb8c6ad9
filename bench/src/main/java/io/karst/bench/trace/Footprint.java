package io.karst.bench.trace;

import io.karst.bench.load.ValueSizes;

/**
 * How much memory all items of a trace's copies would take.
 *
 * @param copies of the trace, each with keys of its own
 * @param bytes of all items of all copies: key, value and {@value #ITEM_OVERHEAD} bytes of what any server adds
 */
record Footprint(int copies, long bytes) {
    static final int KEY_LENGTH = 20;
    private static final int ITEM_OVERHEAD = 50;
    private static final int COPIES_MAX = 4096;

    /** As few copies as it takes for all items together to be at least {@code wanted} bytes. */
    static Footprint of(Trace trace, ValueSizes sizes, long wanted) {
        long copyBytes = 0;
        for (int key : trace.distinctKeys()) {
            copyBytes += KEY_LENGTH + ITEM_OVERHEAD + sizes.length(ReplaySource.id(0, key));
        }
        int copies = (int) Math.max(1, Math.min(COPIES_MAX, (wanted + copyBytes - 1) / copyBytes));
        return new Footprint(copies, copyBytes * copies);
    }

    /** A share of it in per cent, in whole MiB. */
    long memory(int percent) {
        return Math.max(16, Math.round(bytes * (percent / 100.0) / (1 << 20))) << 20;
    }
}
