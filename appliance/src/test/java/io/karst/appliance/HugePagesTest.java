package io.karst.appliance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of huge pages, on machines of every kind. */
class HugePagesTest {
    private static final String ROLLUP = """
            00400000-7ffff000 ---p 00000000 00:00 0                          [rollup]
            Rss:              104848 kB
            AnonHugePages:     61440 kB
            ShmemPmdMapped:        0 kB
            """;

    @TempDir
    private Path root;

    @Test
    void saysWhatTheKernelSaysAndWhy() throws IOException {
        assertEquals("huge pages: off, " + mode() + " says nothing", report(null));
        write(mode(), "always madvise [never]\n");
        assertEquals("huge pages: off, " + mode() + " says always madvise [never]", report("glibc.malloc.hugetlb=1"));
        write(mode(), "always [madvise] never\n");
        assertEquals(
                "huge pages: off, GLIBC_TUNABLES does not ask for them with glibc.malloc.hugetlb=1",
                report("glibc.malloc.check=0"));
        assertEquals("huge pages: on, 0 MiB so far", report("glibc.malloc.check=0:glibc.malloc.hugetlb=1"));
        write(root.resolve("proc/self/smaps_rollup"), ROLLUP);
        assertEquals("huge pages: on, 60 MiB so far", report("glibc.malloc.hugetlb=1"));
        write(mode(), "[always] madvise never\n");
        assertEquals("huge pages: on, 60 MiB so far", report(null));
    }

    @Test
    void bytesAreThoseOfTheLastLook() throws IOException {
        write(root.resolve("proc/self/smaps_rollup"), ROLLUP);
        HugePages pages = new HugePages(root, null);
        assertEquals(60L << 20, pages.read());
        write(root.resolve("proc/self/smaps_rollup"), "");
        assertEquals(60L << 20, pages.bytes());
        assertEquals(0, pages.read());
        assertEquals(0, pages.bytes());
    }

    private Path mode() {
        return root.resolve("sys/kernel/mm/transparent_hugepage/enabled");
    }

    private String report(@Nullable String tunables) {
        return new HugePages(root, tunables).report();
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
