package io.karst.appliance.config;

import io.karst.tuning.doctor.ControlGroup;
import io.karst.tuning.doctor.ProcTable;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whether item memory, Java heap and network buffers together fit the machine and the control groups around the process.
 * Read from {@code /proc/meminfo}, {@code /proc/self/cgroup} and {@code /sys/fs/cgroup} of a root directory, which in
 * tests is a fake one. All figures are bytes. A file that is missing or unreadable sets no limit.
 */
public final class MemoryBudget {
    /** What control groups of version 1 say for "no limit": the largest number of whole pages. */
    private static final long UNLIMITED = Long.MAX_VALUE >> 12 << 12;

    private final Path root;

    /** {@code root} is {@code /}, or a directory that looks like it. */
    public MemoryBudget(Path root) {
        this.root = root;
    }

    /**
     * What the process is going to take.
     *
     * @param items {@code -m}
     * @param heap the most the Java heap may grow to
     * @param direct the most the network buffers may take
     */
    public record Demand(long items, long heap, long direct) {
        /** The sum. */
        public long total() {
            return items + heap + direct;
        }
    }

    /**
     * A limit and who set it.
     *
     * @param bytes the most that may be taken
     * @param origin who says so, in words
     */
    public record Limit(long bytes, String origin) {}

    /**
     * Refuses to start when the demand does not fit.
     *
     * @throws ConfigException with the numbers
     */
    public void check(Demand demand) {
        Optional<Limit> limit = smallestLimit();
        if (limit.isPresent() && demand.total() > limit.get().bytes()) {
            throw new ConfigException("memory-limit = \"" + Quantity.text(demand.items()) + "\": with "
                    + Quantity.mebibytes(demand.heap()) + " of heap and " + Quantity.mebibytes(demand.direct())
                    + " of buffers that is " + Quantity.mebibytes(demand.total()) + ", and "
                    + limit.get().origin() + " has "
                    + Quantity.mebibytes(limit.get().bytes()) + ". " + advice(demand, limit.get()));
        }
    }

    /** The narrowest of the machine's memory and the limits of all control groups around this process. */
    public Optional<Limit> smallestLimit() {
        Optional<Limit> smallest = machine();
        for (ControlGroup group : ControlGroup.around(lines(root.resolve("proc/self/cgroup")), "memory")) {
            smallest = narrower(smallest, limit(group));
        }
        return smallest;
    }

    private Optional<Limit> machine() {
        OptionalLong kibibytes = ProcTable.row(lines(root.resolve("proc/meminfo")), "MemTotal");
        return kibibytes.isEmpty()
                ? Optional.empty()
                : Optional.of(new Limit(kibibytes.getAsLong() << 10, "this machine"));
    }

    private Optional<Limit> limit(ControlGroup group) {
        String file = group.isOld() ? "memory.limit_in_bytes" : "memory.max";
        List<String> lines = lines(root.resolve(group.directory()).resolve(file));
        OptionalLong bytes =
                lines.isEmpty() ? OptionalLong.empty() : number(lines.get(0).strip());
        return bytes.isPresent() && bytes.getAsLong() < UNLIMITED
                ? Optional.of(new Limit(bytes.getAsLong(), "the control group " + group.name()))
                : Optional.empty();
    }

    private static Optional<Limit> narrower(Optional<Limit> a, Optional<Limit> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? b : a;
        }
        return b.get().bytes() < a.get().bytes() ? b : a;
    }

    private static String advice(Demand demand, Limit limit) {
        long left = (limit.bytes() - demand.heap() - demand.direct()) >> 20;
        return left > 0 ? "Use -m " + left + " or less." : "Use a smaller heap, or a larger machine.";
    }

    private static OptionalLong number(String text) {
        return text.matches("[0-9]{1,19}") && new BigInteger(text).bitLength() < 64
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
