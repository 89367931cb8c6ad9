package io.karst.tuning.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compares a machine with what a server will ask of it. Reads files below a root directory only, and changes nothing; what
 * a machine does not show is {@link Severity#UNKNOWN}. Takes milliseconds.
 */
public final class Doctor {
    private static final List<Check> CHECKS = Stream.of(
                    MemoryChecks.ROWS, ProcessorChecks.ROWS, NetworkChecks.ROWS, SystemChecks.ROWS)
            .flatMap(List::stream)
            .toList();

    private Doctor() {}

    /**
     * Looks at everything.
     *
     * @param root {@code /}, or a directory that looks like it
     * @return one finding for each check, always in the same order
     */
    public static List<Finding> examine(Path root, Demand demand) {
        Host host = new Host(root);
        return CHECKS.stream().map(check -> check.examine(host, demand)).toList();
    }

    /** Exit status of the command: 0 for none, 1 when there are warnings, 2 when there are errors. */
    public static int status(List<Finding> findings) {
        return findings.stream()
                .mapToInt(finding -> switch (finding.severity()) {
                    case ERROR -> 2;
                    case WARNING -> 1;
                    default -> 0;
                })
                .max()
                .orElse(0);
    }
}
