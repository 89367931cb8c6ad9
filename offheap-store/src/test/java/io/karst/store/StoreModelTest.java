package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.eviction.PolicyKind;
import io.karst.store.StoreModel.Item;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.UnsafeApi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Seeded random operations on the store and on a HashMap with the same clock; every answer must agree, and in the end
 * every item must read the same through Chronicle's public API. {@code -Dseed=N} replays one seed,
 * {@code -Dseeds=N} says how many to run.
 */
class StoreModelTest {
    private static final Pattern NUMBER = Pattern.compile("\\s*([0-9]+)(?:\\s.*)?", Pattern.DOTALL);
    private static final int OPERATIONS = 1000;
    private static final int ITEM_MAX = 1 << 20;
    private static final long START_MICROS = 1_800_000_000_000_000L;

    @ParameterizedTest
    @EnumSource(PolicyKind.class)
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyAnswerIsTheModels(PolicyKind policy) {
        Integer seed = Integer.getInteger("seed");
        if (seed != null) {
            new Run(seed, policy).go();
            return;
        }
        runSeeds(policy, Integer.getInteger("seeds", 150));
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(PolicyKind.class)
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void everyAnswerIsTheModelsForTenThousandSeeds(PolicyKind policy) {
        runSeeds(policy, 10_000);
    }

    /** A clock that steps is the server's affair; the store only ever sees one that runs on, however fast. */
    @Test
    void itemsExpireExactlyWhenTheyShould() {
        try (ItemStore store = ItemStore.open(StoreSettings.of(8 << 20, ITEM_MAX));
                Memory memory = new Memory(64)) {
            StoreSession session = store.openSession();
            session.advanceTo(START_MICROS);
            int now = (int) (START_MICROS / 1_000_000);
            long key = memory.put(0, new byte[] {'k'});
            session.store(StoreMode.SET, key, 1, 0, now + 2, key, 1, 0);
            session.advanceTo(START_MICROS + 1_999_999);
            assertTrue(session.acquire(key, 1));
            session.release();
            session.advanceTo(START_MICROS + 2_000_000);
            assertFalse(session.acquire(key, 1));
            assertEquals(0, store.itemCount(), "a get takes the expired item away");
        }
    }

    private static void runSeeds(PolicyKind policy, int count) {
        long evictions = 0;
        long refusals = 0;
        long largeItems = 0;
        for (int i = 0; i < count; i++) {
            try {
                Run run = new Run(i, policy);
                run.go();
                evictions += run.evictions;
                refusals += run.refusals;
                largeItems += run.largeItems;
            } catch (Throwable e) {
                throw new AssertionError("policy " + policy + ", replay with -Dseed=" + i, e);
            }
        }
        // A model test that never meets the interesting cases proves nothing.
        assertTrue(largeItems > count / 10, "items in the large arena: " + largeItems);
        assertEquals(policy != PolicyKind.NONE, evictions > 0, "evictions: " + evictions);
        assertEquals(policy == PolicyKind.NONE, refusals > 0, "refusals: " + refusals);
    }

    @SuppressWarnings("NullAway.Init") // go() opens the store before anything else.
    private static final class Run {
        private final Random random;
        private final PolicyKind policy;
        private final StoreModel model = new StoreModel();
        private final int keyCount;
        private final int sizeClass;
        private ExpirySweep sweep;
        private long micros = START_MICROS;
        private long evictions;
        private long refusals;
        private long largeItems;

        Run(int seed, PolicyKind policy) {
            this.random = new Random(seed * 31L + 7);
            this.policy = policy;
            this.keyCount = 1 + random.nextInt(random.nextBoolean() ? 20 : 400);
            this.sizeClass = random.nextInt(4);
        }

        void go() {
            StoreSettings settings = new StoreSettings(
                    12 << 20,
                    ITEM_MAX,
                    random.nextDouble() * 0.5,
                    32 + random.nextInt(300),
                    policy,
                    random.nextInt(256));
            try (ItemStore store = ItemStore.open(settings);
                    Memory memory = new Memory(2 * ITEM_MAX)) {
                StoreSession session = store.openSession();
                session.advanceTo(micros);
                sweep = session.expirySweep(0, 1);
                for (int i = 0; i < OPERATIONS; i++) {
                    step(session, memory);
                }
                store.check();
                compareEverything(store, session, memory);
                evictions = store.counter(StoreCounters.EVICTIONS);
                refusals = store.counter(StoreCounters.NO_MEMORY);
                largeItems = store.itemCount() - store.small.countItems();
                assertTrue(store.counter(StoreCounters.BYTES) >= 0);
            }
        }

        private void step(StoreSession session, Memory memory) {
            String key =
                    "key-" + "x".repeat(random.nextInt(3) == 0 ? random.nextInt(200) : 0) + random.nextInt(keyCount);
            byte[] keyBytes = key.getBytes(StandardCharsets.US_ASCII);
            long address = memory.put(0, keyBytes);
            int length = keyBytes.length;
            Item before = present(session, key, address, length);
            switch (random.nextInt(17)) {
                case 0, 1, 2, 3, 4 -> store(StoreMode.SET, session, memory, key, address, length, before);
                case 5 -> store(StoreMode.ADD, session, memory, key, address, length, before);
                case 6 -> store(StoreMode.REPLACE, session, memory, key, address, length, before);
                case 7 -> store(StoreMode.APPEND, session, memory, key, address, length, before);
                case 8 -> store(StoreMode.PREPEND, session, memory, key, address, length, before);
                case 9 -> store(StoreMode.CAS, session, memory, key, address, length, before);
                case 10, 11 -> {
                    StoreResult result = session.delete(address, length);
                    assertEquals(before == null ? StoreResult.NOT_FOUND : StoreResult.STORED, result);
                    model.forget(key);
                }
                case 12 -> addDelta(session, key, address, length, before);
                case 13 -> touch(session, key, address, length, before);
                case 14 -> sweep.step(1 + random.nextInt(300));
                case 15 -> micros += random.nextInt(5_000_000);
                default -> {
                    if (random.nextInt(20) == 0) {
                        session.flushAll();
                        model.flush();
                    }
                }
            }
            session.advanceTo(micros);
        }

        /** The model's item, after making sure that the store has the same, or forgetting what it has evicted. */
        private @Nullable Item present(StoreSession session, String key, long address, int length) {
            Item expected = model.get(key, seconds());
            boolean found = session.acquire(address, length);
            if (!found) {
                assertTrue(expected == null || policy != PolicyKind.NONE, "false miss of " + key);
                model.forget(key);
                return null;
            }
            try {
                assertNotNull(expected, "double or undead item " + key);
                compare(expected, session);
            } finally {
                session.release();
            }
            return expected;
        }

        private static void compare(Item expected, StoreSession session) {
            assertArrayEquals(expected.value(), Memory.get(session.valueAddress(), session.valueLength()));
            assertEquals(expected.flags(), session.flags());
            assertEquals(expected.expiresAt(), session.expiresAt());
            assertEquals(expected.cas(), session.cas());
        }

        private void store(
                StoreMode mode,
                StoreSession session,
                Memory memory,
                String key,
                long address,
                int length,
                @Nullable Item before) {
            byte[] value = value();
            int flags = random.nextBoolean() ? 0 : random.nextInt();
            int expiresAt = Exptime.resolve(exptime(), seconds(), seconds() - 100);
            long valueAddress = memory.put(1024, value);
            long token = before != null && random.nextBoolean() ? before.cas() : random.nextLong();
            StoreResult result =
                    session.store(mode, address, length, flags, expiresAt, valueAddress, value.length, token);
            StoreResult expected = expected(mode, before, token);
            if (result == StoreResult.NO_MEMORY || result == StoreResult.TOO_LARGE) {
                assertEquals(StoreResult.STORED, expected);
                assertTrue(policy == PolicyKind.NONE || value.length > ITEM_MAX / 4 || before != null);
                if (mode == StoreMode.SET) {
                    model.forget(key);
                }
                return;
            }
            assertEquals(expected, result);
            if (result != StoreResult.STORED) {
                return;
            }
            byte[] now = value;
            if (before != null && (mode == StoreMode.APPEND || mode == StoreMode.PREPEND)) {
                now = mode == StoreMode.APPEND
                        ? StoreModel.concat(before.value(), value)
                        : StoreModel.concat(value, before.value());
                flags = before.flags();
                expiresAt = before.expiresAt();
            }
            remember(session, key, address, length, now, flags, expiresAt, before);
        }

        private static StoreResult expected(StoreMode mode, @Nullable Item before, long token) {
            return switch (mode) {
                case SET -> StoreResult.STORED;
                case ADD -> before == null ? StoreResult.STORED : StoreResult.NOT_STORED;
                case REPLACE, APPEND, PREPEND -> before == null ? StoreResult.NOT_STORED : StoreResult.STORED;
                case CAS ->
                    before == null
                            ? StoreResult.NOT_FOUND
                            : before.cas() == token ? StoreResult.STORED : StoreResult.EXISTS;
            };
        }

        /** Reads the new CAS token from the store: it must be greater than the old one. */
        private void remember(
                StoreSession session,
                String key,
                long address,
                int length,
                byte[] value,
                int flags,
                int expiresAt,
                @Nullable Item before) {
            if (expiresAt != 0 && Integer.compareUnsigned(expiresAt, seconds()) <= 0) {
                assertFalse(session.acquire(address, length), "born expired");
                model.forget(key);
                return;
            }
            assertTrue(session.acquire(address, length), "set then get must hit");
            try {
                assertTrue(before == null || session.cas() > before.cas(), "CAS must grow");
                Item item = new Item(value, flags, expiresAt, session.cas());
                compare(item, session);
                model.put(key, item);
            } finally {
                session.release();
            }
        }

        private void addDelta(StoreSession session, String key, long address, int length, @Nullable Item before) {
            boolean increment = random.nextBoolean();
            long delta = random.nextBoolean() ? random.nextInt(1000) : random.nextLong();
            StoreResult result = session.addDelta(address, length, increment, delta);
            if (before == null) {
                assertEquals(StoreResult.NOT_FOUND, result);
                return;
            }
            String text = new String(before.value(), StandardCharsets.ISO_8859_1);
            Matcher number64 = NUMBER.matcher(text);
            if (!number64.matches() || new BigInteger(number64.group(1)).bitLength() > 64) {
                assertEquals(StoreResult.NON_NUMERIC, result);
                return;
            }
            long old = new BigInteger(number64.group(1)).longValue();
            long number = increment ? old + delta : Long.compareUnsigned(old, delta) < 0 ? 0 : old - delta;
            if (result == StoreResult.NO_MEMORY) {
                assertEquals(PolicyKind.NONE, policy);
                return;
            }
            assertEquals(StoreResult.STORED, result);
            assertEquals(number, session.number());
            StringBuilder digits = new StringBuilder(Long.toUnsignedString(number));
            while (digits.length() < before.value().length) {
                digits.append(' ');
            }
            byte[] value = digits.toString().getBytes(StandardCharsets.US_ASCII);
            remember(session, key, address, length, value, before.flags(), before.expiresAt(), before);
        }

        private void touch(StoreSession session, String key, long address, int length, @Nullable Item before) {
            int expiresAt = Exptime.resolve(exptime(), seconds(), seconds() - 100);
            boolean found;
            if (random.nextBoolean()) {
                StoreResult result = session.touch(address, length, expiresAt);
                if (result == StoreResult.NO_MEMORY) {
                    assertEquals(PolicyKind.NONE, policy);
                    return;
                }
                found = result == StoreResult.STORED;
            } else {
                found = Touching.acquireAndTouch(session, address, length, expiresAt);
                if (found) {
                    try {
                        assertNotNull(before);
                        assertArrayEquals(before.value(), Memory.get(session.valueAddress(), session.valueLength()));
                        assertEquals(before.cas(), session.cas());
                    } finally {
                        session.release();
                    }
                } else if (before != null && policy == PolicyKind.NONE) {
                    return;
                }
            }
            assertEquals(before != null, found);
            if (before != null) {
                model.put(key, new Item(before.value(), before.flags(), expiresAt, before.cas()));
            }
        }

        private byte[] value() {
            int length = switch (random.nextInt(20)) {
                case 0 -> 0;
                case 1 -> 16_000 + random.nextInt(800);
                case 2 -> sizeClass > 1 ? random.nextInt(ITEM_MAX - 100) : random.nextInt(40_000);
                case 3, 4, 5 -> -1;
                default -> random.nextInt(sizeClass == 0 ? 40 : 2000);
            };
            if (length < 0) {
                return Long.toUnsignedString(random.nextLong() >>> random.nextInt(64))
                        .getBytes(StandardCharsets.US_ASCII);
            }
            byte[] value = new byte[length];
            Arrays.fill(value, (byte) ('a' + random.nextInt(26)));
            return value;
        }

        private int exptime() {
            return switch (random.nextInt(6)) {
                case 0 -> 1 + random.nextInt(10);
                case 1 -> seconds() + 1 + random.nextInt(1000);
                case 2 -> random.nextInt(10) == 0 ? -1 : 100;
                default -> 0;
            };
        }

        private int seconds() {
            return (int) (micros / 1_000_000);
        }

        /** Direct path and public API must tell the same of every key, and of how many there are. */
        private void compareEverything(ItemStore store, StoreSession session, Memory memory) {
            for (String key : model.items().keySet().toArray(new String[0])) {
                byte[] keyBytes = key.getBytes(StandardCharsets.US_ASCII);
                Item expected = present(session, key, memory.put(0, keyBytes), keyBytes.length);
                byte[] small = store.small.map.get(keyBytes);
                byte[] large = store.large == null ? null : store.large.map.get(keyBytes);
                assertFalse(small != null && large != null, "in both arenas: " + key);
                byte[] stored = small != null ? small : large;
                if (expected == null) {
                    continue;
                }
                assertNotNull(stored);
                long item = memory.put(1024, stored);
                int headerLength = ItemLayout.headerLength(ItemLayout.control(item));
                assertArrayEquals(
                        expected.value(), Arrays.copyOfRange(stored, headerLength, stored.length), "public API");
                assertEquals(expected.cas(), UnsafeApi.getLong(item + ItemLayout.VERSION_OFFSET));
            }
            long size = store.small.map.longSize() + (store.large == null ? 0 : store.large.map.longSize());
            assertEquals(size, store.itemCount());
            long iterated = 0;
            for (byte[] ignored : store.small.map.keySet()) {
                iterated++;
            }
            assertEquals(store.small.countItems(), iterated);
        }
    }
}
