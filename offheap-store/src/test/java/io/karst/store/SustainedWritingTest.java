package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fills the store several times over with lognormal sizes (median 200 B, sigma 1.2, cut to 20 B..10 KB) and 0.5 % of
 * 16 KB..1 MB: every set is stored, the small arena stays full, and the time of an insert is reported.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SustainedWritingTest {
    private static final int ITEM_MAX = 1 << 20;
    private static final int SAMPLES = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = 64)
    void everySetIsStoredAndMemoryStaysFull(int megabytes) {
        fill(megabytes, 3);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"64,10", "1024,10"})
    void tenTimesOver(int megabytes, int times) {
        fill(megabytes, times);
    }

    /** Sets, deletes and changes of size of any kind: chunks must not leak, nor become unusable. */
    @Tag("slow")
    @Test
    void hundredMillionMixedOperationsLeaveNoHoles() {
        mixed(Long.getLong("operations", 100_000_000), 256);
    }

    @Test
    void mixedOperationsLeaveNoHoles() {
        mixed(2_000_000, 16);
    }

    /** Of 1,610 operations 500 insert a new key, 100 change the size of one, 10 delete one and 1,000 read one. */
    private static void mixed(long operations, int megabytes) {
        SplittableRandom random = new SplittableRandom(42);
        int recent = megabytes * 3_000;
        long inserted = 0;
        try (ItemStore store = ItemStore.open(StoreSettings.of((long) megabytes << 20, ITEM_MAX));
                Memory memory = new Memory(2 * ITEM_MAX)) {
            StoreSession session = store.openSession();
            long key = memory.address();
            for (long i = 0; i < operations; i++) {
                if (i % 64 == 0) {
                    session.advanceTo(1_800_000_000_000_000L + 3 * i);
                }
                int operation = random.nextInt(1_610);
                boolean isNew = operation < 500;
                UnsafeApi.putLong(key, isNew ? inserted++ : Math.max(0, inserted - 1 - random.nextInt(recent)));
                int length = random.nextInt(200) == 0
                        ? 16_000
                        : (int) Math.max(20, Math.min(10_240, Math.exp(Math.log(200) + 1.2 * random.nextGaussian())));
                if (isNew) {
                    session.store(StoreMode.SET, key, 20, 0, 0, memory.address() + 64, length, 0);
                } else if (operation < 600) {
                    session.store(StoreMode.REPLACE, key, 20, 0, 0, memory.address() + 64, length, 0);
                } else if (operation < 610) {
                    session.delete(key, 20);
                } else if (session.acquire(key, 20)) {
                    session.release();
                }
            }
            store.check();
            System.out.printf(
                    "mixed operations -m %d: %d operations, %d items, %d evictions, small arena %.2f %% used%n",
                    megabytes,
                    operations,
                    store.itemCount(),
                    store.counter(StoreCounters.EVICTIONS),
                    100 * used(store, SizeBand.SMALL));
            assertTrue(store.counter(StoreCounters.EVICTIONS) > operations / 20);
            assertTrue(used(store, SizeBand.SMALL) >= 0.97, "small arena used: " + used(store, SizeBand.SMALL));
        }
    }

    private static void fill(int megabytes, int times) {
        Random random = new Random(42);
        long limit = (long) megabytes << 20;
        try (ItemStore store = ItemStore.open(StoreSettings.of(limit, ITEM_MAX));
                Memory memory = new Memory(2 * ITEM_MAX)) {
            assertTrue(store.footprint() <= limit);
            StoreSession session = store.openSession();
            session.advanceTo(1_800_000_000_000_000L);
            long[] nanos = new long[SAMPLES];
            long written = 0;
            int sets = 0;
            while (written < times * limit) {
                int length = length(random);
                UnsafeApi.putLong(memory.address(), sets);
                UnsafeApi.putLong(memory.address() + 8, random.nextLong());
                long start = System.nanoTime();
                StoreResult result =
                        session.store(StoreMode.SET, memory.address(), 20, 0, 0, memory.address() + 64, length, 0);
                nanos[sets++ % SAMPLES] = System.nanoTime() - start;
                assertEquals(StoreResult.STORED, result);
                // Turnover is counted where it is slow: nine tenths of the bytes are large items, in their own arena.
                written += length < 16_384 ? length : 0;
            }
            store.check();
            int count = Math.min(sets, SAMPLES);
            Arrays.sort(nanos, 0, count);
            System.out.printf(
                    "sustained writing -m %d x %d: %d sets, %d items, small arena %.1f %% used, large %.1f %%,"
                            + " set p50 %d ns p99 %d ns p99.9 %d ns max %d ns%n",
                    megabytes,
                    times,
                    sets,
                    store.itemCount(),
                    100 * used(store, SizeBand.SMALL),
                    100 * used(store, SizeBand.LARGE),
                    nanos[count / 2],
                    nanos[(int) (count * 0.99)],
                    nanos[(int) (count * 0.999)],
                    nanos[count - 1]);
            assertTrue(used(store, SizeBand.SMALL) >= 0.95, "small arena used: " + used(store, SizeBand.SMALL));
        }
    }

    private static double used(ItemStore store, SizeBand band) {
        return Objects.requireNonNull(store.report(band)).usedShare();
    }

    private static int length(Random random) {
        if (random.nextInt(200) == 0) {
            return 16_384 + random.nextInt(ITEM_MAX - 16_384 - 100);
        }
        double length = Math.exp(Math.log(200) + 1.2 * random.nextGaussian());
        return (int) Math.max(20, Math.min(10_240, length));
    }
}
