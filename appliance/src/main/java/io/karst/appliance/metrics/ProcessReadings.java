package io.karst.appliance.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.karst.tuning.doctor.ProcTable;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * This process, as the JVM and {@code /proc/self/status} tell it.
 *
 * @param residentBytes memory that lies in RAM
 * @param virtualBytes address space
 * @param openFiles file descriptors in use
 * @param maxFiles file descriptors that may be in use
 * @param startMillis when the JVM started, Unix time
 * @param heap the Java heap
 * @param nonHeap classes, compiled code and the like
 * @param networkBytes network buffers
 * @param networkMaxBytes how much they may be
 * @param threads live threads of Java
 * @param collectors garbage collectors
 * @param javaVersion of the runtime
 */
public record ProcessReadings(
        long residentBytes,
        long virtualBytes,
        long openFiles,
        long maxFiles,
        long startMillis,
        MemoryUsage heap,
        MemoryUsage nonHeap,
        long networkBytes,
        long networkMaxBytes,
        int threads,
        List<Collector> collectors,
        String javaVersion) {
    private static final Path STATUS = Path.of("/proc/self/status");

    /**
     * One garbage collector since the start.
     *
     * @param name as the JVM calls it
     * @param count collections
     * @param millis time that they took
     */
    public record Collector(String name, long count, long millis) {}

    /** Reads all of it now. */
    public static ProcessReadings now() {
        List<String> status = lines();
        UnixOperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
        return new ProcessReadings(
                ProcTable.row(status, "VmRSS").orElse(0) << 10,
                ProcTable.row(status, "VmSize").orElse(0) << 10,
                system == null ? 0 : system.getOpenFileDescriptorCount(),
                system == null ? 0 : system.getMaxFileDescriptorCount(),
                ManagementFactory.getRuntimeMXBean().getStartTime(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage(),
                ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage(),
                Math.max(0, PlatformDependent.usedDirectMemory()),
                PlatformDependent.maxDirectMemory(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .map(ProcessReadings::collector)
                        .toList(),
                Runtime.version().toString());
    }

    private static Collector collector(GarbageCollectorMXBean bean) {
        return new Collector(
                bean.getName(), Math.max(0, bean.getCollectionCount()), Math.max(0, bean.getCollectionTime()));
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(STATUS);
        } catch (IOException e) {
            return List.of();
        }
    }
}
