package io.karst.tuning.doctor;

import static io.karst.tuning.doctor.Severity.INFO;
import static io.karst.tuning.doctor.Severity.WARNING;

import java.util.List;
import java.util.OptionalLong;

/** Sockets and the kernel's queues for them. */
final class NetworkChecks {
    private static final int BUFFER_BYTES = 2 << 20;
    private static final int LISTEN_STATE = 0x0A;

    private NetworkChecks() {}

    static final List<Check> ROWS = List.of(
            new Check(
                    "somaxconn",
                    "The kernel cuts -b to this: clients that connect at the same moment wait a second and more.",
                    "listen(2)",
                    (host, demand) -> atLeast(host, "net.core.somaxconn", demand.backlog())),
            new Check(
                    "syn-backlog",
                    "Half-open connections beyond it are dropped when many clients start at once.",
                    "tcp(7)",
                    (host, demand) -> atLeast(host, "net.ipv4.tcp_max_syn_backlog", demand.backlog())),
            new Check(
                    "receive-buffer",
                    "Replicas send in bursts over UDP; what does not fit is lost and sent again.",
                    "Aeron, Best Practices Guide",
                    (host, demand) -> atLeast(host, "net.core.rmem_max", BUFFER_BYTES)),
            new Check(
                    "send-buffer",
                    "Replicas are sent in bursts over UDP.",
                    "Aeron, Best Practices Guide",
                    (host, demand) -> atLeast(host, "net.core.wmem_max", BUFFER_BYTES)),
            new Check(
                    "listen-overflows",
                    "So many connections were dropped because nobody accepted them in time, since boot.",
                    "proc_net_netstat(5)",
                    (host, demand) -> none(
                            host.counter("proc/net/netstat", "TcpExt", "ListenOverflows"),
                            "Raise -b and net.core.somaxconn; look for event loops that are always busy.")),
            new Check(
                    "udp-receive-errors",
                    "So many datagrams were lost because their buffer was full, since boot.",
                    "proc_net_snmp(5)",
                    (host, demand) -> none(
                            host.counter("proc/net/snmp", "Udp", "RcvbufErrors"),
                            "Raise net.core.rmem_max; look for a process that reads too slowly.")),
            new Check(
                    "port-range",
                    "A client of another server may be given the port while Karst restarts, and Karst then cannot start.",
                    "ip-sysctl, ip_local_port_range",
                    NetworkChecks::portRange),
            new Check(
                    "open-door",
                    "Whoever reaches the port can read, change and flush everything, unless logins or TLS are on.",
                    "docs/operate/security.md",
                    NetworkChecks::openDoor),
            new Check(
                    "connection-tracking",
                    "When the table is full, new connections are dropped without a word.",
                    "nf_conntrack-sysctl",
                    NetworkChecks::connectionTracking),
            new Check(
                    "busy-poll",
                    "Polling takes microseconds from a reply and a core from everybody else: only with cores to spare.",
                    "sysctl net.core.busy_poll",
                    (host, demand) -> host.number("proc/sys/net/core/busy_poll").isEmpty()
                            ? Reading.unknown(0)
                            : Reading.of(
                                    host.text("proc/sys/net/core/busy_poll").equals("0"),
                                    INFO,
                                    host.text("proc/sys/net/core/busy_poll"),
                                    0,
                                    Remedy.hand("Leave it when it was measured to help."))));

    private static Reading atLeast(Host host, String name, long wanted) {
        OptionalLong found = host.number("proc/sys/" + name.replace('.', '/'));
        return found.isEmpty()
                ? Reading.unknown(wanted + " or more")
                : Reading.of(
                        found.getAsLong() >= wanted,
                        WARNING,
                        found.getAsLong(),
                        wanted + " or more",
                        Remedy.sysctl(name, wanted));
    }

    private static Reading none(OptionalLong found, String advice) {
        return found.isEmpty()
                ? Reading.unknown(0)
                : Reading.of(found.getAsLong() == 0, WARNING, found.getAsLong(), 0, Remedy.hand(advice));
    }

    private static Reading portRange(Host host, Demand demand) {
        String[] ends = host.text("proc/sys/net/ipv4/ip_local_port_range").split("\\s+");
        String wanted = "port " + demand.port() + " outside";
        OptionalLong from = Host.numberIn(ends[0]);
        OptionalLong to = Host.numberIn(ends[ends.length - 1]);
        if (from.isEmpty() || to.isEmpty()) {
            return Reading.unknown(wanted);
        }
        boolean isOutside = demand.port() < from.getAsLong() || demand.port() > to.getAsLong();
        return Reading.of(
                isOutside,
                WARNING,
                from.getAsLong() + " to " + to.getAsLong(),
                wanted,
                Remedy.sysctl("net.ipv4.ip_local_reserved_ports", demand.port()));
    }

    private static Reading openDoor(Host host, Demand demand) {
        String wanted = "loopback only, or logins or TLS";
        if (!host.exists("proc/net/tcp")) {
            return Reading.unknown(wanted);
        }
        boolean isOpen = isListening(host, "proc/net/tcp", demand.port(), "0100007F")
                || isListening(host, "proc/net/tcp6", demand.port(), "00000000000000000000000001000000");
        return Reading.of(
                !isOpen,
                WARNING,
                isOpen ? "port " + demand.port() + " is open to other machines" : "loopback, or not listening",
                wanted,
                Remedy.hand("Listen on 127.0.0.1, or use -S, -Y or -Z, or a firewall."));
    }

    // Rows are: number, address:port, address:port, state, ... with the bytes of an address in hexadecimal.
    private static boolean isListening(Host host, String file, int port, String loopback) {
        String suffix = String.format(":%04X", port);
        return host.lines(file).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > 3 && fields[3].equals(String.format("%02X", LISTEN_STATE)))
                .anyMatch(fields -> fields[1].endsWith(suffix) && !fields[1].startsWith(loopback));
    }

    private static Reading connectionTracking(Host host, Demand demand) {
        OptionalLong most = host.number("proc/sys/net/netfilter/nf_conntrack_max");
        OptionalLong count = host.number("proc/sys/net/netfilter/nf_conntrack_count");
        if (most.isEmpty() || count.isEmpty()) {
            return Reading.unknown("no table, or room for -c");
        }
        return Reading.of(
                most.getAsLong() - count.getAsLong() >= demand.connections(),
                WARNING,
                count.getAsLong() + " of " + most.getAsLong(),
                "room for " + demand.connections() + " more",
                Remedy.sysctl("net.netfilter.nf_conntrack_max", most.getAsLong() + 2L * demand.connections()));
    }
}
