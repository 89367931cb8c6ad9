package io.karst.appliance.robustness;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Keys of eight bytes whose XXH64 ends in the same 40 bits: one segment, one slot where their lookups begin, and the same
 * bits of the hash in that slot, so that only a comparison of the keys themselves tells them apart. XXH64 of eight bytes can be
 * reversed, so each is computed from the hash that it is to have. Not thread-safe.
 */
final class CollidingKeys {
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;
    private static final int SHARED_BITS = 40;

    private final ByteBuffer key = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final long shared;
    private long counter;

    CollidingKeys(long seed) {
        shared = seed & (1L << SHARED_BITS) - 1;
    }

    /** The next one that can stand in a line of text, as Latin-1. */
    String next() {
        while (true) {
            key.clear();
            key.putLong(preimage(counter++ << SHARED_BITS | shared));
            if (isText(key.array())) {
                return new String(key.array(), StandardCharsets.ISO_8859_1);
            }
        }
    }

    private static boolean isText(byte[] bytes) {
        for (byte b : bytes) {
            if ((b & 0xff) <= ' ') {
                return false;
            }
        }
        return true;
    }

    private static long preimage(long hash) {
        long h = hash ^ hash >>> 32;
        h *= inverse(P3);
        h ^= h >>> 29 ^ h >>> 58;
        h *= inverse(P2);
        h ^= h >>> 33;
        h = Long.rotateRight((h - P4) * inverse(P1), 27) ^ (P5 + Long.BYTES);
        return Long.rotateRight(h * inverse(P1), 31) * inverse(P2);
    }

    /** Modulo 2^64, by Newton's iteration: each step doubles the bits that are right, three at the start. */
    private static long inverse(long odd) {
        long inverse = odd;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
