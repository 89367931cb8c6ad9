package io.karst.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyTest {
    private static final int TICK = 1000;

    @Test
    void clockEvictsAnItemThatNobodyRead() {
        EvictionPolicy clock = PolicyKind.CLOCK.policy();
        assertEquals(EvictionPolicy.EVICT, clock.onPass(clock.onInsert(false, TICK)));
    }

    @Test
    void clockSparesAnItemOncePerHitAndThreeTimesAtMost() {
        EvictionPolicy clock = PolicyKind.CLOCK.policy();
        for (int hits = 1; hits <= 5; hits++) {
            int metadata = clock.onInsert(false, TICK);
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
        assertNotEquals(EvictionPolicy.EVICT, none.onPass(none.onInsert(false, TICK)));
    }

    @Test
    void densityPrefersWhatIsReadOftenAndLately() {
        EvictionPolicy density = PolicyKind.DENSITY.policy();
        int once = density.onInsert(false, TICK);
        int often = density.onHit(density.onHit(once, TICK), TICK);
        assertTrue(density.worth(often, TICK + 5) > density.worth(once, TICK + 5));
        assertTrue(density.worth(once, TICK + 5) > density.worth(once, TICK + 50));
        assertTrue(
                density.worth(density.onInsert(true, TICK), TICK) > density.worth(once, TICK), "a ghost is worth more");
    }

    @Test
    void lruOnlyLooksAtTheLastAccess() {
        EvictionPolicy lru = PolicyKind.LRU.policy();
        int once = lru.onInsert(false, TICK);
        int often = lru.onHit(lru.onHit(once, TICK), TICK);
        assertEquals(lru.worth(once, TICK + 9), lru.worth(often, TICK + 9));
        assertTrue(lru.worth(lru.onHit(once, TICK + 8), TICK + 9) > lru.worth(often, TICK + 9));
    }

    @Test
    void lfuForgetsAsTheHandPasses() {
        EvictionPolicy lfu = PolicyKind.LFU.policy();
        int metadata = lfu.onInsert(false, TICK);
        for (int i = 0; i < 30; i++) {
            metadata = lfu.onHit(metadata, TICK);
        }
        for (int worth = AccessMetadata.FREQUENCY_MAX; worth >= 0; worth--) {
            assertEquals(worth, lfu.worth(metadata, TICK));
            metadata = lfu.onPass(metadata);
        }
        assertEquals(0, lfu.worth(metadata, TICK), "and stays at nothing");
    }

    @Test
    void everyPolicyHasItsWord() {
        for (PolicyKind kind : PolicyKind.values()) {
            assertEquals(kind, PolicyKind.of(kind.optionValue()));
        }
        assertNull(PolicyKind.of("CLOCK"), "words are written in lower case");
    }

    @ParameterizedTest
    @EnumSource(PolicyKind.class)
    void aHitIsRemembered(PolicyKind kind) {
        int metadata = kind.policy().onHit(kind.policy().onInsert(false, TICK), TICK + 7);
        assertTrue(AccessMetadata.isFetched(metadata));
        assertEquals(TICK + 7, AccessMetadata.tick(metadata));
    }

    /** What is unchanged is not stored: a hot item's cache line stays clean. */
    @ParameterizedTest
    @EnumSource(PolicyKind.class)
    void aHotItemChangesOncePerTickOnly(PolicyKind kind) {
        int metadata = kind.policy().onInsert(false, TICK);
        for (int i = 0; i < 20; i++) {
            metadata = kind.policy().onHit(metadata, TICK);
        }
        assertEquals(metadata, kind.policy().onHit(metadata, TICK));
    }
}
