package io.karst.appliance.server;

import io.karst.protocol.Access;
import io.karst.protocol.ProtocolLimits;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sockets are made from.
 *
 * @param listeners TCP addresses
 * @param unixSocket path of a unix socket, or null
 * @param unixMask its access bits
 * @param backlog connections that may wait to be accepted
 * @param maxConnections connections at one time
 * @param refusesAtOnce whether one more is told so and closed, instead of left waiting to be accepted
 * @param connectionsPerAddress connections at one time from one address, 0 for any number
 * @param threads event loops
 * @param transport how they are driven
 * @param limits what one connection may cost
 * @param access who must log in
 */
public record ServerSettings(
        List<Listener> listeners,
        @Nullable Path unixSocket,
        int unixMask,
        int backlog,
        int maxConnections,
        boolean refusesAtOnce,
        int connectionsPerAddress,
        int threads,
        Transport transport,
        ProtocolLimits limits,
        Access access) {
    /** Copies the list. */
    public ServerSettings {
        listeners = List.copyOf(listeners);
    }
}
