package io.karst.appliance.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NetworkBuffersTest {
    private static final long USUAL = 256L << 20;

    @Test
    void fourLoopsHaveRoomForTheirLongValues() {
        assertEquals(16 << 20, 8192 << NetworkBuffers.chunkOrder(USUAL, 4));
    }

    @Test
    void theFirstChunksOfManyLoopsLeaveMostOfTheMemory() {
        for (int threads : new int[] {1, 2, 4, 8, 16, 32, 64}) {
            long taken = ((long) threads * 8192) << NetworkBuffers.chunkOrder(USUAL, threads);
            assertTrue(taken <= USUAL / 4, threads + " loops take " + taken);
        }
    }

    @Test
    void aChunkIsAtLeastOneMebibyte() {
        assertEquals(1 << 20, 8192 << NetworkBuffers.chunkOrder(1 << 20, 1));
        assertEquals(1 << 20, 8192 << NetworkBuffers.chunkOrder(USUAL, 1_000));
    }
}
