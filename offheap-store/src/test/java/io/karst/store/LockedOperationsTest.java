package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.eviction.PolicyKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes in steps under a key's lock, against a model that keeps every attribute. */
class LockedOperationsTest {
    private static final long NOW_MICROS = 1_800_000_000_500_000L;
    private static final long NOW_SECONDS = 1_800_000_000L;
    private static final int VALUE_OFFSET = 512;

    private static final class Item {
        byte[] value = new byte[0];
        int flags;
        long expiry;
        boolean stale;
        boolean won;
        boolean encoded;
        long cas;
    }

    private final Memory memory = new Memory(1 << 20);
    private final ItemAttributes attributes = new ItemAttributes();
    private ItemStore store;
    private StoreSession session;

    @BeforeEach
    void open() {
        store = ItemStore.open(new StoreSettings(16 << 20, 1 << 20, 0.4, 160, PolicyKind.CLOCK, 0));
        session = store.openSession();
        session.advanceTo(NOW_MICROS);
    }

    @AfterEach
    void close() {
        store.check();
        store.close();
        memory.close();
    }

    @Test
    void everyAttributeIsKeptByWhatDoesNotChangeIt() {
        long seed = Long.getLong("seed", 4);
        Random random = new Random(seed);
        Map<String, Item> model = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            String key = "key" + random.nextInt(16);
            byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
            memory.put(0, bytes);
            Item item = model.get(key);
            assertEquals(item != null, session.lock(memory.address(), bytes.length), "-Dseed=" + seed + " step " + i);
            try {
                if (item == null || random.nextInt(4) == 0) {
                    model.put(key, store(random));
                } else {
                    assertSame(item, "-Dseed=" + seed + " step " + i);
                    if (change(item, random)) {
                        assertSame(item, "-Dseed=" + seed + " after step " + i);
                    } else {
                        model.remove(key);
                    }
                }
            } finally {
                session.release();
            }
        }
        assertEquals(model.size(), store.itemCount());
    }

    /** One change; false when the item is gone. */
    private boolean change(Item item, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> {
                item.expiry = expiry(random);
                assertTrue(session.lockedExpiry(item.expiry));
            }
            case 1 -> {
                item.stale = random.nextBoolean();
                item.won = random.nextBoolean();
                session.lockedMark(item.stale, item.won);
            }
            case 2 -> {
                boolean isExplicit = random.nextBoolean();
                long before = session.cas();
                assertTrue(session.lockedRenew(isExplicit, 99));
                assertEquals(isExplicit, session.cas() == 99 || (before == 99 && isExplicit));
                item.cas = session.cas();
            }
            case 3 -> {
                byte[] more = value(random, 2_000);
                boolean append = random.nextBoolean();
                long address = memory.put(VALUE_OFFSET, more);
                assertEquals(StoreResult.STORED, session.lockedExtend(append, false, 0, address, more.length));
                item.value = append ? join(item.value, more) : join(more, item.value);
                item.stale = false;
                item.won = false;
                item.encoded = false;
                assertNotEquals(item.cas, session.cas());
                item.cas = session.cas();
            }
            case 4 -> {
                StoreResult result = session.lockedAddDelta(true, 0, false, 0);
                if (result == StoreResult.STORED) {
                    assertNotEquals(item.cas, session.cas());
                    item.cas = session.cas();
                } else {
                    assertEquals(StoreResult.NON_NUMERIC, result);
                }
            }
            default -> {
                session.lockedRemove();
                return false;
            }
        }
        return true;
    }

    private Item store(Random random) {
        Item item = new Item();
        boolean isNumber = random.nextInt(4) == 0;
        item.value = isNumber
                ? Long.toString(random.nextInt(1_000_000)).getBytes(StandardCharsets.US_ASCII)
                : value(random, 20_000);
        item.flags = random.nextBoolean() ? random.nextInt() : 0;
        item.expiry = expiry(random);
        item.stale = random.nextBoolean();
        item.won = random.nextBoolean();
        item.encoded = random.nextInt(3) == 0;
        attributes
                .clear()
                .flags(item.flags)
                .expiry(item.expiry)
                .stale(item.stale)
                .won(item.won)
                .keyEncoded(item.encoded);
        if (random.nextInt(3) == 0) {
            attributes.explicitCas(random.nextLong());
        }
        long address = memory.put(VALUE_OFFSET, item.value);
        assertEquals(StoreResult.STORED, session.lockedStore(attributes, true, address, item.value.length));
        item.cas = session.cas();
        return item;
    }

    private static long expiry(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> (NOW_SECONDS + 1 + random.nextInt(1_000)) * ItemAttributes.FRACTIONS_PER_SECOND;
            default -> (NOW_SECONDS + 1) * ItemAttributes.FRACTIONS_PER_SECOND + random.nextInt(100_000);
        };
    }

    private static byte[] value(Random random, int lengthMax) {
        byte[] value = new byte[random.nextInt(lengthMax)];
        Arrays.fill(value, (byte) ('a' + random.nextInt(26)));
        return value;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private void assertSame(Item item, String when) {
        assertArrayEquals(item.value, Memory.get(session.valueAddress(), session.valueLength()), when);
        assertEquals(item.flags, session.flags(), when);
        assertEquals(item.expiry, session.expiry(), when);
        assertEquals(item.stale, session.isStale(), when);
        assertEquals(item.won, session.isWon(), when);
        assertEquals(item.encoded, session.isKeyEncoded(), when);
        assertEquals(item.cas, session.cas(), when);
    }

    @Test
    void fractionOfASecondCounts() {
        memory.put(0, new byte[] {'k'});
        long at = NOW_SECONDS * ItemAttributes.FRACTIONS_PER_SECOND + 130;
        session.lock(memory.address(), 1);
        session.lockedStore(attributes.clear().expiry(at), true, memory.address(), 1);
        session.release();
        assertTrue(session.acquire(memory.address(), 1));
        session.release();
        session.advanceTo(NOW_MICROS + 5_000);
        assertTrue(session.acquire(memory.address(), 1), "129/256 s");
        session.release();
        session.advanceTo(NOW_MICROS + 8_000);
        assertFalse(session.acquire(memory.address(), 1), "130/256 s");
    }

    @Test
    void readersLearnWhatWasThereBeforeThem() {
        memory.put(0, new byte[] {'k'});
        session.lock(memory.address(), 1);
        session.lockedStore(attributes.clear(), true, memory.address(), 1);
        session.release();
        session.advanceTo(NOW_MICROS + 10_000_000);
        assertTrue(session.acquire(memory.address(), 1));
        assertFalse(session.wasFetched());
        assertEquals(10, session.idleSeconds(), 1);
        session.release();
        assertTrue(session.acquire(memory.address(), 1));
        assertTrue(session.wasFetched());
        assertEquals(0, session.idleSeconds());
        session.release();
    }
}
