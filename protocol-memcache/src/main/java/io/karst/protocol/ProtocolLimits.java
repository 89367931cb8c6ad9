package io.karst.protocol;

/**
 * What one client may cost. Lengths and budgets in bytes, times in nanoseconds.
 *
 * @param itemSizeMax {@code -I}: the largest item, by memcached's arithmetic (see {@link #itemLength})
 * @param requestsPerEvent {@code -R}: requests one connection may run before the others get their turn
 * @param inFlightBudget bytes of half-received values that one event loop will hold
 * @param partialCommandNs a command that has begun must be complete after this time, plus one second for every 64 KiB of
 *     its value; 0 = no limit
 * @param slowReaderNs a client that leaves the output full for this long is closed; 0 = no limit
 * @param slowReaderBytes pending output, beyond one item, at which a client is closed at once
 * @param idleNs {@code -o idle_timeout}: a client silent for this long is closed; 0 = never
 */
public record ProtocolLimits(
        int itemSizeMax,
        int requestsPerEvent,
        long inFlightBudget,
        long partialCommandNs,
        long slowReaderNs,
        long slowReaderBytes,
        long idleNs) {

    /** Longest key. */
    public static final int KEY_MAX = 250;

    /** A line without newline is refused beyond this, except retrievals. */
    public static final int LINE_MAX = 2048;

    /** Longest line of a retrieval. */
    public static final int RETRIEVAL_LINE_MAX = 1 << 20;

    /** A value announced longer than this many times the item limit closes the connection instead of being swallowed. */
    public static final int SWALLOW_FACTOR = 8;

    private static final long SECOND = 1_000_000_000L;

    /** memcached's header (48) and cas token (8), and the NUL behind a key; their items are measured with them. */
    private static final int ITEM_OVERHEAD = 48 + 8 + 1;

    public ProtocolLimits {
        if (itemSizeMax <= 0 || requestsPerEvent <= 0 || inFlightBudget <= 0) {
            throw new IllegalArgumentException("limits must be positive: item_size_max=" + itemSizeMax
                    + " requests_per_event=" + requestsPerEvent + " in_flight_budget=" + inFlightBudget);
        }
    }

    /** memcached's defaults, and ours where it has none: 1 MiB items, 20 requests, 16 MiB in flight, 30 s, 60 s, 64 MiB. */
    public static ProtocolLimits defaults() {
        return new ProtocolLimits(1 << 20, 20, 16L << 20, 30 * SECOND, 60 * SECOND, 64L << 20, 0);
    }

    /** The length memcached compares with {@code -I}: header, cas, key, value with its {@code \r\n}, flags unless zero. */
    public static long itemLength(int keyLength, int flags, long valueLength) {
        return ITEM_OVERHEAD + keyLength + (flags != 0 ? Integer.BYTES : 0) + valueLength + 2;
    }

    /** Whether an item is over {@code -I}. */
    public boolean isTooLarge(int keyLength, int flags, long valueLength) {
        return itemLength(keyLength, flags, valueLength) > itemSizeMax;
    }
}
