package io.karst.appliance.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the addresses of a host name, through the system's resolver or a test's table. */
@FunctionalInterface
public interface Hosts {
    /** All addresses of {@code name}, at least one. */
    InetAddress[] addressesOf(String name) throws UnknownHostException;

    /** The system's resolver. An asterisk is the address that stands for every one, of IPv6 where the machine has it. */
    static Hosts system() {
        return name -> name.equals("*")
                ? new InetAddress[] {
                    InetAddress.getByName(Files.exists(Path.of("/proc/net/if_inet6")) ? "::" : "0.0.0.0")
                }
                : InetAddress.getAllByName(name);
    }
}
