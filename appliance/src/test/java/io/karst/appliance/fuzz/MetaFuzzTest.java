package io.karst.appliance.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.jspecify.annotations.Nullable;

/**
 * Fuzzes the meta protocol, see {@link StreamFuzz} for what is asked of each input and {@link FuzzScript} for what it means. By itself it
 * replays the inputs in its resources; {@code -Pfuzz} makes new ones.
 */
class MetaFuzzTest {
    private static @Nullable StreamFuzz fuzz;

    @FuzzTest(maxDuration = "10s")
    void meta(byte[] input) {
        StreamFuzz target = fuzz;
        if (target == null) {
            target = new StreamFuzz(TextGrammar.META);
            fuzz = target;
        }
        target.play(input);
    }
}
