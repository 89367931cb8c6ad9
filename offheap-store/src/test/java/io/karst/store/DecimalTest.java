package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What incr takes for a number is what memcached 1.6.18 took in the differential run. */
class DecimalTest {

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "0,0",
                "007,7",
                " 5,5",
                "5 ,5",
                "\t8,8",
                "9 x,9",
                "+3,3",
                " +3,3",
                "-0,0",
                "1\0,1",
                "0\0b c,0",
                "18446744073709551615,18446744073709551615"
            })
    void isNumber(String text, String expected) {
        try (Memory memory = new Memory(64)) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            memory.put(0, bytes);
            assertTrue(Decimal.isNumber(memory.address(), bytes.length));
            assertEquals(expected, Long.toUnsignedString(Decimal.read(memory.address(), bytes.length)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "+", "-", "-1", "+-1", "++1", "+ 1", "1-", "12abc", "\0001", "18446744073709551616"})
    void isNoNumber(String text) {
        try (Memory memory = new Memory(64)) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            memory.put(0, bytes);
            assertFalse(Decimal.isNumber(memory.address(), bytes.length));
        }
    }
}
