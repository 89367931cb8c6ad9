package io.karst.appliance.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.config.MemoryBudget.Demand;
import io.karst.appliance.config.MemoryBudget.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits read from a made-up /proc and /sys. */
final class MemoryBudgetTest {
    private static final Demand DEMAND = new Demand(1024L << 20, 64L << 20, 32L << 20);

    @TempDir
    private Path root;

    @Test
    void aMachineThatIsTooSmallIsRefusedWithTheNumbers() throws IOException {
        file("proc/meminfo", "MemTotal:        1048576 kB\nMemFree: 5 kB\n");
        assertEquals(
                "memory-limit = \"1g\": with 64 MiB of heap and 32 MiB of buffers that is 1120 MiB, and this machine has"
                        + " 1024 MiB. Use -m 928 or less.",
                refusal());
    }

    @Test
    void exactlyFittingIsAccepted() throws IOException {
        file("proc/meminfo", "MemTotal: " + (1120 << 10) + " kB\n");
        new MemoryBudget(root).check(DEMAND);
    }

    @Test
    void aVersionTwoGroupCountsAndSoDoesEveryGroupAboveIt() throws IOException {
        machineWithPlenty();
        file("proc/self/cgroup", "0::/system.slice/karst.service\n");
        file("sys/fs/cgroup/system.slice/karst.service/memory.max", "max\n");
        file("sys/fs/cgroup/system.slice/memory.max", (512L << 20) + "\n");
        assertEquals(
                "memory-limit = \"1g\": with 64 MiB of heap and 32 MiB of buffers that is 1120 MiB, and the control group"
                        + " /system.slice has 512 MiB. Use -m 416 or less.",
                refusal());
    }

    @Test
    void aVersionOneGroupCounts() throws IOException {
        machineWithPlenty();
        file("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/karst\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        file("sys/fs/cgroup/memory/karst/memory.limit_in_bytes", (80L << 20) + "\n");
        assertEquals(
                "memory-limit = \"1g\": with 64 MiB of heap and 32 MiB of buffers that is 1120 MiB, and the control group"
                        + " /karst has 80 MiB. Use a smaller heap, or a larger machine.",
                refusal());
    }

    @Test
    void inAContainerTheMountIsTheGroup() throws IOException {
        machineWithPlenty();
        file("proc/self/cgroup", "0::/docker/0123abcd\n");
        file("sys/fs/cgroup/memory.max", (256L << 20) + "\n");
        assertEquals(Optional.of(new Limit(256L << 20, "the control group /")), new MemoryBudget(root).smallestLimit());
    }

    @Test
    void aGroupPathCannotLeaveTheMount() throws IOException {
        machineWithPlenty();
        file("proc/self/cgroup", "0::/../../..\n");
        file("memory.max", "1\n");
        new MemoryBudget(root).check(DEMAND);
    }

    @Test
    void whatCannotBeReadSetsNoLimit() throws IOException {
        new MemoryBudget(root).check(DEMAND);
        file("proc/meminfo", "MemTotal: much\n");
        file("proc/self/cgroup", "nonsense\n0::/\n");
        file("sys/fs/cgroup/memory.max", "99999999999999999999\n");
        assertEquals(Optional.empty(), new MemoryBudget(root).smallestLimit());
    }

    @Test
    void thisMachineHasALimit() {
        assertTrue(new MemoryBudget(Path.of("/")).smallestLimit().isPresent());
    }

    private void machineWithPlenty() throws IOException {
        file("proc/meminfo", "MemTotal: 99999999 kB\n");
    }

    private String refusal() {
        return String.valueOf(assertThrows(ConfigException.class, () -> new MemoryBudget(root).check(DEMAND))
                .getMessage());
    }

    private void file(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
