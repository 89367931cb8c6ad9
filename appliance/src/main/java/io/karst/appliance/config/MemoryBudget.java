package io.karst.appliance.config;

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
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && fields[0].equals("0") && fields[1].isEmpty()) {
                smallest = narrower(smallest, groupLimit("sys/fs/cgroup", fields[2], "memory.max"));
            } else if (fields.length == 3 && List.of(fields[1].split(",")).contains("memory")) {
                smallest = narrower(smallest, groupLimit("sys/fs/cgroup/memory", fields[2], "memory.limit_in_bytes"));
            }
        }
        return smallest;
    }

    private Optional<Limit> machine() {
        for (String line : lines(root.resolve("proc/meminfo"))) {
            if (line.startsWith("MemTotal:")) {
                OptionalLong kibibytes = number(line.replaceAll("[^0-9]", ""));
                return kibibytes.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Limit(kibibytes.getAsLong() << 10, "this machine"));
            }
        }
        return Optional.empty();
    }

    // A group's memory is bounded by every group above it. In a container the path of /proc/self/cgroup may name
    // directories that only the host sees; walking up ends at the mount, which is the container's own group.
    private Optional<Limit> groupLimit(String mount, String group, String file) {
        Path top = root.resolve(mount);
        Path directory = top.resolve(group.replaceFirst("^/+", "")).normalize();
        Optional<Limit> smallest = Optional.empty();
        for (; directory != null && directory.startsWith(top); directory = directory.getParent()) {
            List<String> lines = lines(directory.resolve(file));
            OptionalLong bytes =
                    lines.isEmpty() ? OptionalLong.empty() : number(lines.get(0).strip());
            if (bytes.isPresent() && bytes.getAsLong() < UNLIMITED) {
                Limit limit = new Limit(bytes.getAsLong(), "the control group /" + top.relativize(directory));
                smallest = narrower(smallest, Optional.of(limit));
            }
        }
        return smallest;
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
