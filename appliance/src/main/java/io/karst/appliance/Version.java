package io.karst.appliance;

/** What we call ourselves. */
public final class Version {
    /**
     * The memcached whose behaviour we answer with, and our answer to {@code version}: clients compare it to know what a
     * server can do. It must be three numbers and nothing else: Node's memcached takes the last three numbers and throws
     * when anything follows them, others take the first three.
     */
    public static final String MEMCACHED = "1.6.45";

    private Version() {}
}
