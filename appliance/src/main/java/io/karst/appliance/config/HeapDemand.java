package io.karst.appliance.config;

/**
 * How large the Java heap may become: it holds connections, so {@code -c} decides. The JVM's own limit is far above the
 * usual demand; this is what the memory check at start counts, and what {@code -c} is refused by.
 */
public final class HeapDemand {
    /** What is there from the start, {@code -Xms}, and what is counted at least: a dump or a reload makes garbage, too. */
    private static final long BASE = 40L << 20;

    private static final long LEAST = 128L << 20;

    /** Live heap of an idle connection, bytes (docs/operate/slow-profile.md). */
    private static final long LIVE = 1_424;

    /** The same with TLS (docs/operate/security.md). */
    private static final long LIVE_TLS = 7_200;

    /** The collector lets the heap be 60 % full. */
    private static final double FULL = 0.6;

    /** What the JVM allows is {@code -Xmx} without one of the two spaces for survivors. */
    private static final double WITH_SURVIVORS = 1.1;

    private HeapDemand() {}

    /** The most that so many connections can make of it, bytes. */
    public static long bytes(int connections, boolean isTls) {
        return Math.max(LEAST, BASE + (long) (live(connections, isTls) / FULL));
    }

    private static long live(int connections, boolean isTls) {
        return connections * (isTls ? LIVE_TLS : LIVE);
    }

    /**
     * The same, or what the JVM allows when that is less. Whoever gives a small {@code -Xmx} may have fewer connections in mind
     * than {@code -c}; but where the connections alone do not fit, the last of them would end the process.
     *
     * @param limit {@code -Xmx}, bytes
     * @throws ConfigException with the numbers and the flag to give
     */
    public static long within(long limit, int connections, boolean isTls) {
        long live = live(connections, isTls);
        long bytes = bytes(connections, isTls);
        if (live > limit) {
            throw new ConfigException("conn-limit = \"" + connections + "\": so many connections are "
                    + Quantity.mebibytes(live) + " of Java heap, and -Xmx allows " + Quantity.mebibytes(limit)
                    + ". Use -c " + (long) (limit * FULL / (isTls ? LIVE_TLS : LIVE))
                    + " or less, or start with KARST_JAVA_OPTIONS=-Xmx" + (long) (bytes * WITH_SURVIVORS / (1 << 20))
                    + "m.");
        }
        return Math.min(bytes, limit);
    }
}
