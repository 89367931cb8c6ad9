package io.karst.tuning.doctor;

import static io.karst.tuning.doctor.Severity.INFO;
import static io.karst.tuning.doctor.Severity.WARNING;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Processors, clocks, and who else uses them. */
final class ProcessorChecks {
    private static final String CPUS = "sys/devices/system/cpu/";
    private static final String CLOCK = "sys/devices/system/clocksource/clocksource0/current_clocksource";
    private static final Set<String> FAST_CLOCKS =
            Set.of("tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page");
    private static final int STEAL_PERCENT_MAX = 2;
    private static final int PRESSURE_MAX = 20;
    private static final int SLOW_WAKE_MICROS = 100;
    private static final int STEAL_FIELD = 8;

    private ProcessorChecks() {}

    static final List<Check> ROWS = List.of(
            new Check(
                    "threads",
                    "More loops than processors take turns, and each turn is a pause for its clients.",
                    "memcached(1), -t",
                    ProcessorChecks::threads),
            new Check(
                    "group-processors",
                    "A group that has used up its share stands still for the rest of the period, up to 100 ms.",
                    "cgroup-v2, cpu.max",
                    ProcessorChecks::quota),
            new Check(
                    "throttled",
                    "So often the server's group stood still because its share was used up.",
                    "cgroup-v2, cpu.stat",
                    ProcessorChecks::throttled),
            new Check(
                    "governor",
                    "Others lower the clock while little is to do, and the first requests of a burst pay for it.",
                    "cpufreq, scaling_governor",
                    ProcessorChecks::governor),
            new Check(
                    "idle-states",
                    "A core that sleeps deeply wakes late; at low load that is the tail of the latency.",
                    "cpuidle, state*/latency",
                    ProcessorChecks::idleStates),
            new Check(
                    "clocksource",
                    "Every turn of a loop reads the clock; through hpet or acpi_pm that is a system call of a microsecond.",
                    "clocksource, current_clocksource",
                    ProcessorChecks::clock),
            new Check(
                    "numa",
                    "Memory of the other node takes half as long again: one instance per node is faster.",
                    "numa(7)",
                    ProcessorChecks::numa),
            new Check(
                    "interrupts",
                    "Cores that were kept free for event loops should not answer devices.",
                    "proc_irq, smp_affinity_list",
                    ProcessorChecks::interrupts),
            new Check(
                    "steal",
                    "Share of the time since boot in which the hypervisor gave our core to others, in percent.",
                    "proc_stat(5)",
                    ProcessorChecks::steal),
            new Check(
                    "processor-pressure",
                    "Share of the last minute in which some process waited for a core, in percent.",
                    "psi, /proc/pressure/cpu",
                    (host, demand) -> MemoryChecks.pressure(host, "cpu", PRESSURE_MAX)));

    private static Reading threads(Host host, Demand demand) {
        int cores = cpus(host.text(CPUS + "online")).cardinality();
        return cores == 0
                ? Reading.unknown(demand.threads() + " or more")
                : Reading.of(
                        demand.threads() <= cores,
                        INFO,
                        cores + " processors",
                        demand.threads() + " or more for -t " + demand.threads(),
                        Remedy.hand("Use -t " + cores + "."));
    }

    private static Reading quota(Host host, Demand demand) {
        String wanted = demand.threads() + " processors or no limit";
        Optional<Double> narrowest = host.groups("cpu").stream()
                .map(group -> host.text(group.directory() + "/cpu.max").split(" "))
                .filter(words -> words.length == 2 && words[0].matches("[0-9]+"))
                .map(words -> Double.parseDouble(words[0]) / Double.parseDouble(words[1]))
                .min(Double::compare);
        return Reading.of(
                narrowest.isEmpty() || narrowest.get() >= demand.threads(),
                WARNING,
                narrowest.map(share -> share + " processors").orElse("no limit"),
                wanted,
                Remedy.unit("CPUQuota=" + demand.threads() * 100 + "%"));
    }

    private static Reading throttled(Host host, Demand demand) {
        for (ControlGroup group : host.groups("cpu")) {
            for (String line : host.lines(group.directory() + "/cpu.stat")) {
                if (line.matches("nr_throttled [0-9]+")) {
                    String found = line.substring("nr_throttled ".length());
                    return Reading.of(
                            found.equals("0"),
                            WARNING,
                            found,
                            0,
                            Remedy.hand("Raise the group's share of processors."));
                }
            }
        }
        return Reading.unknown(0);
    }

    private static Reading governor(Host host, Demand demand) {
        for (String cpu : host.names(CPUS, "cpu[0-9]+")) {
            String found = host.text(CPUS + cpu + "/cpufreq/scaling_governor");
            if (!found.isEmpty() && !found.equals("performance")) {
                return Reading.of(
                        false,
                        WARNING,
                        found + " on " + cpu,
                        "performance",
                        Remedy.tmpfiles("/" + CPUS + "cpu*/cpufreq/scaling_governor", "performance"));
            }
        }
        return host.exists(CPUS + "cpu0/cpufreq")
                ? Reading.of(true, WARNING, "performance", "performance", Remedy.hand(""))
                : Reading.unknown("performance");
    }

    private static Reading idleStates(Host host, Demand demand) {
        String wanted = "below " + SLOW_WAKE_MICROS + " us to wake";
        List<String> states = host.names(CPUS + "cpu0/cpuidle", "state[0-9]+");
        if (states.isEmpty()) {
            return Reading.unknown(wanted);
        }
        long slowest = states.stream()
                .map(state -> CPUS + "cpu0/cpuidle/" + state)
                .filter(state -> !host.text(state + "/disable").equals("1"))
                .mapToLong(state -> host.number(state + "/latency").orElse(0))
                .max()
                .orElse(0);
        return Reading.of(
                slowest < SLOW_WAKE_MICROS,
                INFO,
                slowest + " us to wake",
                wanted,
                Remedy.hand("Where the tail matters more than power: cpupower idle-set -D " + SLOW_WAKE_MICROS + "."));
    }

    private static Reading clock(Host host, Demand demand) {
        String found = host.text(CLOCK);
        return found.isEmpty()
                ? Reading.unknown("tsc")
                : Reading.of(
                        FAST_CLOCKS.contains(found),
                        WARNING,
                        found,
                        "tsc, or the hypervisor's",
                        Remedy.hand(
                                "Boot with clocksource=tsc if the processor's is stable (constant_tsc, nonstop_tsc)."));
    }

    private static Reading numa(Host host, Demand demand) {
        String wanted = "one node for the server";
        if (MemoryChecks.nodes(host) == 0) {
            return Reading.unknown(wanted);
        }
        BitSet allowed = cpus(listOf(host, host.ofServer("status"), "Cpus_allowed_list"));
        long touched = host.names("sys/devices/system/node", "node[0-9]+").stream()
                .map(node -> cpus(host.text("sys/devices/system/node/" + node + "/cpulist")))
                .filter(node -> allowed.isEmpty() || node.intersects(allowed))
                .count();
        return Reading.of(
                touched <= 1,
                WARNING,
                touched + " of " + MemoryChecks.nodes(host) + " nodes",
                wanted,
                Remedy.unit("NUMAPolicy=bind\nNUMAMask=0\nCPUAffinity=numa"));
    }

    private static Reading interrupts(Host host, Demand demand) {
        BitSet kept = cpus(host.text(CPUS + "isolated"));
        String wanted = "none on isolated processors";
        if (!host.exists("proc/irq")) {
            return Reading.unknown(wanted);
        }
        List<String> wrong = host.names("proc/irq", "[0-9]+").stream()
                .filter(irq -> cpus(host.text("proc/irq/" + irq + "/smp_affinity_list"))
                        .intersects(kept))
                .toList();
        return Reading.of(
                wrong.isEmpty(),
                WARNING,
                wrong.isEmpty() ? "none" : wrong.size() + ", the first is " + wrong.get(0),
                wanted,
                Remedy.hand("Write the other processors to /proc/irq/*/smp_affinity_list, and stop irqbalance."));
    }

    private static Reading steal(Host host, Demand demand) {
        String wanted = STEAL_PERCENT_MAX + " or less";
        String[] fields = host.text("proc/stat").split("\n")[0].split("\\s+");
        if (fields.length <= STEAL_FIELD || !fields[0].equals("cpu")) {
            return Reading.unknown(wanted);
        }
        long total = 0;
        for (int i = 1; i <= STEAL_FIELD; i++) {
            total += Host.numberIn(fields[i]).orElse(0);
        }
        long percent = total == 0 ? 0 : Host.numberIn(fields[STEAL_FIELD]).orElse(0) * 100 / total;
        return Reading.of(
                percent <= STEAL_PERCENT_MAX,
                WARNING,
                percent,
                wanted,
                Remedy.hand("Ask for cores of your own, or move to a quieter host."));
    }

    private static String listOf(Host host, String path, String name) {
        return host.lines(path).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** From the kernel's way to write a set of processors: {@code 0-3,8}. Nonsense is the empty set. */
    static BitSet cpus(String list) {
        BitSet cpus = new BitSet();
        for (String part : list.split(",")) {
            String[] ends = part.strip().split("-");
            OptionalLong from = Host.numberIn(ends[0]);
            OptionalLong to = Host.numberIn(ends[ends.length - 1]);
            if (from.isPresent() && to.isPresent() && from.getAsLong() >= 0 && to.getAsLong() >= from.getAsLong()) {
                cpus.set((int) from.getAsLong(), (int) to.getAsLong() + 1);
            }
        }
        return cpus;
    }
}
