package io.karst.appliance;

import io.netty.util.internal.PlatformDependent;

/**
 * How much memory the network buffers may take: the JVM's MaxDirectMemorySize, as Netty reads it, or more where items are
 * so long that few of them would fit.
 */
final class NetworkMemory {
    private static final String PROPERTY = "io.netty.maxDirectMemory";

    /** What packaging/src/jvm.options gives, bytes. */
    private static final long USUAL = 256L << 20;

    /** From this share of the usual memory on, an item that comes in and one that goes out get room of their own. */
    private static final int ITEMS_IN_USUAL = 8;

    private NetworkMemory() {}

    /**
     * Makes room for items of this length: a value is received whole before it is stored, and copied whole before it is
     * sent. To be called before anything of Netty, which looks once; a limit that the operator gave Netty stays.
     *
     * @param itemSizeMax {@code -I}, bytes
     */
    static void makeRoomFor(long itemSizeMax) {
        if (itemSizeMax > USUAL / ITEMS_IN_USUAL && System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, Long.toString(USUAL + 2 * itemSizeMax));
        }
    }

    static long bytes() {
        return PlatformDependent.maxDirectMemory();
    }
}
