package io.karst.tuning.plan;

/**
 * What was measured on the machine of docs/operate/performance.md, and the page of each figure. Another machine has others;
 * {@code bench/compare} measures them.
 */
public final class Measured {
    /** Items of 20 and 200 bytes that {@code -m 1024} holds; docs/operate/items-per-gigabyte.md, first row. */
    public static final long ITEMS_PER_GIBIBYTE = 4_190_208;

    /** Bytes of key and value of those items. */
    public static final int ITEM_BYTES = 220;

    /** Requests per second of one core, 50 clients, one request at a time, 90 % get; docs/operate/performance.md, first rows. */
    public static final long REQUESTS_PER_CORE = 141_024;

    /** Resident bytes beside {@code -m}, idle, the upper end; docs/operate/items-per-gigabyte.md. */
    public static final long BYTES_BESIDE_ITEMS = 124L << 20;

    private Measured() {}

    /** Bytes that an item takes beside its key and its value: 36. */
    public static long overheadBytes() {
        return (1L << 30) / ITEMS_PER_GIBIBYTE - ITEM_BYTES;
    }
}
