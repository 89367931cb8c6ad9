package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.eviction.PolicyKind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every operation at once from four threads, with keys of all lengths and sizes on both sides of the arena boundary. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StoreStressTest {
    private static final long MICROS = 1_800_000_000_000_000L;
    private static final int VALUE_OFFSET = 256;
    private static final int KEYS = 3000;

    /** One that evicts can take over from any other at any time; from "none" too. */
    private static final List<PolicyKind> POLICIES = List.of(PolicyKind.values());

    @ParameterizedTest(name = "{0}, item_size {1}, {2} bytes typically")
    @CsvSource({"DENSITY, 160, 300", "NONE, 160, 300", "CLOCK, 4000, 1", "LFU, 4000, 1", "RANDOM, 16, 9000"})
    void storeStaysConsistent(PolicyKind policy, int itemSizeHint, int typicalLength) throws Exception {
        long seed = Long.getLong("seed", 1);
        run(
                new StoreSettings(4 << 20, 64 << 10, 0.4, itemSizeHint, policy, 1),
                seed,
                new Length(Long.getLong("operations", 200_000), Long.MAX_VALUE, 5_000),
                typicalLength);
    }

    /** Half an hour of the same, every policy by turns, in a store that is looked through about once a minute by each thread. */
    @Test
    @Tag("slow")
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void storeStaysConsistentForHalfAnHour() throws Exception {
        long seed = Long.getLong("seed", 1);
        long minutes = Long.getLong("soak.minutes", 30);
        long operations = run(
                new StoreSettings(16 << 20, 64 << 10, 0.2, 160, PolicyKind.DENSITY, 1),
                seed,
                new Length(Long.MAX_VALUE, System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes), 5_000_000),
                300);
        System.out.println(minutes + " minutes, seed " + seed + ": " + operations + " operations");
    }

    /**
     * How long a thread works.
     *
     * @param operations at most
     * @param endNs until then at most, nanoseconds of {@link System#nanoTime}
     * @param operationsPerCheck of the whole store, on average
     */
    private record Length(long operations, long endNs, int operationsPerCheck) {
        boolean isOver(long done) {
            return done >= operations || (done % 1024 == 0 && endNs != Long.MAX_VALUE && System.nanoTime() - endNs > 0);
        }
    }

    private static long run(StoreSettings settings, long seed, Length length, int typicalLength) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (ItemStore store = ItemStore.open(settings)) {
            List<Callable<Long>> tasks = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                SplittableRandom random = new SplittableRandom(seed * 4 + t);
                tasks.add(() -> {
                    try (Memory memory = new Memory(1 << 17)) {
                        return work(store, memory, random, length, typicalLength);
                    }
                });
            }
            long operations = 0;
            for (Future<Long> task : threads.invokeAll(tasks)) {
                operations += task.get();
            }
            store.check();
            assertTrue(store.itemCount() > 0, "seed " + seed);
            return operations;
        } finally {
            threads.shutdownNow();
        }
    }

    /** A key's values consist of one byte that its number gives, however they are put together. */
    private static long work(
            ItemStore store, Memory memory, SplittableRandom random, Length length, int typicalLength) {
        StoreSession session = store.openSession();
        ExpirySweep sweep = session.expirySweep(0, 1);
        long key = memory.address();
        long value = key + VALUE_OFFSET;
        int behind = random.nextInt(2_000_000);
        long i = 0;
        for (; !length.isOver(i); i++) {
            if (i % 16 == 0) {
                // Loops read the clock on their own: some are seconds behind the others.
                session.advanceTo(MICROS + i * 1000 - behind);
            }
            int number = random.nextInt(KEYS);
            int keyLength = key(key, number);
            byte filler = (byte) ('1' + number % 9);
            int valueLength = valueLength(random, typicalLength);
            int expiresAt = random.nextInt(3) > 0 ? 0 : (int) (MICROS / 1_000_000) + random.nextInt(60);
            int flags = random.nextBoolean() ? 0 : number;
            UnsafeApi.setMemory(value, valueLength, filler);
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 ->
                    session.store(StoreMode.SET, key, keyLength, flags, expiresAt, value, valueLength, 0);
                case 4 -> session.store(StoreMode.ADD, key, keyLength, flags, expiresAt, value, valueLength, 0);
                case 5 -> session.store(StoreMode.REPLACE, key, keyLength, flags, expiresAt, value, valueLength, 0);
                case 6 -> session.store(StoreMode.APPEND, key, keyLength, 0, 0, value, valueLength, 0);
                case 7 -> session.store(StoreMode.PREPEND, key, keyLength, 0, 0, value, valueLength, 0);
                case 8 -> session.delete(key, keyLength);
                case 9 -> session.touch(key, keyLength, expiresAt);
                case 10 -> session.addDelta(key, keyLength, random.nextBoolean(), 0);
                case 11 -> {
                    if (Touching.acquireAndTouch(session, key, keyLength, expiresAt)) {
                        requireFilled(session, filler, number);
                    }
                }
                case 12 -> {
                    if (session.acquire(key, keyLength)) {
                        long token = session.cas();
                        session.release();
                        session.store(StoreMode.CAS, key, keyLength, flags, expiresAt, value, valueLength, token);
                    }
                }
                default -> {
                    if (session.acquire(key, keyLength)) {
                        requireFilled(session, filler, number);
                    }
                }
            }
            if (random.nextInt(50) == 0) {
                sweep.step(1 + random.nextInt(100));
            }
            if (random.nextInt(3_000) == 0) {
                store.policy(POLICIES.get(random.nextInt(POLICIES.size())));
            }
            if (random.nextInt(20_000) == 0) {
                session.flushAll();
            }
            if (random.nextInt(length.operationsPerCheck()) == 0) {
                store.check();
            }
        }
        return i;
    }

    private static void requireFilled(StoreSession session, byte filler, int number) {
        try {
            for (int i = 0; i < session.valueLength(); i++) {
                if (UnsafeApi.getByte(session.valueAddress() + i) != filler) {
                    throw new AssertionError("key " + number + ", byte " + i + " of " + session.valueLength());
                }
            }
        } finally {
            session.release();
        }
    }

    private static int valueLength(SplittableRandom random, int typicalLength) {
        return switch (random.nextInt(100)) {
            case 0 -> 60_000 - random.nextInt(30_000);
            case 1, 2 -> ArenaGeometry.SMALL_ENTRY_MAX - random.nextInt(320);
            case 3 -> 120 + random.nextInt(20);
            case 4 -> 0;
            default -> random.nextInt(typicalLength * 2);
        };
    }

    /** 1 to 250 bytes; the number comes first, so that keys differ. */
    private static int key(long address, int number) {
        int length = number < 128 ? 1 : 2 + number % 249;
        UnsafeApi.setMemory(address, length, (byte) 'k');
        UnsafeApi.putByte(address, (byte) number);
        if (length > 1) {
            UnsafeApi.putByte(address + 1, (byte) (number >>> 8));
        }
        return length;
    }
}
