package io.karst.store;

import org.agrona.UnsafeApi;

/**
 * XXH64 with seed 0 over raw memory: the hash that Chronicle Map places its keys by ({@code LongHashFunction.xx_r39()}),
 * without its access objects. Allocation-free and stateless; the self-test compares both at every start.
 *
 * <p>Source: Y. Collet, xxHash specification, doc/xxhash_spec.md, "XXH64".
 */
final class XxHash64 {
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P1_PLUS_P2 = 0x60EA27EEADC0B5D6L; // modulo 2^64
    private static final long P5 = 0x27D4EB2F165667C5L;

    private XxHash64() {}

    /** Hash of {@code length} bytes at {@code address}. */
    static long hash(long address, int length) {
        long at = address;
        long end = address + length;
        long hash;
        if (length >= 32) {
            long v1 = P1_PLUS_P2;
            long v2 = P2;
            long v3 = 0;
            long v4 = -P1;
            do {
                v1 = round(v1, UnsafeApi.getLong(at));
                v2 = round(v2, UnsafeApi.getLong(at + 8));
                v3 = round(v3, UnsafeApi.getLong(at + 16));
                v4 = round(v4, UnsafeApi.getLong(at + 24));
                at += 32;
            } while (at <= end - 32);
            hash = Long.rotateLeft(v1, 1) + Long.rotateLeft(v2, 7) + Long.rotateLeft(v3, 12) + Long.rotateLeft(v4, 18);
            hash = merge(hash, v1);
            hash = merge(hash, v2);
            hash = merge(hash, v3);
            hash = merge(hash, v4);
        } else {
            hash = P5;
        }
        hash += length;
        for (; at <= end - 8; at += 8) {
            hash = Long.rotateLeft(hash ^ round(0, UnsafeApi.getLong(at)), 27) * P1 + P4;
        }
        if (at <= end - 4) {
            hash = Long.rotateLeft(hash ^ (UnsafeApi.getInt(at) & 0xffffffffL) * P1, 23) * P2 + P3;
            at += 4;
        }
        for (; at < end; at++) {
            hash = Long.rotateLeft(hash ^ (UnsafeApi.getByte(at) & 0xff) * P5, 11) * P1;
        }
        hash = (hash ^ hash >>> 33) * P2;
        hash = (hash ^ hash >>> 29) * P3;
        return hash ^ hash >>> 32;
    }

    private static long round(long accumulator, long input) {
        return Long.rotateLeft(accumulator + input * P2, 31) * P1;
    }

    private static long merge(long hash, long accumulator) {
        return (hash ^ round(0, accumulator)) * P1 + P4;
    }
}
