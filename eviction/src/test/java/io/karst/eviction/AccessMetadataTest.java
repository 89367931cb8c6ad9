package io.karst.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AccessMetadataTest {
    private static final int TICKS = 1 << 19;

    @Test
    void fieldsDoNotTouchEachOther() {
        for (int frequency = 0; frequency <= AccessMetadata.FREQUENCY_MAX; frequency++) {
            for (int tick : new int[] {0, 1, 12345, TICKS - 1}) {
                int metadata = AccessMetadata.of(frequency, true, tick);
                assertEquals(frequency, AccessMetadata.frequency(metadata));
                assertTrue(AccessMetadata.isFetched(metadata));
                assertEquals(tick, AccessMetadata.tick(metadata));
                assertTrue(metadata >>> 24 == 0, "three bytes");
                int other = AccessMetadata.withFrequency(metadata, 15 - frequency);
                assertEquals(15 - frequency, AccessMetadata.frequency(other));
                assertEquals(tick, AccessMetadata.tick(other));
                assertTrue(AccessMetadata.isFetched(other));
            }
        }
        assertFalse(AccessMetadata.isFetched(AccessMetadata.of(15, false, TICKS - 1)));
    }

    @Test
    void idleTimeSurvivesTheTicksWrappingAround() {
        int lastAccess = AccessMetadata.of(0, false, TICKS - 3);
        assertEquals(5, AccessMetadata.idleTicks(lastAccess, 2));
        assertEquals(0, AccessMetadata.idleTicks(lastAccess, TICKS - 3));
    }

    @Test
    void aTickIsAboutAnEighthOfASecond() {
        assertEquals(0, AccessMetadata.tickOf(AccessMetadata.TICK_MICROS - 1));
        assertEquals(1, AccessMetadata.tickOf(AccessMetadata.TICK_MICROS));
        assertEquals(0, AccessMetadata.tickOf((long) AccessMetadata.TICK_MICROS * TICKS), "wraps");
    }
}
