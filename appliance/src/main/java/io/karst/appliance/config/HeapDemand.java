package io.karst.appliance.config;

/**
 * How large the Java heap may become: it holds connections, so {@code -c} decides. The JVM's own limit is far above the
 * usual demand; this is what the memory check at start counts, and what {@code -c} is refused by.
 */
public final class HeapDemand {
    /** What is there from the start, {@code -Xms}, and what is counted at least: a dump or a reload makes garbage, too. */
    private static final long BASE = 40L << 20;

    private static final long LEAST = 128L << 20;

    /** 1,424 bytes are live per idle connection (docs/operate/slow-profile.md); the collector lets the heap be 60 % full. */
    private static final long PER_CONNECTION = 2_400;

    /** 7 KB are live per idle connection with TLS (docs/operate/security.md). */
    private static final long PER_TLS_CONNECTION = 12_000;

    /** What the JVM allows is {@code -Xmx} without one of the two spaces for survivors. */
    private static final double WITH_SURVIVORS = 1.1;

    private HeapDemand() {}

    /** The most that so many connections can make of it, bytes. */
    public static long bytes(int connections, boolean isTls) {
        return Math.max(LEAST, BASE + connections * (isTls ? PER_TLS_CONNECTION : PER_CONNECTION));
    }

    /**
     * The same, where the JVM allows so much.
     *
     * @param limit {@code -Xmx}, bytes
     * @throws ConfigException with the numbers and the flag to give
     */
    public static long within(long limit, int connections, boolean isTls) {
        long bytes = bytes(connections, isTls);
        if (bytes > limit) {
            throw new ConfigException("conn-limit = \"" + connections + "\": so many connections may need "
                    + Quantity.mebibytes(bytes) + " of Java heap, and -Xmx allows " + Quantity.mebibytes(limit)
                    + ". Use -c " + (limit - BASE) / (isTls ? PER_TLS_CONNECTION : PER_CONNECTION)
                    + " or less, or start with KARST_JAVA_OPTIONS=-Xmx" + (long) (bytes * WITH_SURVIVORS / (1 << 20))
                    + "m.");
        }
        return bytes;
    }
}
