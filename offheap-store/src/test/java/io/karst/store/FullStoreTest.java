package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.eviction.PolicyKind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** memcached's {@code -M}: what is there stays, and stays usable, when nothing more fits. */
class FullStoreTest {
    @Test
    void anItemOfAFullStoreCanBeTouched() {
        StoreSettings settings = new StoreSettings(2 << 20, 1024, 0, 160, PolicyKind.NONE, 0);
        try (ItemStore store = ItemStore.open(settings);
                Memory memory = new Memory(1024)) {
            StoreSession session = store.openSession();
            session.advanceTo(1_800_000_000_000_000L);
            int stored = 0;
            while (set(session, memory, stored) == StoreResult.STORED) {
                stored++;
            }
            assertEquals(StoreResult.NO_MEMORY, set(session, memory, stored));
            for (int i = 0; i < stored; i++) {
                int length = key(memory, i);
                assertEquals(StoreResult.STORED, session.touch(memory.address(), length, 1_900_000_000));
                assertTrue(Touching.acquireAndTouch(session, memory.address(), length, 1_950_000_000));
                assertEquals(1_950_000_000, session.expiresAt());
                session.release();
            }
            assertEquals(stored, store.itemCount());
            store.check();
        }
    }

    private static StoreResult set(StoreSession session, Memory memory, int i) {
        int length = key(memory, i);
        return session.store(StoreMode.SET, memory.address(), length, 0, 0, memory.address() + 64, 100, 0);
    }

    private static int key(Memory memory, int i) {
        byte[] key = ("key" + i).getBytes(StandardCharsets.US_ASCII);
        memory.put(0, key);
        return key.length;
    }
}
