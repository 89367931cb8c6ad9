package io.karst.appliance.slow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * The rows of {@code stats slow}, the latest first, without a space in any value:
 * <pre>
 *  limit_us 10000
 *  bursts 3                     slow ones since the start or stats reset, in the log or not
 *  1 ts=1764316800.123456,us=15231.2,command=set,commands=1,keys=1,key=3f2a9c0d51e7b846,key_length=9,value_length=524288
 * </pre>
 * Thread-safe.
 */
public final class SlowReport {
    private static final int ENTRIES_MAX = 100;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final double NS_PER_US = 1_000;

    private final long limitMicros;
    private final List<SlowBursts.Entry> entries = new ArrayList<>();
    private long count;

    /** A report of bursts slower than that. */
    public SlowReport(long limitMicros) {
        this.limitMicros = limitMicros;
    }

    /** Adds how many slow bursts a loop had. */
    synchronized void count(long bursts) {
        count += bursts;
    }

    /** Adds one of them. */
    synchronized void add(SlowBursts.Entry entry) {
        entries.add(entry);
    }

    /** Writes the rows. */
    public synchronized void write(BiConsumer<String, String> rows) {
        rows.accept("limit_us", Long.toString(limitMicros));
        rows.accept("bursts", Long.toString(count));
        entries.sort(Comparator.comparingLong(SlowBursts.Entry::unixMicros).reversed());
        for (int i = 0; i < Math.min(entries.size(), ENTRIES_MAX); i++) {
            rows.accept(Integer.toString(i + 1), text(entries.get(i)));
        }
    }

    private static String text(SlowBursts.Entry entry) {
        return String.format(
                Locale.ROOT,
                "ts=%d.%06d,us=%.1f,command=%s,commands=%d,keys=%d,key=%s,key_length=%d,value_length=%d",
                entry.unixMicros() / MICROS_PER_SECOND,
                entry.unixMicros() % MICROS_PER_SECOND,
                entry.durationNs() / NS_PER_US,
                entry.command(),
                entry.commands(),
                entry.keys(),
                entry.keyHash().isEmpty() ? "none" : entry.keyHash(),
                entry.keyLength(),
                entry.valueLength());
    }
}
