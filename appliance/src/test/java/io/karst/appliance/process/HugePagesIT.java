package io.karst.appliance.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Huge pages, as the kernel sees them: asked for by packaging/src/launch, unless told not to. */
@Timeout(120)
class HugePagesIT {
    private static final Path MODE = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    private static final long MOST_OF_64_MIB = 48L << 20;

    @Test
    void storeLiesInHugePages() throws Exception {
        assumeTrue(allowsHugePages(), "no transparent huge pages here: " + MODE);
        List<String> launch =
                List.of("env", "-u", "GLIBC_TUNABLES", ServerProcess.launcher().toString());
        try (ServerProcess karst = ServerProcess.karstUnder(launch, List.of(), "-m", "64", "-L");
                RawClient client = karst.connect()) {
            long seen = hugeBytes(karst);
            assertTrue(seen > MOST_OF_64_MIB, "AnonHugePages " + seen);
            assertTrue(client.stat("huge_page_bytes") > MOST_OF_64_MIB, client.stats("")::toString);
            assertTrue(karst.output().contains("huge pages: on, "), karst.output());
        }
    }

    @Test
    void nobodyGetsThemWhoDoesNotWantThem() throws Exception {
        assumeTrue(Files.readString(MODE).contains("[madvise]"), "the kernel does not ask programs: " + MODE);
        List<String> launch = List.of(
                "env",
                "-u",
                "GLIBC_TUNABLES",
                "KARST_HUGE_PAGES=0",
                ServerProcess.launcher().toString());
        try (ServerProcess karst = ServerProcess.karstUnder(launch, List.of(), "-m", "64", "-L");
                RawClient client = karst.connect()) {
            assertEquals(0, hugeBytes(karst));
            assertEquals(0, client.stat("huge_page_bytes"));
            assertTrue(karst.output().contains("huge pages: off, GLIBC_TUNABLES"), karst.output());
        }
    }

    /** What the user has set stays. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, glibc.malloc.hugetlb=1",
                "-, 1, glibc.malloc.hugetlb=1",
                "-, 0, ''",
                "glibc.malloc.check=0, -, glibc.malloc.check=0:glibc.malloc.hugetlb=1",
                "glibc.malloc.hugetlb=0, -, glibc.malloc.hugetlb=0",
                "glibc.malloc.check=0, 0, glibc.malloc.check=0",
            })
    void launchAsksMalloc(@Nullable String tunables, @Nullable String wanted, String expected) throws Exception {
        assumeTrue(allowsHugePages(), "no transparent huge pages here: " + MODE);
        String command = "env -u GLIBC_TUNABLES -u KARST_HUGE_PAGES"
                + (tunables == null ? "" : " GLIBC_TUNABLES=" + tunables)
                + (wanted == null ? "" : " KARST_HUGE_PAGES=" + wanted)
                + " " + ServerProcess.launcher()
                + " /bin/sh -c 'echo $GLIBC_TUNABLES' io.karst.appliance.Main -m 64";
        assertEquals(expected, Tools.run("sh", "-c", command).out().strip());
    }

    private static boolean allowsHugePages() throws IOException {
        return Files.exists(MODE) && !Files.readString(MODE).contains("[never]");
    }

    private static long hugeBytes(ServerProcess karst) throws IOException {
        Path smaps = Path.of("/proc", Long.toString(karst.process().pid()), "smaps");
        long kibibytes = 0;
        for (String line : Files.readAllLines(smaps)) {
            if (line.startsWith("AnonHugePages:")) {
                kibibytes += Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return kibibytes << 10;
    }
}
