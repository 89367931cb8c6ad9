package io.karst.appliance.hotkeys;

import io.karst.appliance.watch.UriKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The rows of {@code stats hotkeys}, from the tables of all loops:
 * <pre>
 *  seconds 74                  the time they are about
 *  sampled_one_in 64
 *  requests 1253120            uses of keys in that time, estimated
 *  1:key user%3A42             escaped as in lru_crawler metadump
 *  1:count 51200               uses, estimated
 *  1:least 43959               between these two they are, but for once in ten thousand times
 *  1:most 59465
 *  1:percent 4.09              of the uses
 * </pre>
 * Thread-safe.
 */
/*
 * Tables merge as their counters say: a key that a table has was counted there between count - error and count times, one that it
 * has not between 0 and the table's smallest count. Sampling one use in n adds a spread that, for s samples, is less than that of
 * a Poisson variable: 4 sqrt(s) on either side, times n.
 */
public final class HotKeysReport {
    /** Keys that are shown. */
    private static final int KEYS_MAX = 20;

    private static final double SPREAD = 4;

    private final List<Table> tables = new ArrayList<>();
    private long nanos;

    /** One table, copied. */
    private record Table(Map<String, Counter> counters, long total, long leastCount) {}

    private record Counter(long count, long error) {}

    /**
     * A key and its uses, estimated.
     *
     * @param key escaped as in {@code lru_crawler metadump}
     * @param least between this and {@code most} they are, but for once in ten thousand times
     */
    public record HotKey(String key, long count, long least, long most) {}

    /** What all tables say of a key, in samples. */
    private record Merged(String key, long count, long least, long most) {}

    /** Adds a table. */
    synchronized void add(SpaceSaving table) {
        Map<String, Counter> counters = new HashMap<>();
        table.forEach((keys, offset, length, count, error) ->
                counters.put(new String(keys, offset, length, StandardCharsets.ISO_8859_1), new Counter(count, error)));
        tables.add(new Table(counters, table.total(), table.leastCount()));
    }

    /** Says that a loop's tables are about so many nanoseconds. */
    synchronized void covers(long elapsedNs) {
        nanos = Math.max(nanos, elapsedNs);
    }

    /** Writes the rows. */
    public synchronized void write(BiConsumer<String, String> rows) {
        long total = tables.stream().mapToLong(Table::total).sum();
        rows.accept("seconds", Long.toString(TimeUnit.NANOSECONDS.toSeconds(nanos)));
        rows.accept("sampled_one_in", Integer.toString(HotKeys.ONE_IN));
        rows.accept("requests", Long.toString(total * HotKeys.ONE_IN));
        int rank = 0;
        for (HotKey hot : hottest()) {
            rank++;
            rows.accept(rank + ":key", hot.key());
            rows.accept(rank + ":count", Long.toString(hot.count()));
            rows.accept(rank + ":least", Long.toString(hot.least()));
            rows.accept(rank + ":most", Long.toString(hot.most()));
            double percent = 100.0 * hot.count() / (total * HotKeys.ONE_IN);
            rows.accept(rank + ":percent", String.format(Locale.ROOT, "%.2f", percent));
        }
    }

    /** The keys with most uses, most first. */
    public synchronized List<HotKey> hottest() {
        return tables.stream()
                .flatMap(table -> table.counters().keySet().stream())
                .distinct()
                .map(this::merged)
                .sorted(Comparator.comparingLong(Merged::count).reversed().thenComparing(Merged::key))
                .limit(KEYS_MAX)
                .map(HotKeysReport::estimate)
                .toList();
    }

    private static HotKey estimate(Merged merged) {
        StringBuilder key = new StringBuilder();
        UriKey.append(key, merged.key());
        return new HotKey(key.toString(), merged.count() * HotKeys.ONE_IN, least(merged.least()), most(merged.most()));
    }

    private Merged merged(String key) {
        long count = 0;
        long least = 0;
        long most = 0;
        for (Table table : tables) {
            Counter counter = table.counters().get(key);
            if (counter == null) {
                most += table.leastCount();
            } else {
                count += counter.count();
                least += counter.count() - counter.error();
                most += counter.count();
            }
        }
        return new Merged(key, count, least, most);
    }

    private static long least(long samples) {
        return Math.max(0, Math.round((samples - SPREAD * Math.sqrt(samples)) * HotKeys.ONE_IN));
    }

    private static long most(long samples) {
        return Math.round((samples + SPREAD * Math.sqrt(samples) + SPREAD * SPREAD) * HotKeys.ONE_IN);
    }
}
