package io.karst.store;

import io.karst.eviction.PolicyKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.openhft.chronicle.algo.hashing.LongHashFunction;
import org.agrona.UnsafeApi;

/**
 * The proof, at every start, that this build and the Chronicle Map on the class path agree about the memory: what the
 * direct path writes, the public API reads and removes, and the other way round, on a scratch map. A server whose answer
 * would be somebody else's bytes must not start.
 */
public final class SelfTest {
    private static final int ITEMS = 64;

    private SelfTest() {}

    /**
     * Runs it; a few milliseconds beyond the loading of Chronicle's classes.
     *
     * @throws IllegalStateException when the two paths disagree, saying about what
     */
    public static void run() {
        StoreSettings settings = new StoreSettings(2 << 20, 1024, 0, 160, PolicyKind.CLOCK, 0);
        try (ItemStore store = ItemStore.open(settings)) {
            StoreSession session = store.openSession();
            session.advanceTo(Moment.EPOCH_MICROS + 1_000_000);
            for (int i = 0; i < ITEMS; i++) {
                checkItem(store, session, i);
            }
            StoreCheck.check(store.small);
        }
    }

    private static void checkItem(ItemStore store, StoreSession session, int i) {
        byte[] key = ("self-test-" + "k".repeat(i * 3) + i).getBytes(StandardCharsets.US_ASCII);
        byte[] value = new byte[i * 5];
        Arrays.fill(value, (byte) i);
        long memory = UnsafeApi.allocateMemory(2048);
        try {
            for (int b = 0; b < key.length; b++) {
                UnsafeApi.putByte(memory + b, key[b]);
            }
            require(
                    XxHash64.hash(memory, key.length)
                            == LongHashFunction.xx_r39().hashBytes(key),
                    "the hash of a key of " + key.length + " bytes");
            long valueAddress = memory + key.length;
            for (int b = 0; b < value.length; b++) {
                UnsafeApi.putByte(valueAddress + b, value[b]);
            }
            session.store(StoreMode.SET, memory, key.length, i, 0, valueAddress, value.length, 0);
            byte[] stored = store.small.map.getOrDefault(key, new byte[0]);
            require(endsWith(stored, value), "reading through the public API");
            require(store.small.map.size() == 1, "the number of entries");
            // An overwrite of the same length keeps Chronicle's allocator out, so that our counters stay right.
            byte[] changed = stored.clone();
            if (value.length > 0) {
                changed[changed.length - 1] ^= 1;
            }
            store.small.map.put(key, changed);
            require(session.acquire(memory, key.length), "finding what the public API wrote");
            boolean same = session.valueLength() == value.length
                    && session.flags() == i
                    && (value.length == 0
                            || UnsafeApi.getByte(session.valueAddress() + value.length - 1)
                                    == changed[changed.length - 1]);
            session.release();
            require(same, "reading what the public API wrote");
            require(session.delete(memory, key.length) == StoreResult.STORED, "removing");
            require(store.small.map.isEmpty() && store.small.map.get(key) == null, "the public API after a removal");
        } finally {
            UnsafeApi.freeMemory(memory);
        }
    }

    private static boolean endsWith(byte[] stored, byte[] value) {
        int headerLength = stored.length - value.length;
        return headerLength >= ItemLayout.OPTIONAL_OFFSET
                && Arrays.equals(stored, headerLength, stored.length, value, 0, value.length);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("self-test of the store failed at " + what
                    + ": the Chronicle Map on the class path is not the one this build knows (2026.1)");
        }
    }
}
