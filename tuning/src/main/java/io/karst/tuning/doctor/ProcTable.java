package io.karst.tuning.doctor;

import java.util.List;
import java.util.OptionalLong;

/** Rows such as {@code MemTotal:  24 kB}, of which {@code /proc} has many files. */
public final class ProcTable {
    private ProcTable() {}

    /** The number of the row with this name, as it stands there; empty when there is none. */
    public static OptionalLong row(List<String> lines, String name) {
        for (String line : lines) {
            if (line.startsWith(name + ":")) {
                return Host.numberIn(
                        line.substring(name.length() + 1).replace("kB", "").strip());
            }
        }
        return OptionalLong.empty();
    }
}
