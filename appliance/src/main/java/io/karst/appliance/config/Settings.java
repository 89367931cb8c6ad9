package io.karst.appliance.config;

import io.karst.eviction.PolicyKind;
import io.karst.store.StoreSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the server runs with, after command line, file and defaults have been put together and found sound. Immutable;
 * read at start by those who build the server, never on the hot path.
 *
 * @param network where to listen, and for how many
 * @param memory what the items may take
 * @param commands what is answered
 * @param security who is let in
 * @param peers who copies items to whom, or null for a node by itself
 * @param measuring what is measured, and what is promised
 * @param admin who may look at the server, and where
 * @param verbosity how often {@code -v} was given
 * @param pidFile where to write the process id, or null
 * @param resolved every setting in force with where it came from, in the order of the table
 * @param notices lines for the operator's log, at most one per option that has no or less effect than written
 */
public record Settings(
        Network network,
        Memory memory,
        Commands commands,
        Security security,
        @Nullable Peers peers,
        Measuring measuring,
        Admin admin,
        int verbosity,
        @Nullable Path pidFile,
        List<Resolved> resolved,
        List<String> notices) {
    /** Share of the memory limit for large items, in percent, unless {@code -o large=} says otherwise. */
    public static final int DEFAULT_LARGE_PERCENT = StoreSettings.DEFAULT_LARGE_PERCENT;
    /** The users of {@code -S}, unless {@code -o sasl_users=} says otherwise. */
    public static final String DEFAULT_SASL_USERS = "/etc/karst/users";

    /** Counters for hot keys per event loop, unless {@code -o hotkeys=} says otherwise. */
    public static final int DEFAULT_HOT_KEYS = 256;

    private static final int REQUIRE_CERTIFICATE = 2;

    /** Bytes of a typical item, key and value, unless {@code -o item_size=} says otherwise. */
    public static final int DEFAULT_ITEM_SIZE_HINT = StoreSettings.DEFAULT_ITEM_SIZE_HINT;

    /**
     * Where to listen, and for how many connections.
     *
     * @param listeners TCP addresses to bind, empty with a unix socket or {@code -p 0}; port 0 means any free one
     * @param tcpPort what {@code -p} said: -1 for any free port, 0 for no TCP
     * @param udpPort what {@code -U} said, 0 for none
     * @param udpAddresses UDP addresses to bind, empty without {@code -U} and with a unix socket
     * @param interfaces what {@code -l} said, as {@code stats settings} shows it
     * @param unixSocket path of the unix socket, or null for none
     * @param unixMask access bits of the unix socket
     * @param backlog connections that may wait to be accepted
     * @param maxConnections connections at one time
     * @param refusesAtOnce whether one more is told so and closed, instead of left waiting to be accepted
     * @param connectionsPerAddress connections at one time from one address, 0 for any number
     * @param idleTimeoutSeconds silence after which a connection is closed, 0 for never
     * @param transport how the sockets are driven
     * @param portFile where to write the ports in use, from MEMCACHED_PORT_FILENAME, or null
     */
    public record Network(
            List<Listener> listeners,
            int tcpPort,
            int udpPort,
            List<InetSocketAddress> udpAddresses,
            String interfaces,
            @Nullable Path unixSocket,
            int unixMask,
            int backlog,
            int maxConnections,
            boolean refusesAtOnce,
            int connectionsPerAddress,
            int idleTimeoutSeconds,
            Transport transport,
            @Nullable Path portFile) {
        /** Copies the list. */
        public Network {
            listeners = List.copyOf(listeners);
        }

        /** The addresses of the listeners, in their order. */
        public List<InetSocketAddress> addresses() {
            return listeners.stream().map(Listener::address).toList();
        }
    }

    /**
     * A TCP address to listen on.
     *
     * @param address port 0 means any free one
     * @param encryption how its clients speak
     */
    public record Listener(InetSocketAddress address, Encryption encryption) {}

    /** How the clients of a listener speak: {@code -Z} and the prefixes of {@code -l}. */
    public enum Encryption {
        /** In clear: no {@code -Z}, or {@code notls:}. */
        NONE,
        /** TLS, and certificates of clients as {@code ssl_verify_mode} says. */
        TLS,
        /** TLS without certificates of clients: {@code btls:}. */
        SERVER_TLS,
        /** TLS for clients with a certificate only: {@code mtls:}. */
        MUTUAL_TLS
    }

    /**
     * What the items may take.
     *
     * @param limitBytes {@code -m}, in bytes
     * @param itemSizeMax {@code -I}, in bytes, at most half of the limit
     * @param eviction what happens when memory is full
     * @param largePercent share of the limit for large items
     * @param itemSizeHint bytes of a typical item
     * @param preTouch whether to touch all of it at start
     * @param lock whether the operator wanted it locked
     */
    public record Memory(
            long limitBytes,
            int itemSizeMax,
            PolicyKind eviction,
            int largePercent,
            int itemSizeHint,
            boolean preTouch,
            boolean lock) {}

    /**
     * What is answered, and by how many.
     *
     * @param threads event loops
     * @param requestsPerEvent requests of one connection before another's turn
     * @param protocol {@code auto} or {@code ascii}
     * @param casEnabled whether items carry CAS tokens
     * @param flushEnabled whether {@code flush_all} is answered
     * @param dumpEnabled whether keys may be listed
     * @param watchEnabled whether {@code watch} is answered
     * @param shutdownEnabled whether {@code shutdown} is answered
     * @param debugEnabled whether test commands such as {@code debugtime} are answered
     * @param trackSizes whether sizes are counted for {@code stats sizes}
     * @param detailEnabled whether counting per key prefix starts switched on
     * @param prefixDelimiter the ASCII character that ends a prefix
     */
    public record Commands(
            int threads,
            int requestsPerEvent,
            String protocol,
            boolean casEnabled,
            boolean flushEnabled,
            boolean dumpEnabled,
            boolean watchEnabled,
            boolean shutdownEnabled,
            boolean debugEnabled,
            boolean trackSizes,
            boolean detailEnabled,
            char prefixDelimiter) {}

    /**
     * Who is let in.
     *
     * @param saslEnabled whether logins of the binary protocol are asked for ({@code -S})
     * @param saslUsers file of their users
     * @param authFile memcached's file of users for text logins ({@code -Y}), or null when none are asked for
     * @param tls certificates
     */
    public record Security(
            boolean saslEnabled, Path saslUsers, @Nullable Path authFile, Tls tls) {
        /** Whether clients must log in. */
        public boolean needsLogin() {
            return saslEnabled || authFile != null;
        }
    }

    /**
     * Certificates, and what is asked of clients: the {@code ssl_...} options.
     *
     * @param isEnabled {@code -Z}; without it the others have no effect
     * @param chainCert PEM file of the server's certificate and its issuers; there when enabled
     * @param key file of the private key, or null when it is in the chain file
     * @param isKeyDer whether the key file is DER, not PEM
     * @param verifyMode certificates of clients: 0 not asked for, 1 asked for, 2 and 3 required
     * @param caCert PEM file of the authorities that sign certificates of clients; there when they are asked for
     * @param ciphers names of cipher suites of TLS 1.2, separated by colons, or null for the JDK's choice
     * @param minVersion oldest TLS: 2 for 1.2, 3 for 1.3; below 2 as 2
     * @param hasSessionCache whether sessions are kept for resumption
     */
    public record Tls(
            boolean isEnabled,
            @Nullable Path chainCert,
            @Nullable Path key,
            boolean isKeyDer,
            int verifyMode,
            @Nullable Path caCert,
            @Nullable String ciphers,
            int minVersion,
            boolean hasSessionCache) {}

    /**
     * Who copies items to whom.
     *
     * @param file of the nodes
     * @param name the ring name of this node
     * @param placement a word of {@link io.karst.ring.PlacementKind}
     * @param replicas on how many nodes each item is
     * @param key file of the shared key, or null for none
     * @param isInsecure whether none is accepted over a network
     * @param warmupMaxSeconds how long a starting node fetches from its peers before it listens
     * @param consistency the level of writes that say none: one, quorum or all
     * @param levelTimeoutMs how long a request above level one waits
     * @param antiEntropySeconds how often everything is compared with each peer
     */
    public record Peers(
            Path file,
            String name,
            String placement,
            int replicas,
            @Nullable Path key,
            boolean isInsecure,
            int warmupMaxSeconds,
            String consistency,
            int levelTimeoutMs,
            int antiEntropySeconds) {}

    /**
     * What is measured, and what is promised.
     *
     * @param hlog the latency log
     * @param hotKeys counters per event loop, 0 for none
     * @param slowMicros bursts that take longer are logged, 0 for none
     * @param slowSecret file with the secret for their keys, or null for a secret of this process
     * @param targets what {@code stats slo} judges by
     */
    public record Measuring(
            Hlog hlog,
            int hotKeys,
            int slowMicros,
            @Nullable Path slowSecret,
            Targets targets) {}

    /**
     * The latency log.
     *
     * @param directory where it is, or null for none
     * @param intervalSeconds that one line is about
     * @param sizeMax bytes after which the next file begins
     * @param filesMax files that are kept
     */
    public record Hlog(@Nullable Path directory, int intervalSeconds, long sizeMax, int filesMax) {}

    /**
     * The targets of {@code stats slo}.
     *
     * @param readP99Millis 99 % of gets take no longer
     * @param writeP99Millis 99 % of sets, deletes, incr and decr take no longer
     * @param hitPercent gets that hit, at least
     * @param storagePercent of the memory limit that items take, at most
     * @param judgesStorage whether that is judged even though items are evicted
     * @param lagMillis peers are behind, at most
     */
    public record Targets(
            int readP99Millis,
            int writeP99Millis,
            int hitPercent,
            int storagePercent,
            boolean judgesStorage,
            int lagMillis) {}

    /**
     * The admin port.
     *
     * @param listeners its addresses, empty without one
     * @param tokenFile file of the bearer token, or null when none is asked for
     */
    public record Admin(List<Listener> listeners, @Nullable Path tokenFile) {
        /** Copies the list. */
        public Admin {
            listeners = List.copyOf(listeners);
        }

        /** The addresses as {@code stats settings} shows them: {@code 127.0.0.1:9150}, or {@code none}. */
        public String text() {
            return listeners.isEmpty()
                    ? "none"
                    : listeners.stream()
                            .map(listener -> hostAndPort(listener.address()))
                            .collect(Collectors.joining(","));
        }
    }

    private static String hostAndPort(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** How sockets are driven. */
    public enum Transport {
        /** epoll, or Java's selector where epoll is missing. */
        EPOLL,
        /** io_uring, and nothing else when it is missing. */
        IO_URING
    }

    /** Whether clients on other machines can connect by TCP and are asked neither for a login nor for a certificate. */
    public boolean isOpenToOthers() {
        return isOpenToOthers(network, security);
    }

    /** Whether hot keys are counted and may be shown: {@code -X} is about every command that lists keys. */
    public boolean showsHotKeys() {
        return measuring.hotKeys() > 0 && commands.dumpEnabled();
    }

    static boolean isOpenToOthers(Network network, Security security) {
        return !security.needsLogin()
                && network.listeners().stream()
                        .anyMatch(listener -> !listener.address().getAddress().isLoopbackAddress()
                                && !asksForCertificate(listener.encryption(), security.tls()));
    }

    private static boolean asksForCertificate(Encryption encryption, Tls tls) {
        return encryption == Encryption.MUTUAL_TLS
                || (encryption == Encryption.TLS && tls.verifyMode() >= REQUIRE_CERTIFICATE);
    }

    /** Copies the lists. */
    public Settings {
        resolved = List.copyOf(resolved);
        notices = List.copyOf(notices);
    }

    /** All settings in force on one line, key=value, for the log at start; those not at their default carry their source. */
    public String oneLine() {
        return resolved.stream().map(Settings::keyValue).collect(Collectors.joining(" "));
    }

    private static String keyValue(Resolved setting) {
        String pair = setting.option().longName() + "=" + setting.text();
        return setting.source().equals(Source.DEFAULT)
                ? pair
                : pair + "(" + setting.source().place().replace(' ', '-') + ")";
    }
}
