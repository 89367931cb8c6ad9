package io.karst.appliance;

import io.netty.util.internal.PlatformDependent;

/** How much memory the network buffers may take: the JVM's MaxDirectMemorySize, as Netty reads it. */
final class NetworkMemory {
    private NetworkMemory() {}

    static long bytes() {
        return PlatformDependent.maxDirectMemory();
    }
}
