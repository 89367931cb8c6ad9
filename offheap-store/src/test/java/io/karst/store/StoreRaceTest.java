package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.eviction.PolicyKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several threads on one store: no torn read, no false miss, no key in two places. */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class StoreRaceTest {
    private static final long MICROS = 1_800_000_000_000_000L;

    @Test
    void noReadIsTorn() throws Exception {
        tornReads(Long.getLong("operations", 2_000_000));
    }

    @Tag("slow")
    @Test
    void noReadIsTornInAHundredMillionOperations() throws Exception {
        tornReads(100_000_000);
    }

    @Test
    void keysThatMoveBetweenArenasAreNeverMissedNorDoubled() throws Exception {
        movingKeys(200_000);
    }

    @Tag("slow")
    @Test
    void keysThatMoveBetweenArenasAreNeverMissedNorDoubledInTenMillionMoves() throws Exception {
        movingKeys(10_000_000);
    }

    /** Two writers resize, delete and move keys between the arenas under eviction; two readers check every byte. */
    private static void tornReads(long operations) throws Exception {
        StoreSettings settings = new StoreSettings(8 << 20, 256 << 10, 0.4, 160, PolicyKind.CLOCK, 1);
        AtomicLong hits = new AtomicLong();
        try (ItemStore store = ItemStore.open(settings)) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                boolean writes = t < 2;
                long seed = t;
                tasks.add(() -> {
                    try (Memory memory = new Memory(1 << 20)) {
                        if (writes) {
                            write(store, memory, seed, operations / 4);
                        } else {
                            hits.addAndGet(read(store, memory, seed, operations / 4));
                        }
                    }
                    return null;
                });
            }
            runAll(tasks);
            assertTrue(hits.get() > operations / 100, "hits: " + hits);
            assertTrue(store.counter(StoreCounters.EVICTIONS) > 0);
            assertFalse(store.large == null || store.large.isEmpty(), "the large arena was used");
            store.check();
        }
    }

    private static void write(ItemStore store, Memory memory, long seed, long operations) {
        StoreSession session = store.openSession();
        session.advanceTo(MICROS);
        SplittableRandom random = new SplittableRandom(seed);
        for (long i = 0; i < operations; i++) {
            int keyLength = key(memory, random);
            if (random.nextInt(20) == 0) {
                session.delete(memory.address(), keyLength);
                continue;
            }
            int length =
                    8 * (1 + random.nextInt(random.nextInt(2000) == 0 ? 8000 : random.nextInt(50) == 0 ? 1900 : 60));
            fill(memory.address() + 64, length, random.nextLong());
            session.store(StoreMode.SET, memory.address(), keyLength, 0, 0, memory.address() + 64, length, 0);
        }
    }

    private static long read(ItemStore store, Memory memory, long seed, long operations) {
        StoreSession session = store.openSession();
        session.advanceTo(MICROS);
        SplittableRandom random = new SplittableRandom(seed);
        long hits = 0;
        for (long i = 0; i < operations; i++) {
            int keyLength = key(memory, random);
            if (session.acquire(memory.address(), keyLength)) {
                try {
                    requireFilled(session.valueAddress(), session.valueLength());
                } finally {
                    session.release();
                }
                hits++;
            }
        }
        return hits;
    }

    /** Every word is the first one plus its position, so that bytes of two writes can never pass for one. */
    private static void fill(long address, int length, long first) {
        for (int i = 0; i < length; i += 8) {
            UnsafeApi.putLong(address + i, first + i);
        }
    }

    private static void requireFilled(long address, int length) {
        long first = UnsafeApi.getLong(address);
        for (int i = 0; i < length; i += 8) {
            if (UnsafeApi.getLong(address + i) != first + i) {
                throw new AssertionError("torn at byte " + i + " of " + length);
            }
        }
    }

    private static int key(Memory memory, SplittableRandom random) {
        byte[] key = ("k" + random.nextInt(30_000)).getBytes(StandardCharsets.US_ASCII);
        memory.put(0, key);
        return key.length;
    }

    /** Two threads set the same few keys small and large by turns; two others must always find them. */
    private static void movingKeys(int moves) throws Exception {
        int keys = 16;
        StoreSettings settings = new StoreSettings(16 << 20, 64 << 10, 0.5, 160, PolicyKind.NONE, 1);
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong running = new AtomicLong(2);
        try (ItemStore store = ItemStore.open(settings)) {
            setAll(store, keys);
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                long seed = t;
                tasks.add(() -> {
                    try (Memory memory = new Memory(1 << 17)) {
                        move(store, memory, seed, moves / 2, keys);
                    } finally {
                        done.set(running.decrementAndGet() == 0);
                    }
                    return null;
                });
                tasks.add(() -> {
                    try (Memory memory = new Memory(1 << 17)) {
                        findAlways(store, memory, keys, done);
                    }
                    return null;
                });
            }
            runAll(tasks);
            store.check();
            assertEquals(keys, store.itemCount(), "double residents");
        }
    }

    private static void setAll(ItemStore store, int keys) {
        StoreSession session = store.openSession();
        session.advanceTo(MICROS);
        try (Memory memory = new Memory(1024)) {
            for (int k = 0; k < keys; k++) {
                memory.put(0, new byte[] {'k', (byte) k});
                fill(memory.address() + 64, 64, 0);
                session.store(StoreMode.SET, memory.address(), 2, 0, 0, memory.address() + 64, 64, 0);
            }
        }
    }

    private static void move(ItemStore store, Memory memory, long seed, int moves, int keys) {
        StoreSession session = store.openSession();
        session.advanceTo(MICROS);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < moves; i++) {
            memory.put(0, new byte[] {'k', (byte) random.nextInt(keys)});
            int length = random.nextBoolean() ? 64 : 20_000;
            fill(memory.address() + 64, length, i);
            StoreResult result =
                    session.store(StoreMode.SET, memory.address(), 2, 0, 0, memory.address() + 64, length, 0);
            if (result != StoreResult.STORED) {
                throw new AssertionError(result);
            }
        }
    }

    private static void findAlways(ItemStore store, Memory memory, int keys, AtomicBoolean done) {
        StoreSession session = store.openSession();
        session.advanceTo(MICROS);
        while (!done.get()) {
            for (int k = 0; k < keys; k++) {
                memory.put(0, new byte[] {'k', (byte) k});
                if (!session.acquire(memory.address(), 2)) {
                    throw new AssertionError("false miss");
                }
                try {
                    requireFilled(session.valueAddress(), session.valueLength());
                } finally {
                    session.release();
                }
            }
        }
    }

    private static void runAll(List<Callable<Void>> tasks) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            for (Future<Void> task : threads.invokeAll(tasks)) {
                task.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
