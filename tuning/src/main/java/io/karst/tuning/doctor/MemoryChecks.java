package io.karst.tuning.doctor;

import static io.karst.tuning.doctor.Severity.ERROR;
import static io.karst.tuning.doctor.Severity.INFO;
import static io.karst.tuning.doctor.Severity.WARNING;

import java.util.List;
import java.util.OptionalLong;

/** Memory: whether it is there, stays there, and comes in huge pages. */
final class MemoryChecks {
    private static final int SWAPPINESS_MAX = 10;
    private static final int MAPS_MIN = 65_530;
    private static final String THP = "sys/kernel/mm/transparent_hugepage/";
    private static final String SWAPPINESS = "vm.swappiness";

    private MemoryChecks() {}

    static final List<Check> ROWS = List.of(
            new Check(
                    "memory",
                    "Karst refuses to start when -m, Java's heap and the buffers together do not fit.",
                    "docs/operate/install.md",
                    MemoryChecks::machine),
            new Check(
                    "group-memory",
                    "A process that outgrows its control group is killed, with all items.",
                    "cgroup-v2, memory.max",
                    MemoryChecks::group),
            new Check(
                    "huge-pages",
                    "Without them a get takes a quarter longer once the items are larger than the processor's caches.",
                    "docs/operate/huge-pages.md",
                    MemoryChecks::hugePages),
            new Check(
                    "huge-pages-defrag",
                    "With always, a write waits for milliseconds while the kernel makes a huge page.",
                    "transhuge, defrag",
                    MemoryChecks::defrag),
            new Check(
                    "huge-pages-asked",
                    "The kernel leaves it to programs, and glibc asks only when told to.",
                    "docs/operate/huge-pages.md",
                    MemoryChecks::asked),
            new Check(
                    "reserved-pages",
                    "Reserved huge pages are taken from everybody, and Karst uses transparent ones only.",
                    "hugetlbpage, nr_hugepages",
                    MemoryChecks::reserved),
            new Check(
                    "swappiness",
                    "The kernel swaps out items that were not read lately; a get then waits for the disk.",
                    "sysctl vm.swappiness",
                    MemoryChecks::swappiness),
            new Check(
                    "swapped",
                    "These bytes of the server are on disk already.",
                    "proc_pid_status(5), VmSwap",
                    (host, demand) -> kibibytes(
                            host.row(host.ofServer("status"), "VmSwap"),
                            "Use -k, or systemctl restart after swapoff.")),
            new Check(
                    "maps",
                    "A process that has used up its mappings gets no more memory.",
                    "sysctl vm.max_map_count",
                    MemoryChecks::maps),
            new Check(
                    "overcommit",
                    "With 2 the kernel counts what Java reserves and never touches, and refuses to start it.",
                    "sysctl vm.overcommit_memory",
                    MemoryChecks::overcommit),
            new Check(
                    "zone-reclaim",
                    "With it the kernel empties the caches of one node before it takes memory of another: pauses.",
                    "sysctl vm.zone_reclaim_mode",
                    (host, demand) -> zero(host, "vm.zone_reclaim_mode")),
            new Check(
                    "numa-balancing",
                    "It unmaps pages to see who uses them: page faults in the middle of gets.",
                    "sysctl kernel.numa_balancing",
                    (host, demand) -> nodes(host) < 2
                            ? Reading.of(true, INFO, nodes(host) + " node", "one node, or 0", Remedy.hand(""))
                            : zero(host, "kernel.numa_balancing")),
            new Check(
                    "oom-score",
                    "When memory runs out, the kernel picks whom to kill by size, and a cache is large.",
                    "proc_pid_oom_score_adj(5)",
                    MemoryChecks::oomScore),
            new Check(
                    "memory-pressure",
                    "Share of the last minute in which some process waited for memory, in percent.",
                    "psi, /proc/pressure/memory",
                    (host, demand) -> pressure(host, "memory", 1)));

    private static Reading machine(Host host, Demand demand) {
        OptionalLong total = host.row("proc/meminfo", "MemTotal");
        String wanted = mebibytes(demand.totalBytes());
        return total.isEmpty()
                ? Reading.unknown(wanted)
                : Reading.of(
                        total.getAsLong() << 10 >= demand.totalBytes(),
                        ERROR,
                        mebibytes(total.getAsLong() << 10),
                        wanted,
                        Remedy.hand("Lower -m, or use a larger machine."));
    }

    private static Reading group(Host host, Demand demand) {
        OptionalLong limit = host.groupMinimum("memory.max", "memory", "memory.limit_in_bytes");
        String wanted = mebibytes(demand.totalBytes()) + " or no limit";
        return Reading.of(
                limit.isEmpty() || limit.getAsLong() >= demand.totalBytes(),
                ERROR,
                limit.isEmpty() ? "no limit" : mebibytes(limit.getAsLong()),
                wanted,
                Remedy.unit("MemoryMax=" + ((demand.totalBytes() + demand.totalBytes() / 20) >> 20) + "M"));
    }

    private static Reading hugePages(Host host, Demand demand) {
        String mode = host.chosen(THP + "enabled");
        return mode.isEmpty()
                ? Reading.unknown("madvise")
                : Reading.of(
                        !mode.equals("never"),
                        WARNING,
                        mode,
                        "madvise or always",
                        Remedy.tmpfiles("/" + THP + "enabled", "madvise"));
    }

    private static Reading defrag(Host host, Demand demand) {
        String mode = host.chosen(THP + "defrag");
        return mode.isEmpty()
                ? Reading.unknown("not always")
                : Reading.of(
                        !mode.equals("always"),
                        WARNING,
                        mode,
                        "not always",
                        Remedy.tmpfiles("/" + THP + "defrag", "madvise"));
    }

    private static Reading asked(Host host, Demand demand) {
        String environment = host.text(host.ofServer("environ"));
        String wanted = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1";
        return !host.hasServer() || environment.isEmpty()
                ? Reading.unknown(wanted)
                : Reading.of(
                        environment.contains("glibc.malloc.hugetlb=1"),
                        WARNING,
                        environment.contains("glibc.malloc.hugetlb=1") ? "asked for" : "not asked for",
                        wanted,
                        Remedy.unit("Environment=" + wanted));
    }

    private static Reading reserved(Host host, Demand demand) {
        OptionalLong free = host.row("proc/meminfo", "HugePages_Free");
        OptionalLong size = host.row("proc/meminfo", "Hugepagesize");
        if (free.isEmpty() || size.isEmpty()) {
            return Reading.unknown("none free");
        }
        long idleBytes = (free.getAsLong() * size.getAsLong()) << 10;
        return Reading.of(
                idleBytes == 0,
                WARNING,
                mebibytes(idleBytes) + " reserved, not used",
                "none",
                Remedy.sysctl("vm.nr_hugepages", 0));
    }

    private static Reading swappiness(Host host, Demand demand) {
        OptionalLong swap = host.row("proc/meminfo", "SwapTotal");
        OptionalLong found = host.number("proc/sys/vm/swappiness");
        String wanted = SWAPPINESS_MAX + " or less, or no swap, or -k";
        if (swap.isEmpty() || found.isEmpty()) {
            return Reading.unknown(wanted);
        }
        boolean isGood = swap.getAsLong() == 0 || demand.locksMemory() || found.getAsLong() <= SWAPPINESS_MAX;
        String amount = swap.getAsLong() == 0 ? ", no swap" : ", " + mebibytes(swap.getAsLong() << 10) + " of swap";
        return Reading.of(isGood, WARNING, found.getAsLong() + amount, wanted, Remedy.sysctl(SWAPPINESS, 1));
    }

    private static Reading kibibytes(OptionalLong found, String advice) {
        return found.isEmpty()
                ? Reading.unknown(0)
                : Reading.of(found.getAsLong() == 0, WARNING, found.getAsLong() + " KiB", 0, Remedy.hand(advice));
    }

    private static Reading maps(Host host, Demand demand) {
        OptionalLong found = host.number("proc/sys/vm/max_map_count");
        return found.isEmpty()
                ? Reading.unknown(MAPS_MIN + " or more")
                : Reading.of(
                        found.getAsLong() >= MAPS_MIN,
                        WARNING,
                        found.getAsLong(),
                        MAPS_MIN + " or more",
                        Remedy.sysctl("vm.max_map_count", MAPS_MIN));
    }

    private static Reading overcommit(Host host, Demand demand) {
        String found = host.text("proc/sys/vm/overcommit_memory");
        return found.isEmpty()
                ? Reading.unknown("0 or 1")
                : Reading.of(!found.equals("2"), ERROR, found, "0 or 1", Remedy.sysctl("vm.overcommit_memory", 0));
    }

    private static Reading zero(Host host, String name) {
        OptionalLong found = host.number("proc/sys/" + name.replace('.', '/'));
        return found.isEmpty()
                ? Reading.unknown(0)
                : Reading.of(found.getAsLong() == 0, WARNING, found.getAsLong(), 0, Remedy.sysctl(name, 0));
    }

    private static Reading oomScore(Host host, Demand demand) {
        OptionalLong found = host.number(host.ofServer("oom_score_adj"));
        return !host.hasServer() || found.isEmpty()
                ? Reading.unknown("0 or less")
                : Reading.of(
                        found.getAsLong() <= 0,
                        WARNING,
                        found.getAsLong(),
                        "0 or less",
                        Remedy.unit("OOMScoreAdjust=-500"));
    }

    /** The first row of a pressure file: {@code some avg10=0.00 avg60=0.00 ...}. */
    static Reading pressure(Host host, String resource, int most) {
        String text = host.text("proc/pressure/" + resource);
        if (!text.startsWith("some ") || !text.contains(" avg60=")) {
            return Reading.unknown("below " + most);
        }
        double found = Double.parseDouble(text.replaceAll("(?s).*? avg60=([0-9.]+).*", "$1"));
        return Reading.of(
                found < most,
                WARNING,
                found,
                "below " + most,
                Remedy.hand("Look for who else wants it (systemd-cgtop)."));
    }

    static long nodes(Host host) {
        return host.names("sys/devices/system/node", "node[0-9]+").size();
    }

    static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
