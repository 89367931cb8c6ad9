package io.karst.tuning.doctor;

import static io.karst.tuning.doctor.Severity.ERROR;
import static io.karst.tuning.doctor.Severity.INFO;
import static io.karst.tuning.doctor.Severity.WARNING;

import java.util.List;
import java.util.OptionalLong;

/** Limits of the process, disks, time. */
final class SystemChecks {
    /** Files that a server has open besides its connections. */
    private static final int OWN_FILES = 192;

    private static final int OWN_THREADS = 64;
    private static final String FILES = "Max open files";
    private static final String LOCKED = "Max locked memory";

    private SystemChecks() {}

    static final List<Check> ROWS = List.of(
            new Check(
                    "open-files",
                    "Karst refuses to start when it may not open a file for each connection of -c.",
                    "getrlimit(2), RLIMIT_NOFILE",
                    (host, demand) -> limit(host, FILES, demand.connections() + OWN_FILES, ERROR, "LimitNOFILE=")),
            new Check(
                    "file-table",
                    "When the table of the whole system is full, nobody can open a file or a connection.",
                    "sysctl fs.file-max",
                    SystemChecks::fileTable),
            new Check(
                    "locked-memory",
                    "-k locks nothing beyond this limit, and items may go to swap.",
                    "getrlimit(2), RLIMIT_MEMLOCK",
                    SystemChecks::lockedMemory),
            new Check(
                    "tasks", "Java that gets no thread ends the process.", "cgroup-v2, pids.max", SystemChecks::tasks),
            new Check(
                    "tmp-exec",
                    "Netty's and jffi's native libraries are loaded from there: without them there is no epoll, and no TLS"
                            + " by BoringSSL.",
                    "mount(8), noexec",
                    SystemChecks::tmp),
            new Check(
                    "perf-data",
                    "A file that is mapped from a slow disk can stop Java for as long as a write takes.",
                    "java, -XX:-UsePerfData",
                    SystemChecks::perfData),
            new Check(
                    "disk-pressure",
                    "Share of the last minute in which some process waited for a disk, in percent; logs share it.",
                    "psi, /proc/pressure/io",
                    (host, demand) -> MemoryChecks.pressure(host, "io", 20)),
            new Check(
                    "time",
                    "Nodes compare versions by time, and certificates expire by it.",
                    "systemd-timesyncd(8)",
                    SystemChecks::time),
            new Check(
                    "kernel",
                    "Older ones lack pidfds, pressure files and fixes to transparent huge pages.",
                    "uname(2)",
                    SystemChecks::kernel));

    private static Reading limit(Host host, String name, long wanted, Severity otherwise, String unitLine) {
        String found = softLimit(host, name);
        if (found.isEmpty()) {
            return Reading.unknown(wanted + " or more");
        }
        return Reading.of(
                found.equals("unlimited") || Host.numberIn(found).orElse(0) >= wanted,
                otherwise,
                found,
                wanted + " or more",
                Remedy.unit(unitLine + wanted));
    }

    private static String softLimit(Host host, String name) {
        return host.lines(host.ofServer("limits")).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+")[0])
                .findFirst()
                .orElse("");
    }

    private static Reading fileTable(Host host, Demand demand) {
        String[] numbers = host.text("proc/sys/fs/file-nr").split("\\s+");
        if (numbers.length != 3) {
            return Reading.unknown("room for -c");
        }
        long free = Host.numberIn(numbers[2]).orElse(Long.MAX_VALUE)
                - Host.numberIn(numbers[0]).orElse(0);
        return Reading.of(
                free >= demand.connections(),
                WARNING,
                numbers[0] + " of " + numbers[2],
                "room for " + demand.connections() + " more",
                Remedy.sysctl("fs.file-max", Host.numberIn(numbers[0]).orElse(0) + 2L * demand.connections()));
    }

    private static Reading lockedMemory(Host host, Demand demand) {
        return demand.locksMemory()
                ? limit(host, LOCKED, demand.itemBytes(), WARNING, "LimitMEMLOCK=")
                : Reading.of(true, INFO, softLimit(host, LOCKED), "anything without -k", Remedy.hand(""));
    }

    private static Reading tasks(Host host, Demand demand) {
        OptionalLong limit = host.groupMinimum("pids.max", "pids", "pids.max");
        long wanted = (long) demand.threads() + OWN_THREADS;
        return Reading.of(
                limit.isEmpty() || limit.getAsLong() >= wanted,
                ERROR,
                limit.isEmpty() ? "no limit" : limit.getAsLong(),
                wanted + " or more",
                Remedy.unit("TasksMax=" + wanted));
    }

    // Fields of a row: device, directory, type, options.
    private static Reading tmp(Host host, Demand demand) {
        List<String> mounts = host.lines(host.ofServer("mounts"));
        if (mounts.isEmpty()) {
            return Reading.unknown("exec");
        }
        boolean isBarred = mounts.stream()
                .map(line -> line.split(" "))
                .anyMatch(fields -> fields.length > 3
                        && fields[1].equals("/tmp")
                        && List.of(fields[3].split(",")).contains("noexec"));
        return Reading.of(
                !isBarred,
                WARNING,
                isBarred ? "/tmp is noexec" : "exec",
                "exec",
                Remedy.unit("Environment=KARST_JAVA_OPTIONS=-Djava.io.tmpdir=/run/karst"));
    }

    private static Reading perfData(Host host, Demand demand) {
        if (!host.hasServer()) {
            return Reading.unknown("none");
        }
        String pid = host.ofServer("").replaceAll("[^0-9]", "");
        boolean isOn = host.names("tmp", "hsperfdata_.*").stream()
                .anyMatch(directory -> host.exists("tmp/" + directory + "/" + pid));
        return Reading.of(
                !isOn,
                WARNING,
                isOn ? "a file in /tmp" : "none",
                "none",
                Remedy.hand("Start Java with -XX:-UsePerfData."));
    }

    private static Reading time(Host host, Demand demand) {
        boolean isSynchronised = host.exists("run/systemd/timesync/synchronized");
        boolean hasOther = host.exists("run/chrony") || host.exists("run/ntpd.pid");
        if (!host.exists("run/systemd") && !hasOther) {
            return Reading.unknown("synchronised");
        }
        return Reading.of(
                isSynchronised || hasOther,
                WARNING,
                isSynchronised ? "synchronised" : hasOther ? "chrony or ntpd runs" : "nobody keeps the time",
                "synchronised",
                Remedy.hand("apt install systemd-timesyncd, or chrony."));
    }

    private static Reading kernel(Host host, Demand demand) {
        String found = host.text("proc/sys/kernel/osrelease");
        String[] parts = found.split("[^0-9]+");
        if (parts.length < 2
                || Host.numberIn(parts[0]).isEmpty()
                || Host.numberIn(parts[1]).isEmpty()) {
            return Reading.unknown("5.4 or later");
        }
        long version = Long.parseLong(parts[0]) * 1000 + Long.parseLong(parts[1]);
        return Reading.of(version >= 5004, INFO, found, "5.4 or later", Remedy.hand("Upgrade the distribution."));
    }
}
