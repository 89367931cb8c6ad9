package io.karst.appliance.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... words) {
        return new PlanCommand(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8))
                .run(List.of(words));
    }

    @Test
    void figuresThatAreGivenReplaceTheDefaults() {
        assertEquals(0, run("--items", "5m", "--value", "1k", "--requests", "100k", "--replicas", "2"));
        assertTrue(out.toString(UTF_8).startsWith("""
                requests    100,000/s at the peak: 90,000 reads, 10,000 writes
                items       5,000,000 of 20 + 1000 bytes: 5 GB
                replicas    x 2: 10 GB
                """), out.toString(UTF_8));
    }

    @Test
    void helpNamesEveryFigureWithItsDefault() {
        assertEquals(0, run("--help"));
        assertTrue(out.toString(UTF_8).contains("  --items     items kept at one time, without replicas (1g)\n"));
        assertTrue(out.toString(UTF_8).contains("  --use "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--nosuch 1", "--items", "--items -1", "--items 1x", "--reads 101", "--items 999999999999999t"})
    void wrongWordsAreOneLine(String words) {
        assertEquals(64, run(words.split(" ")));
        assertEquals(1, err.toString(UTF_8).lines().count());
        assertTrue(err.toString(UTF_8).startsWith("karst: --"), err.toString(UTF_8));
    }
}
