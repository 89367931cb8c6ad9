package io.karst.appliance;

/** What we call ourselves. */
public final class Version {
    /** The memcached whose behaviour we answer with: clients compare versions to know what a server can do. */
    public static final String MEMCACHED = "1.6.45";

    private Version() {}

    /** Answer of {@code version} and of {@code stats}: memcached's version first, then ours; no space in it. */
    public static String onTheWire(String karstVersion) {
        return MEMCACHED + "-karst-" + karstVersion;
    }
}
