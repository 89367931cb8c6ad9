package io.karst.appliance.hotkeys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.BufferUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of counters, judged by a HashMap that counts everything. */
class SpaceSavingTest {
    private static final int STREAM = 200_000;
    private static final int KEYS = 20_000;

    /** Java's buffers have addresses; the array inside of a direct one has not. */
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SpaceSaving.KEY_MAX);

    private record Counter(long count, long error) {}

    private void add(SpaceSaving table, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
        buffer.clear().put(bytes);
        table.add(BufferUtil.address(buffer), bytes.length);
    }

    private static Map<String, Counter> counters(SpaceSaving table) {
        Map<String, Counter> counters = new HashMap<>();
        table.forEach((keys, offset, length, count, error) -> {
            String key = new String(keys, offset, length, StandardCharsets.ISO_8859_1);
            assertEquals(null, counters.put(key, new Counter(count, error)), "twice: " + key);
        });
        return counters;
    }

    /** Rank r with a weight of 1 / r, by inverting the sum. */
    private static int zipf(Random random) {
        return (int) Math.exp(random.nextDouble() * Math.log(KEYS)) - 1;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 256, 1000})
    void countsAreNeverTooLowAndTooHighByNoMoreThanTheirError(int capacity) {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        SpaceSaving table = new SpaceSaving(capacity);
        Map<String, Long> truth = new HashMap<>();
        for (int i = 0; i < STREAM; i++) {
            String key = "key-" + zipf(random);
            truth.merge(key, 1L, Long::sum);
            add(table, key);
        }
        String context = "capacity " + capacity + " -Dseed=" + seed;
        Map<String, Counter> counters = counters(table);
        assertEquals(capacity, counters.size(), context);
        assertEquals(STREAM, table.total(), context);
        counters.forEach((key, counter) -> {
            long count = truth.getOrDefault(key, 0L);
            assertTrue(counter.count() >= count, key + " " + counter + " " + count + " " + context);
            assertTrue(counter.count() - counter.error() <= count, key + " " + counter + " " + count + " " + context);
            assertTrue(counter.error() <= STREAM / capacity, context);
        });
        truth.forEach((key, count) -> {
            // What has no counter cannot be more than the smallest one says, and whatever is frequent has one.
            assertTrue(counters.containsKey(key) || count <= table.leastCount(), key + " " + context);
            assertTrue(counters.containsKey(key) || count <= STREAM / capacity, key + " " + context);
        });
    }

    @Test
    void whileThereAreCountersToSpareEverythingIsExact() {
        SpaceSaving table = new SpaceSaving(8);
        List<String> stream = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            stream.addAll(Collections.nCopies(i, "k".repeat(i)));
        }
        Collections.shuffle(stream, new Random(7));
        stream.forEach(key -> add(table, key));
        for (int i = 1; i <= 8; i++) {
            assertEquals(new Counter(i, 0), counters(table).get("k".repeat(i)));
        }
    }

    @Test
    void keysOfEveryLengthAndByteAreToldApart() {
        SpaceSaving table = new SpaceSaving(1000);
        for (int length = 1; length <= SpaceSaving.KEY_MAX; length++) {
            add(table, "\u00ff".repeat(length - 1) + "a");
            add(table, "\u00ff".repeat(length - 1) + "b");
        }
        assertEquals(2 * SpaceSaving.KEY_MAX, counters(table).size());
        assertEquals(0, table.leastCount());
    }

    @Test
    void aClearedTableIsANewOne() {
        SpaceSaving table = new SpaceSaving(4);
        for (int i = 0; i < 100; i++) {
            add(table, "key-" + i);
        }
        table.clear();
        assertEquals(Map.of(), counters(table));
        assertEquals(0, table.total());
        add(table, "key-1");
        assertEquals(Map.of("key-1", new Counter(1, 0)), counters(table));
    }
}
