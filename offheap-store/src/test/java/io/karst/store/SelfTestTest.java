package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import net.openhft.chronicle.algo.hashing.LongHashFunction;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    @Test
    void directPathAndPublicApiAgree() {
        SelfTest.run();
    }

    @Test
    void hashIsChroniclesForEveryLength() {
        Random random = new Random(1);
        try (Memory memory = new Memory(2048)) {
            for (int length = 0; length <= 1100; length++) {
                byte[] key = new byte[length];
                random.nextBytes(key);
                long address = memory.put(0, key);
                assertEquals(
                        LongHashFunction.xx_r39().hashBytes(key), XxHash64.hash(address, length), "length " + length);
            }
        }
    }
}
