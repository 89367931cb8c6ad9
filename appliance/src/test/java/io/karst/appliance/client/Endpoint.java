package io.karst.appliance.client;

import java.net.InetSocketAddress;

/** Where a client finds a server, and how it speaks to it; user and password matter to {@link Dialect#SASL} only. */
record Endpoint(String host, int port, Dialect dialect, String user, String password) {
    InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }
}
