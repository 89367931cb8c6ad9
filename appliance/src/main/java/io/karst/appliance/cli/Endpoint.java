package io.karst.appliance.cli;

import org.jspecify.annotations.Nullable;

/**
 * Where a server listens.
 *
 * @param port 1..65535
 */
public record Endpoint(String host, int port) {
    /** memcached's port, on this machine. */
    static final Endpoint DEFAULT = new Endpoint("127.0.0.1", 11_211);

    /** From {@code host:port}, IPv6 addresses in brackets; null when it is not one. */
    public static @Nullable Endpoint of(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            return null;
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        String host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
        return port < 1 || port > 65_535 || host.isEmpty() ? null : new Endpoint(host, port);
    }

    /** The same, or a host alone, whose port is memcached's; an IPv6 address alone needs no brackets. */
    static @Nullable Endpoint orHost(String text) {
        boolean isAddress = text.indexOf(':') != text.lastIndexOf(':') && !text.contains("]:");
        if (!isAddress && text.indexOf(':') >= 0) {
            return of(text);
        }
        String host = text.replaceAll("[\\[\\]]", "");
        return host.matches("[0-9A-Za-z._:%-]+") ? new Endpoint(host, DEFAULT.port()) : null;
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
