package io.karst.appliance.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * User and system CPU time of this process, in microseconds, from {@code /proc/self/stat} (fields 14 and 15, in ticks of
 * 10 ms: proc(5)). Zero where that file cannot be read.
 */
record ProcessTimes(long userMicros, long systemMicros) {
    private static final long MICROS_PER_TICK = 10_000;
    private static final int USER_FIELD = 11;

    static ProcessTimes read() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            // The command name, field 2, may hold anything: the fields are counted from behind its parenthesis.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return new ProcessTimes(
                    Long.parseLong(fields[USER_FIELD]) * MICROS_PER_TICK,
                    Long.parseLong(fields[USER_FIELD + 1]) * MICROS_PER_TICK);
        } catch (IOException | RuntimeException e) {
            return new ProcessTimes(0, 0);
        }
    }

    /** Seconds with six digits behind the one point, as exporters parse it. */
    static String seconds(long micros) {
        return String.format("%d.%06d", micros / 1_000_000, micros % 1_000_000);
    }
}
