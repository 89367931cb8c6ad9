package io.karst.appliance.command;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.agrona.UnsafeApi;
import org.jspecify.annotations.Nullable;

/**
 * {@code stats detail}: gets, hits, sets and deletes per key prefix, where a prefix is what stands before the delimiter
 * ({@code -D}). Off by default; while it is on every command makes a String. Keys without a delimiter are not counted.
 * Thread-safe.
 */
public final class PrefixStats {
    /** Prefixes kept at most, so that a client with random prefixes cannot fill the heap. */
    private static final int PREFIX_MAX = 10_000;

    private record Counts(LongAdder gets, LongAdder hits, LongAdder sets, LongAdder deletes) {
        Counts() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    private final Map<String, Counts> prefixes = new ConcurrentSkipListMap<>();
    private final byte delimiter;
    private volatile boolean enabled;

    /**
     * Counts for a delimiter.
     *
     * @param enabled whether it counts from the start ({@code -D} was given)
     */
    public PrefixStats(char delimiter, boolean enabled) {
        this.delimiter = (byte) delimiter;
        this.enabled = enabled;
    }

    /** Whether commands have to be recorded. */
    public boolean isEnabled() {
        return enabled;
    }

    /** {@code stats detail on|off}. */
    public void enable(boolean on) {
        enabled = on;
    }

    void recordGet(long key, int keyLength, boolean hit) {
        Counts counts = countsOf(key, keyLength);
        if (counts != null) {
            counts.gets.increment();
            if (hit) {
                counts.hits.increment();
            }
        }
    }

    void recordSet(long key, int keyLength) {
        Counts counts = countsOf(key, keyLength);
        if (counts != null) {
            counts.sets.increment();
        }
    }

    void recordDelete(long key, int keyLength) {
        Counts counts = countsOf(key, keyLength);
        if (counts != null) {
            counts.deletes.increment();
        }
    }

    /** Gives one line per prefix, without line end: {@code PREFIX p get n hit n set n del n}. */
    public void dump(Consumer<String> lines) {
        prefixes.forEach((prefix, counts) -> lines.accept("PREFIX " + prefix + " get " + counts.gets.sum() + " hit "
                + counts.hits.sum() + " set " + counts.sets.sum() + " del " + counts.deletes.sum()));
    }

    /** Forgets everything, as {@code stats reset} does. */
    public void clear() {
        prefixes.clear();
    }

    private @Nullable Counts countsOf(long key, int keyLength) {
        int length = 0;
        while (length < keyLength && UnsafeApi.getByte(key + length) != delimiter) {
            length++;
        }
        if (length == keyLength) {
            return null;
        }
        String prefix = KeyText.of(key, length);
        Counts counts = prefixes.get(prefix);
        if (counts == null && prefixes.size() < PREFIX_MAX) {
            counts = prefixes.computeIfAbsent(prefix, ignored -> new Counts());
        }
        return counts;
    }
}
