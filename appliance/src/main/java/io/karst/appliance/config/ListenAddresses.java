package io.karst.appliance.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what {@code -l} takes: {@code host}, {@code host:port}, {@code [::1]}, {@code [::1]:port}, {@code ::1}, an
 * asterisk, the prefix {@code notls:}, several separated by commas. A name with several addresses stands for all of them.
 */
final class ListenAddresses {
    private final Hosts hosts;
    private final int defaultPort;

    /** {@code defaultPort} serves addresses without one; 0 asks the kernel for a free port. */
    ListenAddresses(Hosts hosts, int defaultPort) {
        this.hosts = hosts;
        this.defaultPort = defaultPort;
    }

    /** The addresses to bind, in order, each once. */
    List<InetSocketAddress> read(List<Given> values) {
        Set<InetSocketAddress> addresses = new LinkedHashSet<>();
        for (Given given : values) {
            for (String part : given.text().split("[,;]")) {
                if (!part.isBlank()) {
                    addOne(addresses, new Given(given.option(), part.strip(), given.source()));
                }
            }
        }
        return List.copyOf(addresses);
    }

    private void addOne(Set<InetSocketAddress> addresses, Given given) {
        String text = given.text();
        if (text.matches("(btls|mtls):.*|(proto|tag)[\\[_].*")) {
            throw given.refuse("not yet supported. Of the prefixes only notls: is.");
        }
        String address = text.startsWith("notls:") ? text.substring("notls:".length()) : text;
        if (address.startsWith("[")) {
            addBracketed(addresses, given, address);
        } else {
            int colon = address.indexOf(':');
            boolean hasPort = colon >= 0 && address.indexOf(':', colon + 1) < 0;
            String host = hasPort ? address.substring(0, colon) : address;
            addAll(addresses, given, host, hasPort ? portOf(given, address.substring(colon + 1)) : defaultPort);
        }
    }

    private void addBracketed(Set<InetSocketAddress> addresses, Given given, String address) {
        int end = address.indexOf(']');
        String rest = end < 0 ? "" : address.substring(end + 1);
        if (end < 0 || !(rest.isEmpty() || rest.startsWith(":"))) {
            throw given.refuse("not an address. Write IPv6 as [::1] or [::1]:11212.");
        }
        addAll(
                addresses,
                given,
                address.substring(1, end),
                rest.isEmpty() ? defaultPort : portOf(given, rest.substring(1)));
    }

    private void addAll(Set<InetSocketAddress> addresses, Given given, String host, int port) {
        if (host.isEmpty()) {
            throw given.refuse("no host in it. Use an address of this machine, for example 127.0.0.1:11212.");
        }
        try {
            for (InetAddress address : hosts.addressesOf(host)) {
                addresses.add(new InetSocketAddress(address, port));
            }
        } catch (UnknownHostException e) {
            throw given.refuse("cannot be resolved. Use an address of this machine, for example 127.0.0.1 or [::1].");
        }
    }

    private static int portOf(Given given, String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw given.refuse("\"" + text + "\" is not a port. Use a number from 0 to 65535.");
        }
        return Integer.parseInt(text);
    }
}
