package io.karst.appliance.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.jspecify.annotations.Nullable;

/**
 * Fuzzes UDP, see {@link DatagramFuzz} for what is asked of each input and {@link FuzzScript} for what it means. By itself it
 * replays the inputs in its resources; {@code -Pfuzz} makes new ones.
 */
class DatagramFuzzTest {
    private static @Nullable DatagramFuzz fuzz;

    @FuzzTest(maxDuration = "10s")
    void datagram(byte[] input) {
        DatagramFuzz target = fuzz;
        if (target == null) {
            target = new DatagramFuzz();
            fuzz = target;
        }
        target.play(input);
    }
}
