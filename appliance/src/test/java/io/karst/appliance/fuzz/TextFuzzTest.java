package io.karst.appliance.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.jspecify.annotations.Nullable;

/**
 * Fuzzes the classic text protocol, see {@link StreamFuzz} for what is asked of each input and {@link FuzzScript} for what it means. By itself it
 * replays the inputs in its resources; {@code -Pfuzz} makes new ones.
 */
class TextFuzzTest {
    private static @Nullable StreamFuzz fuzz;

    @FuzzTest(maxDuration = "10s")
    void text(byte[] input) {
        StreamFuzz target = fuzz;
        if (target == null) {
            target = new StreamFuzz(TextGrammar.CLASSIC);
            fuzz = target;
        }
        target.play(input);
    }
}
