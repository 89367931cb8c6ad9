package io.karst.ring;

import java.net.InetSocketAddress;

/**
 * How a client family turns a server's address into the name it hashes onto the ring.
 *
 * <p>The name decides where every key lives, so a server never derives its own from DNS: the operator writes it down as
 * clients see it, and {@link #name} is what tells him how that is. Source: evidence/replication.md §4.
 */
public enum RingFormat {
    /**
     * {@code 10.0.0.1:11211} for an address given as a literal, {@code host/10.0.0.1:11211} for one given by name. An
     * IPv6 address is written as the JDK writes it, in square brackets since JDK 14.
     */
    SPYMEMCACHED {
        @Override
        public String name(InetSocketAddress address) {
            String text = resolved(address).toString();
            return text.startsWith("/") ? text.substring(1) : text;
        }
    },

    /** {@code host} where the port is 11211, {@code host:port} otherwise. */
    LIBMEMCACHED {
        @Override
        public String name(InetSocketAddress address) {
            return address.getPort() == DEFAULT_PORT ? address.getHostString() : HOST_PORT.name(address);
        }
    },

    /**
     * {@code host/10.0.0.1:11211}, for an address given as a literal, too: this client asks DNS for its name. Where DNS has
     * none, {@code /10.0.0.1:11211}, and that is what a literal gets here, where DNS is not asked.
     */
    XMEMCACHED {
        @Override
        public String name(InetSocketAddress address) {
            return resolved(address).toString();
        }
    },

    /** {@code host:port}: pymemcache and dalli. */
    HOST_PORT {
        @Override
        public String name(InetSocketAddress address) {
            // getHostString, not getHostName: asking DNS for the name of a literal is the surprise to avoid.
            return address.getHostString() + ":" + address.getPort();
        }
    };

    private static final int DEFAULT_PORT = 11211;

    /**
     * The ring name of a server, without the {@code -i} that each digest of it adds.
     *
     * @throws IllegalArgumentException when the name contains the IP address and {@code address} is unresolved
     */
    public abstract String name(InetSocketAddress address);

    private static InetSocketAddress resolved(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(address.getHostString() + ":" + address.getPort()
                    + ": clients hash the IP address, too. Write it as " + address.getHostString() + "/10.0.0.1:"
                    + address.getPort() + ".");
        }
        return address;
    }
}
