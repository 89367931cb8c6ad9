package io.karst.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AccessMetadataTest {
    private static final int TICKS = 1 << 19;

    @Test
    void whatIsOlderThanFourteenHoursIsClampedAndSoNeverLooksYoung() {
        int old = AccessMetadata.of(7, true, 100);
        int now = 100;
        for (int hours = 0; hours < 100; hours += 4) {
            old = AccessMetadata.clamped(old, now);
            int idle = AccessMetadata.idleTicks(old, now);
            assertTrue(idle >= Math.min(hours, 14) * 27_000, hours + " hours look like " + idle + " ticks");
            now += (int) ((4 * 3_600_000_000L) >>> 17);
        }
        assertEquals(7, AccessMetadata.frequency(old));
        assertTrue(AccessMetadata.isFetched(old));
        int young = AccessMetadata.of(1, false, 100);
        assertEquals(young, AccessMetadata.clamped(young, 200));
    }

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
