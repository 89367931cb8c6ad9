package io.karst.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyTest {
    private static final int TICK = 1000;

    @Test
    void clockEvictsAnItemThatNobodyRead() {
        EvictionPolicy clock = PolicyKind.CLOCK.policy();
        assertEquals(EvictionPolicy.EVICT, clock.onPass(clock.onInsert(TICK)));
    }

    @Test
    void clockSparesAnItemOncePerHitAndThreeTimesAtMost() {
        EvictionPolicy clock = PolicyKind.CLOCK.policy();
        for (int hits = 1; hits <= 5; hits++) {
            int metadata = clock.onInsert(TICK);
            for (int i = 0; i < hits; i++) {
                metadata = clock.onHit(metadata, TICK + i);
            }
            int passes = 0;
            for (int next = clock.onPass(metadata); next != EvictionPolicy.EVICT; next = clock.onPass(next)) {
                passes++;
            }
            assertEquals(Math.min(hits, ClockPolicy.COUNTER_MAX), passes, hits + " hits");
        }
    }

    @Test
    void noneEvictsNothing() {
        EvictionPolicy none = PolicyKind.NONE.policy();
        assertFalse(none.evicts());
        assertNotEquals(EvictionPolicy.EVICT, none.onPass(none.onInsert(TICK)));
    }

    @ParameterizedTest
    @EnumSource(PolicyKind.class)
    void aHitIsRemembered(PolicyKind kind) {
        int metadata = kind.policy().onHit(kind.policy().onInsert(TICK), TICK + 7);
        assertTrue(AccessMetadata.isFetched(metadata));
        assertEquals(TICK + 7, AccessMetadata.tick(metadata));
    }

    /** What is unchanged is not stored: a hot item's cache line stays clean. */
    @ParameterizedTest
    @EnumSource(PolicyKind.class)
    void aHotItemChangesOncePerTickOnly(PolicyKind kind) {
        int metadata = kind.policy().onInsert(TICK);
        for (int i = 0; i < 20; i++) {
            metadata = kind.policy().onHit(metadata, TICK);
        }
        assertEquals(metadata, kind.policy().onHit(metadata, TICK));
    }
}
