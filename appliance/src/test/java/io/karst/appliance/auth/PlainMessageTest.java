package io.karst.appliance.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 4616, section 4. */
class PlainMessageTest {
    private static @Nullable PlainMessage parsed(String text) {
        return PlainMessage.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anExampleOfTheRfc() {
        assertEquals(new PlainMessage("tim", "tanstaaftanstaaf"), parsed("\0tim\0tanstaaftanstaaf"));
    }

    @Test
    void nobodyActsAsAnother() {
        assertNull(parsed("Ursel\0Kurt\0xipj3plmq"));
        assertEquals(new PlainMessage("Kurt", "xipj3plmq"), parsed("Kurt\0Kurt\0xipj3plmq"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tim", "tim\0secret", "\0tim\0", "\0tim\0a\0b", "\0tim\0a\u0007"})
    void anythingElseIsNone(String text) {
        assertNull(parsed(text));
    }
}
