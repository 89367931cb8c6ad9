package io.karst.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VersionLedgerTest {
    private final VersionLedger ledger = new VersionLedger(4);

    @Test
    void anUnknownKeyMayHoldAnything() {
        assertTrue(ledger.allows(2, 12345, ledger.floor(2)));
    }

    @Test
    void afterOneSetOnlyItsVersionIsRight() {
        assertEquals(1, ledger.issue(2));
        ledger.settle(2, true);
        assertEquals(2, ledger.issue(2));
        ledger.settle(2, true);
        int floor = ledger.floor(2);
        assertFalse(ledger.allows(2, 1, floor));
        assertTrue(ledger.allows(2, 2, floor));
        assertFalse(ledger.allows(2, 3, floor));
    }

    @Test
    void aGetSentBeforeTheSetWasAnsweredMayHaveEither() {
        ledger.issue(2);
        ledger.settle(2, true);
        ledger.issue(2);
        int floor = ledger.floor(2);
        ledger.settle(2, true);
        assertTrue(ledger.allows(2, 1, floor));
        assertTrue(ledger.allows(2, 2, floor));
    }

    @Test
    void setsThatOverlapMayEndInAnyOrder() {
        ledger.issue(2);
        ledger.settle(2, true);
        ledger.issue(2);
        ledger.issue(2);
        ledger.settle(2, true);
        assertEquals(1, ledger.floor(2));
        ledger.settle(2, true);
        assertEquals(2, ledger.floor(2));
        assertTrue(ledger.allows(2, 3, 2));
    }

    @Test
    void aRefusedSetRaisesNothing() {
        ledger.issue(2);
        ledger.settle(2, true);
        ledger.issue(2);
        ledger.settle(2, false);
        assertEquals(1, ledger.floor(2));
    }
}
