package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The walk that removes dead items before anybody asks for them or for their room. */
class ExpirySweepTest {
    private static final long START = 1_800_000_000_000_000L;
    private static final int NOW = (int) (START / 1_000_000);
    private static final int ITEMS = 20_000;

    private final ItemStore store = ItemStore.open(StoreSettings.of(32 << 20, 1 << 20));
    private final StoreSession session = store.openSession();
    private final Memory memory = new Memory(100_000);

    ExpirySweepTest() {
        session.advanceTo(START);
    }

    @AfterEach
    void close() {
        store.close();
        memory.close();
    }

    private void set(int id, int expiresAt, int length) {
        UnsafeApi.putLong(memory.address(), id);
        session.store(StoreMode.SET, memory.address(), 8, 0, expiresAt, memory.address() + 64, length, 0);
    }

    private static int pass(ExpirySweep sweep) {
        int removed = 0;
        boolean isDone;
        do {
            isDone = sweep.step(100);
            removed += sweep.removed();
        } while (!isDone);
        return removed;
    }

    @Test
    void everyDeadItemGoesInOnePassAndNothingElse() {
        for (int id = 0; id < ITEMS; id++) {
            set(id, id % 3 == 0 ? NOW + 10 : id % 3 == 1 ? NOW + 1000 : 0, id % 997 == 0 ? 60_000 : 50);
        }
        ExpirySweep sweep = session.expirySweep(0, 1);
        assertEquals(0, pass(sweep), "nothing is dead yet");
        session.advanceTo(START + 10_000_000);
        assertEquals((ITEMS + 2) / 3, pass(sweep));
        assertEquals(ITEMS - (ITEMS + 2) / 3, store.itemCount());
        assertEquals((ITEMS + 2) / 3, store.counter(StoreCounters.SWEEP_RECLAIMED));
        assertEquals((ITEMS + 2) / 3, store.counter(StoreCounters.EXPIRED_UNFETCHED));
        store.check();
    }

    @Test
    void aSegmentThatHoldsNothingExpirableIsNotWalked() {
        for (int id = 0; id < ITEMS; id++) {
            set(id, 0, 50);
        }
        ExpirySweep sweep = session.expirySweep(0, 1);
        session.advanceTo(START + 100_000_000);
        assertEquals(0, pass(sweep));
        assertEquals(0, store.counter(StoreCounters.SWEEP_CHECKED));
    }

    @Test
    void whatAWalkFoundAliveIsFoundAgainWhenItExpires() {
        for (int id = 0; id < ITEMS; id++) {
            set(id, id % 2 == 0 ? NOW + 10 : NOW + 20, 50);
        }
        ExpirySweep sweep = session.expirySweep(0, 1);
        session.advanceTo(START + 10_000_000);
        assertEquals(ITEMS / 2, pass(sweep));
        session.advanceTo(START + 20_000_000);
        assertEquals(ITEMS / 2, pass(sweep));
        assertEquals(0, store.itemCount());
    }

    @Test
    void touchedItemsAreFound() {
        set(1, 0, 50);
        session.touch(memory.address(), 8, NOW + 5);
        set(2, NOW + 500, 50);
        session.touch(memory.address(), 8, NOW + 6);
        session.advanceTo(START + 7_000_000);
        assertEquals(2, pass(session.expirySweep(0, 1)));
    }

    @Test
    void flushedItemsGoToo() {
        for (int id = 0; id < ITEMS; id++) {
            set(id, 0, 50);
        }
        ExpirySweep sweep = session.expirySweep(0, 1);
        pass(sweep);
        session.flushAll();
        // The pass that is under way may have been behind them already.
        assertEquals(ITEMS, pass(sweep) + pass(sweep));
        assertEquals(0, store.itemCount());
        store.check();
    }

    @Test
    void theGivenNumberOfItemsBoundsAStep() {
        for (int id = 0; id < ITEMS; id++) {
            set(id, NOW + 1, 50);
        }
        session.advanceTo(START + 1_000_000);
        ExpirySweep sweep = session.expirySweep(0, 1);
        assertFalse(sweep.step(10));
        assertEquals(10, sweep.looked());
        assertEquals(10, sweep.removed());
    }

    @Test
    void partsTogetherAreEverything() {
        for (int id = 0; id < ITEMS; id++) {
            set(id, NOW + 1, id % 997 == 0 ? 60_000 : 50);
        }
        session.advanceTo(START + 1_000_000);
        int first = pass(session.expirySweep(0, 3));
        int second = pass(session.expirySweep(1, 3));
        assertTrue(first > 0 && second > 0 && first + second < ITEMS);
        assertEquals(ITEMS, first + second + pass(session.expirySweep(2, 3)));
    }
}
