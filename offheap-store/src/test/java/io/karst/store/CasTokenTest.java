package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.eviction.PolicyKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A CAS token that was handed out fits one value only, in whichever arena the key lived before and after. */
class CasTokenTest {

    @ParameterizedTest(name = "{0} bytes, then {1}")
    @CsvSource({"10, 10", "10, 20000", "20000, 10", "20000, 20000"})
    void tokenOfADeletedItemNeverComesBack(int before, int after) {
        StoreSettings settings = new StoreSettings(16 << 20, 64 << 10, 0.5, 160, PolicyKind.CLOCK, 1);
        try (ItemStore store = ItemStore.open(settings);
                Memory memory = new Memory(1 << 15)) {
            StoreSession session = store.openSession();
            // One burst: the clock stands still.
            session.advanceTo(1_800_000_000_000_000L);
            long key = memory.put(0, new byte[] {'k'});
            long value = key + 64;
            session.store(StoreMode.SET, key, 1, 0, 0, value, before, 0);
            assertTrue(session.acquire(key, 1));
            long token = session.cas();
            session.release();
            assertEquals(StoreResult.STORED, session.delete(key, 1));
            session.store(StoreMode.SET, key, 1, 0, 0, value, after, 0);
            assertEquals(StoreResult.EXISTS, session.store(StoreMode.CAS, key, 1, 0, 0, value, 5, token));
        }
    }
}
