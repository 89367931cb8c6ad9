package io.karst.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValueSizesTest {
    private static int[] lengths(ValueSizes sizes, int count) {
        int[] lengths = new int[count];
        Arrays.setAll(lengths, sizes::length);
        Arrays.sort(lengths);
        return lengths;
    }

    @Test
    void lognormalHasItsMedianAndItsSpread() {
        int[] lengths = lengths(ValueSizes.lognormal(200, 1.2, 1), 100_000);
        assertEquals(200, lengths[50_000], 4);
        // One standard deviation up and down: 200 * e^1.2 and 200 / e^1.2.
        assertEquals(664, lengths[84_134], 20);
        assertEquals(60, lengths[15_866], 3);
    }

    @Test
    void rangesAreDrawnByTheirWeights(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("sizes.json");
        Files.writeString(file, "{\"valSizeRangeProbability\": [1, 3], \"valSizeRange\": [10, 100, 200]}");
        int[] lengths = lengths(ValueSizes.of("json:" + file, 1), 100_000);
        assertEquals(0.25, Arrays.stream(lengths).filter(n -> n < 100).count() / 1e5, 0.01);
        assertEquals(10, lengths[0]);
        assertEquals(199, lengths[99_999]);
        assertEquals(150, lengths[62_500], 3);
    }

    @Test
    void aKeyKeepsItsSizeAndACapHolds() {
        ValueSizes sizes = ValueSizes.lognormal(200, 1.2, 9);
        ValueSizes cut = sizes.atMost(300);
        for (int id = 0; id < 1000; id++) {
            assertEquals(Math.min(300, sizes.length(id)), cut.length(id));
        }
        assertEquals(300, cut.lengthMax());
        assertTrue(sizes.lengthMax() > 10_000);
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ValueSizes.of("lognormal:200", 1));
        assertThrows(IllegalArgumentException.class, () -> ValueSizes.of("many", 1));
    }

    @Test
    void aFileThatIsNotThereIsNamedAsSuch(@TempDir Path directory) {
        String spec = "json:" + directory.resolve("missing.json");
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> ValueSizes.of(spec, 1));
        assertTrue(String.valueOf(refusal.getMessage()).contains("cannot be read"), refusal.getMessage());
    }
}
