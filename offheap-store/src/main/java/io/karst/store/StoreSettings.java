package io.karst.store;

import io.karst.eviction.PolicyKind;

/**
 * What a store is made from.
 *
 * @param memoryLimit bytes for everything off heap that the store takes ({@code -m})
 * @param itemSizeMax largest item in bytes, as memcached counts them ({@code -I}, {@link #memcachedLength})
 * @param largeShare share of the memory for items above 16 KiB, 0..1 ({@code -o large})
 * @param itemSizeHint expected bytes of key plus value of a typical item ({@code -o item_size}): smaller items may run
 *     out of hash lookup slots before they run out of memory
 * @param policy who makes room
 * @param nodeId 0..255, the low bits of every version made here
 */
public record StoreSettings(
        long memoryLimit, int itemSizeMax, double largeShare, int itemSizeHint, PolicyKind policy, int nodeId) {
    /** Share of the memory for large items when nothing else is said, in percent. */
    public static final int DEFAULT_LARGE_PERCENT = 2;

    /** Item size hint when nothing else is said: any average of about this or more fills the memory. */
    public static final int DEFAULT_ITEM_SIZE_HINT = 200;

    /** Checks the ranges. */
    public StoreSettings {
        if (itemSizeMax < 1024 || itemSizeMax > memoryLimit / 2) {
            throw new IllegalArgumentException("item size limit of " + itemSizeMax
                    + " bytes: must be at least 1 KiB and at most half of the memory, " + memoryLimit);
        }
        if (largeShare < 0 || largeShare > 0.95) {
            throw new IllegalArgumentException("share for large items = " + largeShare + ": must be 0 to 0.95");
        }
        if (itemSizeHint < 16 || itemSizeHint > ArenaGeometry.SMALL_ENTRY_MAX / 2) {
            throw new IllegalArgumentException("item size hint = " + itemSizeHint + ": must be 16 to 8192 bytes");
        }
        if (nodeId < 0 || nodeId > 255) {
            throw new IllegalArgumentException("node id = " + nodeId + ": must be 0 to 255");
        }
    }

    /**
     * An item's length as memcached compares it with {@code -I}: 48 bytes of header, 8 of CAS, the key and a NUL, the value
     * and its line end, 4 of flags unless zero. Always more than the item takes here.
     */
    static long memcachedLength(int keyLength, int flags, long valueLength) {
        return 48 + 8 + keyLength + 1 + valueLength + 2 + (flags != 0 ? 4 : 0);
    }

    /** {@link #largeShare} in per cent, rounded. */
    public int largePercent() {
        return (int) Math.round(largeShare * 100);
    }

    /** Settings with our defaults: density, node 0. */
    public static StoreSettings of(long memoryLimit, int itemSizeMax) {
        return new StoreSettings(
                memoryLimit, itemSizeMax, DEFAULT_LARGE_PERCENT / 100.0, DEFAULT_ITEM_SIZE_HINT, PolicyKind.DENSITY, 0);
    }
}
