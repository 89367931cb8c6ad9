package io.karst.appliance.hotkeys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.junit.jupiter.api.Test;

/** What is hot is what is hot now: the running minute and the one before. */
class HotKeysWindowTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final HotKeys hotKeys = new HotKeys(16, 0);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16);

    private void use(String key, int times) {
        byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        buffer.clear().put(bytes);
        for (int i = 0; i < times; i++) {
            hotKeys.used(BufferUtil.address(buffer), bytes.length);
        }
    }

    private Map<String, String> rowsAt(long nowNs) {
        HotKeysReport report = new HotKeysReport();
        hotKeys.addTo(report, nowNs);
        Map<String, String> rows = new LinkedHashMap<>();
        report.write(rows::put);
        return rows;
    }

    @Test
    void theMinuteBeforeIsStillKnownAndTheOneBeforeThatIsNot() {
        use("old", 3_200);
        assertEquals("old", rowsAt(10 * SECOND).get("1:key"));
        assertEquals("10", rowsAt(10 * SECOND).get("seconds"));
        hotKeys.advanceTo(60 * SECOND);
        use("new", 1_600);
        Map<String, String> both = rowsAt(75 * SECOND);
        assertEquals("75", both.get("seconds"));
        assertEquals("old", both.get("1:key"));
        assertEquals("new", both.get("2:key"));
        hotKeys.advanceTo(120 * SECOND);
        Map<String, String> later = rowsAt(121 * SECOND);
        assertEquals("new", later.get("1:key"));
        assertFalse(later.containsKey("2:key"), later.toString());
    }

    @Test
    void aLoopThatRestedHasNothingToSay() {
        use("old", 3_200);
        Map<String, String> rows = rowsAt(500 * SECOND);
        assertFalse(rows.containsKey("1:key"), rows.toString());
        assertEquals("0", rows.get("seconds"));
    }

    @Test
    void estimatesAreNearTheTruth() {
        use("a", 160_000);
        long count = Long.parseLong(rowsAt(SECOND).get("1:count"));
        assertTrue(Math.abs(count - 160_000) < 8_000, Long.toString(count));
    }
}
