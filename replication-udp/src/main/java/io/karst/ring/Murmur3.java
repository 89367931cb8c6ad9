package io.karst.ring;

/**
 * MurmurHash3, x86, 32 bits, seed 0, of a prefix and a key as if they were one text. Stateless. Source: Austin Appleby,
 * smhasher, in the public domain.
 */
final class Murmur3 {
    private static final int C1 = 0xCC9E_2D51;
    private static final int C2 = 0x1B87_3593;

    private Murmur3() {}

    /** The hash of {@code prefix} followed by {@code length} bytes of {@code key}, 0 to 2^32 - 1. */
    static long hash(byte[] prefix, byte[] key, int offset, int length) {
        int total = prefix.length + length;
        int hash = 0;
        int block = 0;
        for (int i = 0; i < total; i++) {
            int next = i < prefix.length ? prefix[i] : key[offset + i - prefix.length];
            block |= (next & 0xFF) << (8 * (i & 3));
            if ((i & 3) == 3) {
                hash = Integer.rotateLeft(hash ^ mixed(block), 13) * 5 + 0xE654_6B64;
                block = 0;
            }
        }
        return Integer.toUnsignedLong(avalanched(hash ^ mixed(block) ^ total));
    }

    private static int mixed(int block) {
        return Integer.rotateLeft(block * C1, 15) * C2;
    }

    private static int avalanched(int hash) {
        int h = (hash ^ hash >>> 16) * 0x85EB_CA6B;
        h = (h ^ h >>> 13) * 0xC2B2_AE35;
        return h ^ h >>> 16;
    }
}
