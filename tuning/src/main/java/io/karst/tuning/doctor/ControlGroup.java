package io.karst.tuning.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the control groups around a process.
 *
 * @param directory of its files, below the root directory
 * @param name as {@code /system.slice/karst.service}; {@code /} for the outermost
 * @param isOld whether it is one of version 1, whose files have other names
 */
public record ControlGroup(Path directory, String name, boolean isOld) {
    private static final String MOUNT = "sys/fs/cgroup";

    /**
     * Those that bound a process: its own and all above it, for a group is bounded by every group above it. In a container
     * the path may name directories that only the host sees; walking up ends at the mount, which is the container's own group.
     *
     * @param lines of the process's {@code cgroup} file in {@code /proc}
     * @param controller of version 1 that is asked for; version 2 has all of them in one place
     */
    public static List<ControlGroup> around(List<String> lines, String controller) {
        List<ControlGroup> groups = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3) {
                continue;
            }
            boolean isUnified = fields[0].equals("0") && fields[1].isEmpty();
            if (isUnified || List.of(fields[1].split(",")).contains(controller)) {
                Path top = Path.of(isUnified ? MOUNT : MOUNT + "/" + controller);
                Path directory = top.resolve(fields[2].replaceFirst("^/+", "")).normalize();
                for (; directory != null && directory.startsWith(top); directory = directory.getParent()) {
                    groups.add(new ControlGroup(directory, "/" + top.relativize(directory), !isUnified));
                }
            }
        }
        return groups;
    }
}
