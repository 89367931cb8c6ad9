package io.karst.bench.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * How requests are sent, whatever they are.
 *
 * @param address where the server listens; a {@code DomainSocketAddress} of Netty for a unix socket
 * @param protocol that every connection speaks
 * @param connections 1 to 10,000
 * @param depth requests of one connection that may wait for a reply at the same time, 1 to 4,096
 * @param ratePerSecond requests per second of an open loop; 0 for a closed one
 * @param warmupNs before the measured window
 * @param durationNs of the measured window; a source that runs dry ends it earlier
 * @param drainNs how long to wait for the last replies before they count as lost
 * @param seed of the arrivals
 */
public record LoadPlan(
        SocketAddress address,
        Protocol protocol,
        int connections,
        int depth,
        double ratePerSecond,
        long warmupNs,
        long durationNs,
        long drainNs,
        long seed) {
    /** Most connections. */
    public static final int CONNECTIONS_MAX = 10_000;

    private static final int DEPTH_MAX = 4096;
    private static final long SECOND_NS = 1_000_000_000L;

    /** Refuses what the ranges above do not allow. */
    public LoadPlan {
        require(connections >= 1 && connections <= CONNECTIONS_MAX, "connections " + connections + ": not 1 to 10000");
        require(depth >= 1 && depth <= DEPTH_MAX, "pipeline " + depth + ": not 1 to 4096");
        require(ratePerSecond >= 0, "rate " + ratePerSecond + ": below 0");
        require(warmupNs >= 0 && durationNs > 0 && drainNs >= 0, "a negative time");
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** A closed loop to a local port until the source runs dry. */
    public static LoadPlan untilDry(int port, int connections, int depth) {
        return new LoadPlan(
                local(port), Protocol.TEXT, connections, depth, 0, 0, Long.MAX_VALUE / 4, 10 * SECOND_NS, 1);
    }

    /** A closed loop to a local port. */
    public static LoadPlan closed(int port, int connections, int depth, double warmupSeconds, double seconds) {
        return open(port, connections, depth, 0, warmupSeconds, seconds, 1);
    }

    /** An open loop to a local port. */
    public static LoadPlan open(
            int port, int connections, int depth, double rate, double warmupSeconds, double seconds, long seed) {
        return new LoadPlan(
                local(port),
                Protocol.TEXT,
                connections,
                depth,
                rate,
                (long) (warmupSeconds * SECOND_NS),
                (long) (seconds * SECOND_NS),
                5 * SECOND_NS,
                seed);
    }

    /** The same in another protocol. */
    public LoadPlan speaking(Protocol other) {
        return new LoadPlan(address, other, connections, depth, ratePerSecond, warmupNs, durationNs, drainNs, seed);
    }

    private static SocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    boolean isOpen() {
        return ratePerSecond > 0;
    }
}
