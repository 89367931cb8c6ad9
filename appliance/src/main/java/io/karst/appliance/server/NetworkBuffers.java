package io.karst.appliance.server;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pools that network buffers come from, an arena per event loop. A pool gives its memory back only with the JVM, so that
 * servers that follow each other in one JVM, as tests have them, share it. Thread-safe.
 */
final class NetworkBuffers {
    private static final int PAGE_BYTES = 8192;

    /** 8 KiB shifted by this is what an arena of the allocator takes at a time: 16 MiB, room for the values of 1 MB that eight clients send or
     * get. What the last of them leaves empty goes back to malloc, which costs fresh pages the next time, so one must do: it stays
     * because of the loop's own buffer. Addresses only, until they are used. */
    private static final int CHUNK_ORDER = 11;

    private static final Map<Integer, ByteBufAllocator> POOLS = new ConcurrentHashMap<>();

    private NetworkBuffers() {}

    /** The pool for servers with so many event loops. */
    static ByteBufAllocator of(int threads) {
        return POOLS.computeIfAbsent(
                threads, arenas -> new PooledByteBufAllocator(true, 0, arenas, PAGE_BYTES, CHUNK_ORDER, 0, 0, false));
    }
}
