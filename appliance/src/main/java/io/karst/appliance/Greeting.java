package io.karst.appliance;

import io.karst.store.ItemStore;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.stream.Collectors;

/** The one line that a person who started the server reads: where it listens, what it took, how to try it. */
final class Greeting {
    private static final double MEBIBYTE = 1 << 20;
    private static final String EXAMPLE = "printf 'set a 0 0 1\\r\\n1\\r\\nget a\\r\\nquit\\r\\n' | nc ";

    private Greeting() {}

    static String of(List<SocketAddress> addresses, long limitBytes, ItemStore store, String version) {
        return String.format(
                "karst %s listens on %s with %.1f of %d MiB for items. Try: %s%s",
                version,
                where(addresses),
                store.footprint() / MEBIBYTE,
                limitBytes >> 20,
                EXAMPLE,
                ncArguments(addresses.get(0)));
    }

    /** What {@code systemctl status} shows of a server that serves. */
    static String status(List<SocketAddress> addresses, ItemStore store) {
        return String.format("serving on %s, %.1f MiB for items", where(addresses), store.footprint() / MEBIBYTE);
    }

    private static String where(List<SocketAddress> addresses) {
        return addresses.stream().map(Greeting::text).collect(Collectors.joining(", "));
    }

    private static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress tcp) {
            String host = tcp.getAddress().getHostAddress();
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + tcp.getPort();
        }
        return path(address);
    }

    private static String ncArguments(SocketAddress address) {
        if (address instanceof InetSocketAddress tcp) {
            InetAddress host = tcp.getAddress();
            return (host.isAnyLocalAddress() ? "localhost" : host.getHostAddress()) + " " + tcp.getPort();
        }
        return "-U " + path(address);
    }

    private static String path(SocketAddress address) {
        return address instanceof DomainSocketAddress domain ? domain.path() : address.toString();
    }
}
