package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.eviction.PolicyKind;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A scan shows every key that is present from its first step to its last exactly once, whatever happens between the steps:
 * neighbours removed (which shifts slots backwards), keys stored, items overwritten across the border between the arenas.
 */
class StoreScanTest {
    private static final int LARGE = 20_000;
    private static final long NOW_MICROS = 1_800_000_000_000_000L;

    /** Megabytes, share of the large arena, item size hint, keys: slots of 4 and 8 bytes, fewer small homes than large ones. */
    @ParameterizedTest
    @CsvSource({"8, 0.3, 200, 900", "8, 0.3, 24, 900", "64, 0.9, 8000, 250", "300, 0.95, 8000, 250", "8, 0, 200, 900"})
    void everyLastingKeyIsShownExactlyOnce(int megabytes, double largeShare, int itemSizeHint, int keys) {
        for (int seed = 0; seed < 8; seed++) {
            try (Fixture fixture = new Fixture(megabytes, largeShare, itemSizeHint, seed)) {
                fixture.scanUnderChange(keys);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void onlyOneArenaIsShownWhenAskedFor() {
        try (Fixture fixture = new Fixture(8, 0.3, 200, 1)) {
            for (int i = 0; i < 50; i++) {
                fixture.store("small-" + i, 10);
                fixture.store("large-" + i, LARGE);
            }
            for (SizeBand band : SizeBand.values()) {
                Set<String> shown = new HashSet<>();
                fixture.scan(band, shown::add);
                assertEquals(50, shown.size());
                String prefix = band == SizeBand.SMALL ? "small-" : "large-";
                assertTrue(shown.stream().allMatch(key -> key.startsWith(prefix)), shown.toString());
            }
        }
    }

    @Test
    void whatIsDeadIsNotShown() {
        try (Fixture fixture = new Fixture(8, 0.3, 200, 1)) {
            fixture.store("flushed", 10);
            fixture.session.flushAll();
            fixture.store("alive", 10);
            fixture.expiringIn("expired", -1);
            fixture.expiringIn("expiring", 5);
            Set<String> shown = new HashSet<>();
            fixture.scan(null, shown::add);
            assertEquals(Set.of("alive", "expiring"), shown);
        }
    }

    @Test
    void aCursorFromNowhereIsTheEnd() {
        try (Fixture fixture = new Fixture(8, 0.3, 200, 1)) {
            for (long cursor : new long[] {-1, fixture.session.scanEnd(), Long.MAX_VALUE, Long.MIN_VALUE}) {
                assertEquals(-1, fixture.session.scan(cursor, 64, null, (key, length) -> {}));
            }
        }
    }

    private static final class Fixture implements AutoCloseable {
        private final ItemStore store;
        private final StoreSession session;
        private final Memory memory = new Memory(1 << 16);
        private final Random random;
        private final boolean hasLarge;

        Fixture(int megabytes, double largeShare, int itemSizeHint, int seed) {
            store = ItemStore.open(
                    new StoreSettings((long) megabytes << 20, 64 << 10, largeShare, itemSizeHint, PolicyKind.CLOCK, 0));
            session = store.openSession();
            session.advanceTo(NOW_MICROS);
            random = new Random(seed);
            hasLarge = largeShare > 0;
        }

        void scanUnderChange(int keys) {
            Map<String, Integer> lasting = new HashMap<>();
            for (int i = 0; i < keys; i++) {
                lasting.put("lasting-" + i, 0);
                store("lasting-" + i, length());
                store("passing-" + i, length());
            }
            long cursor = 0;
            int steps = 0;
            while (cursor >= 0) {
                cursor = session.scan(cursor, 1 + random.nextInt(300), null, (key, length) -> {
                    String name = new String(Memory.get(key, length), StandardCharsets.US_ASCII);
                    assertTrue(session.valueLength() > 0 && session.cas() != 0);
                    lasting.computeIfPresent(name, (k, times) -> times + 1);
                });
                if (steps++ % 8 == 0) {
                    disturb(keys);
                }
            }
            assertTrue(session.counters(SizeBand.SMALL).get(StoreCounters.EVICTIONS) == 0
                    && session.counters(SizeBand.LARGE).get(StoreCounters.EVICTIONS) == 0);
            lasting.forEach((key, times) -> assertEquals(1, times, key));
        }

        private void disturb(int keys) {
            for (int i = 0; i < 6; i++) {
                String passing = "passing-" + random.nextInt(keys);
                if (random.nextBoolean()) {
                    session.delete(memory.address(), key(passing));
                } else {
                    store(passing, length());
                }
                store("lasting-" + random.nextInt(keys), length());
            }
        }

        private int length() {
            return hasLarge && random.nextInt(20) == 0 ? LARGE : 1 + random.nextInt(60);
        }

        private void store(String name, int length) {
            store(name, length, 0);
        }

        private void expiringIn(String name, int seconds) {
            store(name, 10, (int) (NOW_MICROS / 1_000_000) + seconds);
        }

        private void store(String name, int length, int expiresAt) {
            int keyLength = key(name);
            assertEquals(
                    StoreResult.STORED,
                    session.store(
                            StoreMode.SET,
                            memory.address(),
                            keyLength,
                            0,
                            expiresAt,
                            memory.address() + 64,
                            length,
                            0));
        }

        private int key(String name) {
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            memory.put(0, bytes);
            return bytes.length;
        }

        private void scan(@Nullable SizeBand only, Consumer<String> names) {
            long cursor = 0;
            while (cursor >= 0) {
                cursor = session.scan(
                        cursor,
                        64,
                        only,
                        (key, length) -> names.accept(new String(Memory.get(key, length), StandardCharsets.US_ASCII)));
            }
        }

        @Override
        public void close() {
            store.close();
            memory.close();
        }
    }
}
