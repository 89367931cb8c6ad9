package io.karst.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ValuePatternTest {
    private static final int LENGTH = 61;

    private final long value = UnsafeApi.allocateMemory(LENGTH + 16);

    @AfterEach
    void free() {
        UnsafeApi.freeMemory(value);
    }

    @Test
    void everyPieceOfAValueMatches() {
        ValuePattern.write(value, LENGTH, 77, 5);
        assertEquals(5, UnsafeApi.getInt(value) ^ ValuePattern.mask(77));
        long seed = ValuePattern.seed(77, 5);
        for (int from = ValuePattern.HEADER; from <= LENGTH; from++) {
            for (int to = from; to <= LENGTH; to++) {
                assertTrue(ValuePattern.matches(value + from, from, to, seed), from + ".." + to);
            }
        }
    }

    @Test
    void everyFlippedBitIsSeenInEveryPieceThatHoldsIt() {
        ValuePattern.write(value, LENGTH, 77, 5);
        long seed = ValuePattern.seed(77, 5);
        for (int bit = ValuePattern.HEADER * 8; bit < LENGTH * 8; bit++) {
            flip(bit);
            int at = bit / 8;
            for (int from = ValuePattern.HEADER; from <= LENGTH; from += 3) {
                for (int to = from; to <= LENGTH; to++) {
                    assertEquals(
                            at < from || at >= to,
                            ValuePattern.matches(value + from, from, to, seed),
                            "bit " + bit + " in " + from + ".." + to);
                }
            }
            flip(bit);
        }
    }

    private void flip(int bit) {
        UnsafeApi.putByte(value + bit / 8, (byte) (UnsafeApi.getByte(value + bit / 8) ^ 1 << bit % 8));
    }

    @Test
    void anotherKeyOrAnotherVersionDoesNotMatch() {
        ValuePattern.write(value, LENGTH, 77, 5);
        assertFalse(ValuePattern.matches(value + 4, 4, LENGTH, ValuePattern.seed(77, 6)));
        assertFalse(ValuePattern.matches(value + 4, 4, LENGTH, ValuePattern.seed(78, 5)));
    }

    @Test
    void keysAreWrittenAndRecognised() {
        for (int length : new int[] {8, 15, 16, 20, 40}) {
            KeySpace keys = new KeySpace(length);
            long key = UnsafeApi.allocateMemory(length + 16);
            keys.write(key, 0x123456789L);
            assertTrue(keys.matches(key, 0x123456789L));
            assertFalse(keys.matches(key, 0x12345678AL));
            assertEquals(length < 16, keys.matches(key, 0x223456789L), "high bits of a key of " + length);
            for (int i = 0; i < length; i++) {
                byte c = UnsafeApi.getByte(key + i);
                assertTrue(c >= 'a' && c <= 'p', "a printable key");
            }
            UnsafeApi.freeMemory(key);
        }
    }
}
