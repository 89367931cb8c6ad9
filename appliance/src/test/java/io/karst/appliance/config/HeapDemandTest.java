package io.karst.appliance.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class HeapDemandTest {
    private static final long MIB = 1 << 20;

    @Test
    void theUsualNumberOfConnectionsCountsAsBefore() {
        assertEquals(128 * MIB, HeapDemand.bytes(1_024, false));
        assertEquals(128 * MIB, HeapDemand.within(1024 * MIB, 30_000, false));
    }

    @Test
    void moreConnectionsNeedMoreAndTlsMoreStill() {
        assertEquals(279276373, HeapDemand.bytes(100_000, false));
        assertEquals(641943040, HeapDemand.bytes(50_000, true));
    }

    @Test
    void aSmallHeapIsTheOperatorsChoiceAsLongAsTheConnectionsFit() {
        assertEquals(12 * MIB, HeapDemand.within(12 * MIB, 5_000, false));
    }

    @Test
    void whatTheJvmDoesNotAllowIsRefusedWithTheFlagThatAllowsIt() {
        String message = String.valueOf(
                assertThrows(ConfigException.class, () -> HeapDemand.within(1024 * MIB, 1_000_000, false))
                        .getMessage());
        assertTrue(message.startsWith("conn-limit = \"1000000\": "), message);
        assertTrue(message.contains("Use -c 452419 or less"), message);
        assertTrue(message.endsWith("KARST_JAVA_OPTIONS=-Xmx2533m."), message);
    }
}
