package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.karst.eviction.PolicyKind;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looking ahead changes nothing but the time: batched reads find exactly what single ones find. */
class BatchTest {
    /** Hints of 200 and 24 bytes make slots of four and of eight bytes. */
    @ParameterizedTest
    @ValueSource(ints = {200, 24})
    void batchedReadsFindWhatSingleReadsFind(int itemSizeHint) {
        Random random = new Random(7);
        StoreSettings settings = new StoreSettings(4 << 20, 64 << 10, 0.3, itemSizeHint, PolicyKind.CLOCK, 0);
        try (ItemStore store = ItemStore.open(settings);
                Memory memory = new Memory(1 << 17)) {
            StoreSession session = store.openSession();
            session.advanceTo(1_800_000_000_000_000L);
            for (int round = 0; round < 2000; round++) {
                int length = key(memory, 0, random.nextInt(20_000));
                int valueLength = random.nextInt(100) == 0 ? random.nextInt(60_000) : random.nextInt(300);
                session.store(StoreMode.SET, memory.address(), length, 0, 0, memory.address() + 64, valueLength, 0);
                readBatch(session, memory, random);
            }
        }
    }

    private static void readBatch(StoreSession session, Memory memory, Random random) {
        int count = 1 + random.nextInt(StoreSession.BATCH_MAX);
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = key(memory, 64 * i, random.nextInt(20_000));
            session.noteBatched(i, memory.address() + 64L * i, lengths[i]);
        }
        session.touchBatch(count);
        for (int i = 0; i < count; i++) {
            long key = memory.address() + 64L * i;
            boolean single = session.acquire(key, lengths[i]);
            long cas = single ? session.cas() : 0;
            session.release();
            boolean batched = session.acquireBatched(i, key, lengths[i]);
            assertEquals(single, batched);
            assertEquals(cas, batched ? session.cas() : 0);
            session.release();
        }
    }

    private static int key(Memory memory, int offset, int number) {
        byte[] key = ("key-" + number).getBytes(StandardCharsets.US_ASCII);
        memory.put(offset, key);
        return key.length;
    }
}
