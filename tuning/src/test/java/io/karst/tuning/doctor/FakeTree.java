package io.karst.tuning.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Machines that are directories. Process 77 of each is a running server. */
final class FakeTree {
    private static final String SERVER = "java\0@java.options\0io.karst.appliance.Main\0-m\0001024\0";

    private FakeTree() {}

    /** A machine that has everything as it should be. */
    static Path good(Path root) throws IOException {
        write(root, "proc/77/cmdline", SERVER);
        write(root, "proc/77/environ", "HOME=/\0GLIBC_TUNABLES=glibc.malloc.hugetlb=1\0");
        return writeAll(root, """
                proc/78/cmdline = java
                proc/meminfo = MemTotal:       8000000 kB|SwapTotal:             0 kB|HugePages_Free:        0|Hugepagesize:       2048 kB
                proc/77/status = Name:\tjava|VmSwap:\t       0 kB|Cpus_allowed_list:\t0-3
                proc/77/cgroup = 0::/system.slice/karst.service
                proc/77/oom_score_adj = -500
                proc/77/limits = Limit  Soft Limit  Hard Limit  Units|Max open files            1048576    1048576  files|Max locked memory         unlimited    unlimited  bytes
                proc/77/mounts = /dev/sda1 / ext4 rw 0 0|tmpfs /tmp tmpfs rw,nosuid 0 0
                sys/fs/cgroup/system.slice/karst.service/memory.max = max
                sys/fs/cgroup/system.slice/karst.service/cpu.max = max 100000
                sys/fs/cgroup/system.slice/karst.service/cpu.stat = usage_usec 5|nr_throttled 0
                sys/fs/cgroup/system.slice/karst.service/pids.max = 28909
                sys/kernel/mm/transparent_hugepage/enabled = always [madvise] never
                sys/kernel/mm/transparent_hugepage/defrag = always defer defer+madvise [madvise] never
                proc/sys/vm/swappiness = 60
                proc/sys/vm/max_map_count = 65530
                proc/sys/vm/overcommit_memory = 0
                proc/sys/vm/zone_reclaim_mode = 0
                proc/sys/kernel/numa_balancing = 1
                sys/devices/system/node/node0/cpulist = 0-3
                proc/pressure/memory = some avg10=0.00 avg60=0.00 avg300=0.00 total=0
                proc/pressure/cpu = some avg10=3.00 avg60=2.50 avg300=0.00 total=0
                proc/pressure/io = some avg10=0.00 avg60=0.10 avg300=0.00 total=0
                sys/devices/system/cpu/online = 0-3
                sys/devices/system/cpu/isolated = 2-3
                sys/devices/system/cpu/cpu0/cpufreq/scaling_governor = performance
                sys/devices/system/cpu/cpu0/cpuidle/state0/latency = 0
                sys/devices/system/cpu/cpu0/cpuidle/state1/latency = 10
                sys/devices/system/clocksource/clocksource0/current_clocksource = tsc
                proc/irq/24/smp_affinity_list = 0-1
                proc/stat = cpu  100 0 100 9000 0 0 0 1 0 0|cpu0 1 1 1 1
                proc/sys/net/core/somaxconn = 4096
                proc/sys/net/ipv4/tcp_max_syn_backlog = 4096
                proc/sys/net/core/rmem_max = 4194304
                proc/sys/net/core/wmem_max = 4194304
                proc/net/netstat = TcpExt: SyncookiesSent ListenOverflows|TcpExt: 0 0
                proc/net/snmp = Ip: Forwarding|Ip: 1|Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors|Udp: 5 0 0 5 0
                proc/sys/net/ipv4/ip_local_port_range = 32768\t60999
                proc/net/tcp = sl local rem st|0: 0100007F:2BCB 00000000:0000 0A|1: 00000000:0016 00000000:0000 0A
                proc/sys/net/netfilter/nf_conntrack_max = 262144
                proc/sys/net/netfilter/nf_conntrack_count = 12
                proc/sys/net/core/busy_poll = 0
                proc/sys/fs/file-nr = 1000\t0\t9223372036854775807
                run/systemd/timesync/synchronized = yes
                proc/sys/kernel/osrelease = 6.1.0-35-amd64
                """);
    }

    /** The same machine with everything wrong. */
    static Path bad(Path root) throws IOException {
        good(root);
        write(root, "proc/77/environ", "HOME=/\0");
        return writeAll(root, """
                proc/meminfo = MemTotal:       1000000 kB|SwapTotal:       2097148 kB|HugePages_Free:      512|Hugepagesize:       2048 kB
                proc/77/status = Name:\tjava|VmSwap:\t    4096 kB|Cpus_allowed_list:\t0-3
                proc/77/oom_score_adj = 200
                proc/77/limits = Max open files            1024    1024  files|Max locked memory         8388608    8388608  bytes
                proc/77/mounts = tmpfs /tmp tmpfs rw,nosuid,noexec 0 0
                sys/fs/cgroup/system.slice/karst.service/memory.max = 536870912
                sys/fs/cgroup/system.slice/karst.service/cpu.max = 150000 100000
                sys/fs/cgroup/system.slice/karst.service/cpu.stat = usage_usec 5|nr_throttled 17
                sys/fs/cgroup/system.slice/pids.max = 20
                sys/kernel/mm/transparent_hugepage/enabled = always madvise [never]
                sys/kernel/mm/transparent_hugepage/defrag = [always] defer defer+madvise madvise never
                proc/sys/vm/max_map_count = 1000
                proc/sys/vm/overcommit_memory = 2
                proc/sys/vm/zone_reclaim_mode = 1
                sys/devices/system/node/node0/cpulist = 0-1
                sys/devices/system/node/node1/cpulist = 2-3
                proc/pressure/memory = some avg10=9.00 avg60=7.25 avg300=0.00 total=9
                proc/pressure/cpu = some avg10=50.00 avg60=60.00 avg300=0.00 total=9
                proc/pressure/io = some avg10=50.00 avg60=60.00 avg300=0.00 total=9
                sys/devices/system/cpu/online = 0-1
                sys/devices/system/cpu/cpu0/cpufreq/scaling_governor = powersave
                sys/devices/system/cpu/cpu0/cpuidle/state1/latency = 890
                sys/devices/system/clocksource/clocksource0/current_clocksource = hpet
                proc/irq/24/smp_affinity_list = 0-3
                proc/stat = cpu  100 0 100 700 0 0 0 100 0 0
                proc/sys/net/core/somaxconn = 128
                proc/sys/net/ipv4/tcp_max_syn_backlog = 128
                proc/sys/net/core/rmem_max = 212992
                proc/sys/net/core/wmem_max = 212992
                proc/net/netstat = TcpExt: SyncookiesSent ListenOverflows|TcpExt: 0 42
                proc/net/snmp = Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors|Udp: 5 0 0 5 7
                proc/sys/net/ipv4/ip_local_port_range = 1024\t65535
                proc/net/tcp6 = sl local rem st|0: 00000000000000000000000000000000:2BCB 00000000000000000000000000000000:0000 0A
                proc/sys/net/netfilter/nf_conntrack_count = 262100
                proc/sys/net/core/busy_poll = 50
                proc/sys/fs/file-nr = 1000\t0\t1500
                tmp/hsperfdata_karst/77 = x
                proc/sys/kernel/osrelease = 4.19.0
                """, "run/systemd/timesync/synchronized");
    }

    private static Path writeAll(Path root, String rows, String... gone) throws IOException {
        for (String row : rows.split("\n")) {
            String[] parts = row.split(" = ", 2);
            write(root, parts[0], parts[1].replace('|', '\n') + "\n");
        }
        for (String path : gone) {
            Files.delete(root.resolve(path));
        }
        return root;
    }

    static void write(Path root, String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
