package io.karst.store;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What memcached would hold, in a HashMap: the judge of the store. Time is the caller's. With eviction on, an item that
 * the store lost may be {@link #forget forgotten}; nothing else may differ.
 */
final class StoreModel {
    /** An item as a client sees it. */
    @SuppressWarnings("ArrayRecordComponent") // compared byte by byte, never with equals
    record Item(byte[] value, int flags, int expiresAt, long cas) {}

    private final Map<String, Item> items = new HashMap<>();

    @Nullable
    Item get(String key, int nowSeconds) {
        Item item = items.get(key);
        if (item != null && item.expiresAt != 0 && Integer.compareUnsigned(item.expiresAt, nowSeconds) <= 0) {
            items.remove(key);
            return null;
        }
        return item;
    }

    void put(String key, Item item) {
        items.put(key, item);
    }

    void forget(String key) {
        items.remove(key);
    }

    void flush() {
        items.clear();
    }

    Map<String, Item> items() {
        return items;
    }

    static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
