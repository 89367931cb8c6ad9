package io.karst.appliance.server;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pools that network buffers come from, an arena per event loop. A pool gives its memory back only with the JVM, so that
 * servers that follow each other in one JVM, as tests have them, share it. Thread-safe.
 */
final class NetworkBuffers {
    /*
     * An arena takes memory in chunks, and gives a chunk back to malloc when the last buffer of it is gone: the next one then
     * costs fresh pages. The first chunk stays, because the loop's own buffer lies in it. So it should have room for all that
     * a loop uses at a time, the values of 1 MB that eight clients send and get: 16 MiB instead of 4 made such a set 1.28
     * times cheaper (5c78fe0). It is addresses only, until it is used; but the JVM's limit counts it, so that all first chunks
     * together may take a quarter of that. What does not fit a chunk is allocated for itself.
     */
    private static final int PAGE_BYTES = 8192;

    private static final int CHUNK_ORDER_MIN = 7;
    private static final int CHUNK_ORDER_MAX = 11;

    private static final int FIRST_CHUNKS_SHARE = 4;

    private static final Map<Integer, ByteBufAllocator> POOLS = new ConcurrentHashMap<>();

    private NetworkBuffers() {}

    /** The pool for servers with so many event loops. */
    static ByteBufAllocator of(int threads) {
        int order = chunkOrder(PlatformDependent.maxDirectMemory(), threads);
        return POOLS.computeIfAbsent(
                threads, arenas -> new PooledByteBufAllocator(true, 0, arenas, PAGE_BYTES, order, 0, 0, false));
    }

    /** 8 KiB shifted by this is a chunk: 1 to 16 MiB. */
    static int chunkOrder(long memoryBytes, int threads) {
        long pages = Math.max(1, memoryBytes / FIRST_CHUNKS_SHARE / threads / PAGE_BYTES);
        int order = Long.SIZE - 1 - Long.numberOfLeadingZeros(pages);
        return Math.max(CHUNK_ORDER_MIN, Math.min(CHUNK_ORDER_MAX, order));
    }
}
