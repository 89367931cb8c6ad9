package io.karst.appliance.hotkeys;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;

/**
 * The most frequent keys of a stream, in a fixed number of counters. One thread's; {@link #add} allocates nothing.
 */
/*
 * Space-Saving: a key that has a counter is counted; one that has none takes over the smallest counter, value included, and
 * that value is noted as its error. So a counter is never below the truth and never above it by more than its error, and a key
 * that makes up more than 1/capacity of the stream always has a counter.
 *
 * The counters are in a heap with the smallest on top. Counting moves a counter down; hot keys are at the leaves, where there is
 * nowhere to go. An open-addressed table of twice the size finds a key's counter: linear probing, gaps closed on removal, hashes
 * seeded so that no client can choose what collides; the bytes decide.
 *
 * Source: Metwally, Agrawal, El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005.
 */
final class SpaceSaving {
    /** The longest key that memcached's protocols allow. */
    static final int KEY_MAX = 250;

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long seed = ThreadLocalRandom.current().nextLong();
    private final byte[] keys;
    private final int[] keyLengths;
    private final long[] hashes;
    private final long[] counts;
    private final long[] errors;
    /** Counters, the smallest first, and where each one is. */
    private final int[] heap;

    private final int[] place;
    /** A counter plus one, or 0. */
    private final int[] table;

    private final int mask;
    private int size;
    private long total;

    /** @param capacity counters, 1 or more; each takes some 300 bytes */
    SpaceSaving(int capacity) {
        keys = new byte[capacity * KEY_MAX];
        keyLengths = new int[capacity];
        hashes = new long[capacity];
        counts = new long[capacity];
        errors = new long[capacity];
        heap = new int[capacity];
        place = new int[capacity];
        table = new int[2 * Integer.highestOneBit(Math.max(1, 2 * capacity - 1))];
        mask = table.length - 1;
    }

    /** Takes what was counted; called with each key that has a counter. */
    @FunctionalInterface
    interface Visitor {
        /** The key is the first {@code keyLength} bytes behind {@code keyOffset}; valid during the call. */
        void counter(byte[] keys, int keyOffset, int keyLength, long count, long error);
    }

    /** Counts a key of 1 to {@link #KEY_MAX} bytes at an address. */
    void add(long key, int keyLength) {
        total++;
        long hash = hash(key, keyLength);
        int counter = find(hash, key, keyLength);
        if (counter >= 0) {
            counts[counter]++;
            moveDown(place[counter]);
        } else if (size < heap.length) {
            int fresh = size++;
            put(fresh, hash, key, keyLength, 0);
            heap[fresh] = fresh;
            place[fresh] = fresh;
            moveUp(fresh);
        } else {
            int smallest = heap[0];
            remove(smallest);
            put(smallest, hash, key, keyLength, counts[smallest]);
            moveDown(0);
        }
    }

    /** How many keys were counted, all together. */
    long total() {
        return total;
    }

    /** The most that a key without a counter can have been counted: 0 while there are counters to spare. */
    long leastCount() {
        return size < heap.length ? 0 : counts[heap[0]];
    }

    /** Shows every counter, in no order. */
    void forEach(Visitor visitor) {
        for (int i = 0; i < size; i++) {
            visitor.counter(keys, i * KEY_MAX, keyLengths[i], counts[i], errors[i]);
        }
    }

    /** Forgets everything. */
    void clear() {
        size = 0;
        total = 0;
        Arrays.fill(table, 0);
    }

    private void put(int counter, long hash, long key, int keyLength, long error) {
        hashes[counter] = hash;
        keyLengths[counter] = keyLength;
        errors[counter] = error;
        counts[counter] = error + 1;
        UnsafeApi.copyMemory(null, key, keys, BufferUtil.ARRAY_BASE_OFFSET + (long) counter * KEY_MAX, keyLength);
        int at = (int) hash & mask;
        while (table[at] != 0) {
            at = at + 1 & mask;
        }
        table[at] = counter + 1;
    }

    private int find(long hash, long key, int keyLength) {
        for (int at = (int) hash & mask; table[at] != 0; at = at + 1 & mask) {
            int counter = table[at] - 1;
            if (hashes[counter] == hash && keyLengths[counter] == keyLength && isKey(counter, key, keyLength)) {
                return counter;
            }
        }
        return -1;
    }

    private boolean isKey(int counter, long key, int keyLength) {
        int offset = counter * KEY_MAX;
        for (int i = 0; i < keyLength; i++) {
            if (keys[offset + i] != UnsafeApi.getByte(key + i)) {
                return false;
            }
        }
        return true;
    }

    private void remove(int counter) {
        int gap = (int) hashes[counter] & mask;
        while (table[gap] != counter + 1) {
            gap = gap + 1 & mask;
        }
        for (int at = gap + 1 & mask; table[at] != 0; at = at + 1 & mask) {
            int wanted = (int) hashes[table[at] - 1] & mask;
            // It may close the gap when its own place does not lie behind it.
            if ((at - wanted & mask) >= (at - gap & mask)) {
                table[gap] = table[at];
                gap = at;
            }
        }
        table[gap] = 0;
    }

    private void moveDown(int from) {
        int at = from;
        int counter = heap[at];
        long count = counts[counter];
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && counts[heap[child + 1]] < counts[heap[child]]) {
                child++;
            }
            if (counts[heap[child]] >= count) {
                break;
            }
            settle(heap[child], at);
            at = child;
        }
        settle(counter, at);
    }

    private void moveUp(int from) {
        int at = from;
        int counter = heap[at];
        while (at > 0 && counts[heap[(at - 1) / 2]] > counts[counter]) {
            settle(heap[(at - 1) / 2], at);
            at = (at - 1) / 2;
        }
        settle(counter, at);
    }

    private void settle(int counter, int at) {
        heap[at] = counter;
        place[counter] = at;
    }

    private long hash(long key, int keyLength) {
        long hash = seed ^ keyLength;
        int i = 0;
        for (; i + Long.BYTES <= keyLength; i += Long.BYTES) {
            hash = mixed(hash ^ UnsafeApi.getLong(key + i));
        }
        for (; i < keyLength; i++) {
            hash = mixed(hash ^ UnsafeApi.getByte(key + i));
        }
        return hash;
    }

    private static long mixed(long value) {
        long product = value * MULTIPLIER;
        return product ^ Math.multiplyHigh(value, MULTIPLIER) ^ product >>> 32;
    }
}
