package io.karst.tuning.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    private static final Demand DEMAND = new Demand(1L << 30, 384L << 20, 1024, 1024, 4, 11_211, true);
    private static final Demand UNLOCKED = new Demand(1L << 30, 384L << 20, 1024, 1024, 4, 11_211, false);

    @TempDir
    private Path root;

    private static List<String> ids(List<Finding> findings, Predicate<Severity> wanted) {
        return findings.stream()
                .filter(finding -> wanted.test(finding.severity()))
                .map(Finding::id)
                .toList();
    }

    private static Finding finding(List<Finding> findings, String id) {
        return findings.stream()
                .filter(finding -> finding.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aMachineAsItShouldBeHasNoFinding() throws IOException {
        List<Finding> findings = Doctor.examine(FakeTree.good(root), DEMAND);
        assertEquals(List.of(), ids(findings, severity -> severity != Severity.OK));
        assertEquals(0, Doctor.status(findings));
    }

    @Test
    void everyCheckCanFailAndThenSaysWhatToDo() throws IOException {
        List<Finding> findings = Doctor.examine(FakeTree.bad(root), UNLOCKED);
        // Locked memory is not asked for in this one; the next test has it.
        assertEquals(
                List.of("locked-memory"),
                ids(findings, severity -> severity == Severity.OK || severity == Severity.UNKNOWN));
        assertEquals(2, Doctor.status(findings));
        for (Finding finding : findings) {
            boolean isGood = finding.severity() == Severity.OK;
            assertEquals(isGood, finding.fix().text().isEmpty(), finding.toString());
        }
    }

    @Test
    void lockedMemoryNeedsItsLimitAndThenSwapDoesNotMatter() throws IOException {
        List<Finding> findings = Doctor.examine(FakeTree.bad(root), DEMAND);
        assertEquals("8388608", finding(findings, "locked-memory").found());
        assertEquals(
                "LimitMEMLOCK=1073741824",
                finding(findings, "locked-memory").fix().text());
        assertEquals(Severity.OK, finding(findings, "swappiness").severity());
    }

    @Test
    void aContainerThatShowsNothingHasNoFaults() {
        List<Finding> findings = Doctor.examine(root, DEMAND);
        assertEquals(0, Doctor.status(findings));
        List<String> known = ids(findings, severity -> severity != Severity.UNKNOWN);
        assertEquals(List.of("group-memory", "numa-balancing", "group-processors", "tasks"), known);
    }

    @Test
    void theNarrowestGroupAroundTheServerCounts() throws IOException {
        FakeTree.good(root);
        FakeTree.write(root, "sys/fs/cgroup/system.slice/memory.max", "268435456\n");
        Finding memory = finding(Doctor.examine(root, DEMAND), "group-memory");
        assertEquals(Severity.ERROR, memory.severity());
        assertEquals("256 MiB", memory.found());
        assertEquals("1408 MiB or no limit", memory.wanted());
        assertEquals("MemoryMax=1478M", memory.fix().text());
    }

    @Test
    void controlGroupsOfVersion1AreRead() throws IOException {
        FakeTree.good(root);
        FakeTree.write(root, "proc/77/cgroup", "4:memory:/karst\n5:cpu,cpuacct:/\n0::/\n");
        FakeTree.write(root, "sys/fs/cgroup/memory/karst/memory.limit_in_bytes", "1048576\n");
        assertEquals(
                "1 MiB", finding(Doctor.examine(root, DEMAND), "group-memory").found());
    }

    @Test
    void thereAreAtLeast25ChecksEachWithANameAReasonAndASource() {
        List<Finding> findings = Doctor.examine(root, DEMAND);
        assertTrue(findings.size() >= 25, findings.size() + " checks");
        Set<String> ids = new HashSet<>();
        for (Finding finding : findings) {
            assertTrue(ids.add(finding.id()), finding.id());
            assertTrue(finding.id().matches("[a-z][a-z0-9-]+"), finding.id());
            assertTrue(finding.why().endsWith(".") || finding.why().endsWith("percent."), finding.why());
            assertFalse(finding.source().isEmpty(), finding.id());
        }
    }

    @Test
    void thePageForOperatorsNamesEveryCheck() throws IOException {
        String page = Files.readString(Path.of("").toAbsolutePath().resolveSibling("docs/operate/doctor.md"));
        for (Finding finding : Doctor.examine(root, DEMAND)) {
            assertTrue(page.contains("`" + finding.id() + "`"), finding.id());
        }
        assertTrue(page.contains(Doctor.examine(root, DEMAND).size() + " checks: "), "the number of checks");
    }

    @Test
    void nonsenseInFilesIsNoFinding() throws IOException {
        FakeTree.good(root);
        for (String path : List.of(
                "proc/meminfo",
                "proc/stat",
                "proc/sys/net/core/somaxconn",
                "proc/net/snmp",
                "proc/pressure/cpu",
                "proc/77/limits",
                "proc/77/cgroup",
                "sys/devices/system/cpu/online",
                "proc/sys/net/ipv4/ip_local_port_range",
                "proc/sys/kernel/osrelease",
                "proc/net/tcp",
                "proc/sys/fs/file-nr")) {
            FakeTree.write(root, path, "cpu Max open files :: \0 -1 99999999999999999999 x,y-z [");
        }
        assertTrue(Doctor.status(Doctor.examine(root, DEMAND)) <= 1);
    }

    @Test
    void thisMachineIsExaminedToTheEnd() {
        List<Finding> findings = Doctor.examine(Path.of("/"), DEMAND);
        assertTrue(
                ids(findings, severity -> severity == Severity.UNKNOWN).size() < findings.size() / 2,
                findings.toString());
        // A file of /proc/sys is read whole, though it says that its length is 0.
        String maps = finding(findings, "maps").found();
        assertTrue(maps.length() >= 4, maps);
    }

    @Test
    void remediesBecomeFilesThatSayHowToApplyThem() throws IOException {
        List<Finding> findings = Doctor.examine(FakeTree.bad(root.resolve("bad")), UNLOCKED);
        Path out = root.resolve("out");
        assertEquals(
                List.of(
                        out.resolve("etc/sysctl.d/80-karst.conf"),
                        out.resolve("etc/tmpfiles.d/karst.conf"),
                        out.resolve("etc/systemd/system/karst.service.d/doctor.conf")),
                DropIns.write(findings, out));
        String sysctl = Files.readString(out.resolve("etc/sysctl.d/80-karst.conf"));
        assertTrue(
                sysctl.startsWith("# Written by karst doctor. Read it, copy it below /, and apply it with:\n"), sysctl);
        assertTrue(sysctl.contains("\n# somaxconn: found 128. The kernel cuts"), sysctl);
        assertTrue(sysctl.contains("\nnet.core.somaxconn = 1024\n"), sysctl);
        assertFalse(sysctl.contains("busy_poll"), "that is no fault");
        String tmpfiles = Files.readString(out.resolve("etc/tmpfiles.d/karst.conf"));
        assertTrue(tmpfiles.contains("\nw /sys/kernel/mm/transparent_hugepage/enabled - - - - madvise\n"), tmpfiles);
        String unit = Files.readString(out.resolve("etc/systemd/system/karst.service.d/doctor.conf"));
        assertTrue(unit.contains("\n[Service]\n"), unit);
        assertTrue(unit.contains("\nLimitNOFILE=1216\n"), unit);
    }

    @Test
    void aGoodMachineNeedsNoFiles() throws IOException {
        List<Finding> findings = Doctor.examine(FakeTree.good(root.resolve("good")), DEMAND);
        assertEquals(List.of(), DropIns.write(findings, root.resolve("out")));
        assertFalse(Files.exists(root.resolve("out")));
    }
}
