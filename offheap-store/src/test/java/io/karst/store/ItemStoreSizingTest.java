package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.eviction.PolicyKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the operator asks for: the store stays inside it, wastes little of it, and the largest item fits. */
class ItemStoreSizingTest {
    private static final int MEBIBYTE = 1 << 20;

    @ParameterizedTest(name = "-m {0} -I {1}, large {2} %, item_size {3}")
    @CsvSource({
        "2, 1024, 6, 200",
        "8, 1048576, 6, 200",
        "8, 4194304, 6, 200",
        "16, 16384, 6, 200",
        "16, 17000, 6, 200",
        "64, 1048576, 6, 200",
        "64, 33554432, 6, 200",
        "64, 1048576, 90, 200",
        "64, 1048576, 0, 200",
        "64, 1048576, 6, 16",
        "64, 1048576, 6, 8192",
        "100, 1048576, 6, 50",
        "1000, 1048576, 6, 200",
        "1024, 536870912, 6, 200",
    })
    void storeStaysInsideItsMemoryAndTheLargestItemFits(int megabytes, int itemMax, int largePercent, int hint) {
        long limit = (long) megabytes * MEBIBYTE;
        StoreSettings settings = new StoreSettings(limit, itemMax, largePercent / 100.0, hint, PolicyKind.CLOCK, 0);
        // memcached counts 59 bytes of its own for an item with a one-byte key, ours takes less.
        int valueLength = itemMax - 60;
        try (ItemStore store = ItemStore.open(settings);
                Memory memory = new Memory(itemMax)) {
            assertTrue(store.footprint() <= limit, "footprint " + store.footprint());
            assertTrue(store.footprint() >= limit * 0.97, "wasted: " + (limit - store.footprint()));
            StoreSession session = store.openSession();
            session.advanceTo(1_800_000_000_000_000L);
            for (int round = 0; round < 20; round++) {
                memory.put(0, new byte[] {(byte) round});
                StoreResult result = session.store(
                        StoreMode.SET, memory.address(), 1, 1, 1_900_000_000, memory.address(), valueLength, 0);
                assertEquals(StoreResult.STORED, result);
                assertTrue(session.acquire(memory.address(), 1));
                assertEquals(valueLength, session.valueLength());
                session.release();
            }
            store.check();
        }
    }
}
