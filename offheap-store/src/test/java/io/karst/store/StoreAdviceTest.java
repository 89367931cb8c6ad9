package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.eviction.PolicyKind;
import java.util.Objects;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;

/** Advice must be worth following: a store opened as advised holds what it promised. */
class StoreAdviceTest {
    private static final long MEMORY = 32 << 20;
    private static final long MICROS = 1_800_000_000_000_000L;

    private static StoreSettings settings(int hint) {
        return new StoreSettings(MEMORY, 1 << 20, 0.02, hint, PolicyKind.DENSITY, 0);
    }

    /** Fills a store with items of one size and returns it. */
    private static ItemStore filled(StoreSettings settings, int valueLength, int count, long tickMicros) {
        ItemStore store = ItemStore.open(settings);
        StoreSession session = store.openSession();
        try (Memory memory = new Memory(valueLength + 128)) {
            for (int id = 0; id < count; id++) {
                session.advanceTo(MICROS + id * tickMicros);
                UnsafeApi.putLong(memory.address(), id);
                session.store(StoreMode.SET, memory.address(), 10, 0, 0, memory.address() + 64, valueLength, 0);
            }
        }
        return store;
    }

    private static StoreAdvice advice(ItemStore store) {
        return Objects.requireNonNull(store.advise());
    }

    @Test
    void smallItemsWantASmallerHintAndThenFit() {
        try (ItemStore store = filled(settings(200), 50, 600_000, 1)) {
            StoreAdvice advice = advice(store);
            assertTrue(advice.itemSizeHint() < 100, advice.toString());
            assertTrue(advice.itemsWithHint() > advice.items() * 1.2, advice.toString());
            assertEquals(advice.items(), store.itemCount(), advice.items() * 0.03);
            try (ItemStore better = filled(settings(advice.itemSizeHint()), 50, 600_000, 1)) {
                assertEquals(advice.itemsWithHint(), better.itemCount(), advice.itemsWithHint() * 0.03);
                assertEquals(advice.itemSizeHint(), advice(better).itemSizeHint(), "and then all is well");
            }
        }
    }

    @Test
    void largerItemsWantALargerHint() {
        try (ItemStore store = filled(settings(32), 1500, 60_000, 1)) {
            StoreAdvice advice = advice(store);
            assertTrue(advice.itemSizeHint() >= 300, advice.toString());
            try (ItemStore better = filled(settings(advice.itemSizeHint()), 1500, 60_000, 1)) {
                assertTrue(better.itemCount() > store.itemCount(), advice.toString());
            }
        }
    }

    @Test
    void aHintThatFitsIsLeftAlone() {
        try (ItemStore store = filled(settings(200), 200, 300_000, 1)) {
            assertEquals(200, advice(store).itemSizeHint());
            assertTrue(advice(store).meanEntryBytes() >= 224, advice(store).toString());
        }
    }

    @Test
    void whereOnlyLargeItemsAreEvictedTheyWantMore() {
        try (ItemStore store = filled(settings(200), 500_000, 100, 1_000_000)) {
            assertTrue(advice(store).largePercent() > 2, advice(store).toString());
        }
    }

    @Test
    void anEmptyStoreIsGivenNoAdvice() {
        try (ItemStore store = ItemStore.open(settings(200))) {
            assertEquals(200, advice(store).itemSizeHint());
            assertEquals(2, advice(store).largePercent());
            assertEquals(0, advice(store).meanEntryBytes());
        }
    }

    @Test
    void unusedRoomForLargeItemsIsGivenToTheSmall() {
        StoreSettings generous = new StoreSettings(MEMORY, 1 << 20, 0.5, 200, PolicyKind.DENSITY, 0);
        try (ItemStore store = filled(generous, 200, 300_000, 1)) {
            assertTrue(advice(store).largePercent() < 5, advice(store).toString());
        }
    }
}
