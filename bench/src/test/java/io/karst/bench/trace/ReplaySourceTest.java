package io.karst.bench.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReplaySourceTest {
    @Test
    void keysAreBigEndianIntegersInXz(@TempDir Path directory) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/xz")), "no xz");
        Path raw = directory.resolve("t.trace");
        try (OutputStream file = Files.newOutputStream(raw);
                DataOutputStream out = new DataOutputStream(file)) {
            for (int key : new int[] {1, -2, 1, 70_000}) {
                out.writeInt(key);
            }
        }
        assertEquals(0, new ProcessBuilder("xz", raw.toString()).start().waitFor());
        Trace trace = Trace.read(directory.resolve("t.trace.xz"), 100);
        assertEquals("t", trace.name());
        assertArrayEquals(new int[] {1, -2, 1, 70_000}, trace.keys());
        assertEquals(3, trace.distinctCount());
    }

    @Test
    void copiesNeverShareAKey() {
        assertEquals(0x00000001_FFFFFFFEL, ReplaySource.id(1, -2));
        assertEquals(0x00000000_FFFFFFFEL, ReplaySource.id(0, -2));
    }

    @Test
    void outcomesAreCountedPerStretch() {
        ReplaySource source = new ReplaySource(new Trace("t", new int[] {1, 2, 3, 4}), 2, 64, 2);
        for (int i = 0; i < 8; i++) {
            if (i < 2) {
                source.hit(i);
            } else {
                source.missed(i);
            }
        }
        assertEquals(0.5, source.hitRatio(0));
        assertEquals(0, source.hitRatio(1));
        assertEquals(0.75, source.missRatio(0));
        assertEquals(1, source.missRatio(1));
        assertEquals(8, source.requests());
    }
}
