package io.karst.tuning.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The remedies that files can bring, written as files for an operator to read, to copy below {@code /} and to apply. Never
 * applied here, and a remedy for a person is in none of them.
 */
public final class DropIns {
    private static final String HEADER = "# Written by karst doctor. Read it, copy it below /, and apply it with:\n# ";

    /** Where each kind goes, and what applies it. */
    private enum Target {
        SYSCTL(Remedy.Kind.SYSCTL, "etc/sysctl.d/80-karst.conf", "sysctl --system", ""),
        TMPFILES(Remedy.Kind.TMPFILES, "etc/tmpfiles.d/karst.conf", "systemd-tmpfiles --create", ""),
        UNIT(
                Remedy.Kind.UNIT,
                "etc/systemd/system/karst.service.d/doctor.conf",
                "systemctl daemon-reload && systemctl restart karst",
                "[Service]\n");

        private final Remedy.Kind kind;
        private final String path;
        private final String command;
        private final String section;

        Target(Remedy.Kind kind, String path, String command, String section) {
            this.kind = kind;
            this.path = path;
            this.command = command;
            this.section = section;
        }
    }

    private DropIns() {}

    /**
     * Writes a file for each kind of remedy that there is.
     *
     * @param directory made when it is not there; files of the same names are replaced
     * @return the files written
     */
    public static List<Path> write(List<Finding> findings, Path directory) throws IOException {
        Map<Remedy.Kind, List<Finding>> byKind = findings.stream()
                .filter(finding -> finding.severity().compareTo(Severity.WARNING) >= 0)
                .collect(Collectors.groupingBy(
                        finding -> finding.fix().kind(), () -> new EnumMap<>(Remedy.Kind.class), Collectors.toList()));
        List<Path> written = new ArrayList<>();
        for (Target target : Target.values()) {
            List<Finding> mine = byKind.getOrDefault(target.kind, List.of());
            if (!mine.isEmpty()) {
                Path file = directory.resolve(target.path);
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, text(target, mine));
                written.add(file);
            }
        }
        return written;
    }

    private static String text(Target target, List<Finding> findings) {
        StringBuilder text = new StringBuilder(HEADER + target.command + "\n" + target.section);
        for (Finding finding : findings) {
            text.append("\n# " + finding.id() + ": found " + finding.found() + ". " + finding.why() + "\n")
                    .append(finding.fix().text() + "\n");
        }
        return text.toString();
    }
}
