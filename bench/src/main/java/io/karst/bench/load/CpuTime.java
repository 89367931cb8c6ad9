package io.karst.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU time of a whole process from {@code /proc/<pid>/stat}: user and system, every thread that lives or lived,
 * compilers and collectors included. Resolution 10 ms (USER_HZ is 100 on every Linux of interest).
 */
public final class CpuTime {
    private static final long TICK_NS = 10_000_000;
    private static final int UTIME = 11;
    private static final int STIME = 12;

    private CpuTime() {}

    /** This process. */
    public static long ofSelfNs() {
        return ofNs("self");
    }

    /** The process with this id. */
    public static long ofNs(long pid) {
        return ofNs(Long.toString(pid));
    }

    private static long ofNs(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"), StandardCharsets.ISO_8859_1);
            // The second field is the command in parentheses and may hold spaces; the third follows the last one.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", STIME + 2);
            return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * TICK_NS;
        } catch (IOException e) {
            throw new IllegalStateException("no process " + pid, e);
        }
    }
}
