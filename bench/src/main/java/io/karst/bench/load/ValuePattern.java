package io.karst.bench.load;

import org.agrona.UnsafeApi;

/**
 * The bytes of a value, computed from the key's number and a version, so that every wrong byte of a reply is seen.
 * <pre>
 *  offset 0..3  version XOR mask(id), little-endian; absent when the value is shorter than 4 bytes (version 0 then)
 *  offset 4..   64-bit little-endian words: seed(id, version) + n * STEP for n = 0, 1, 2, ..., the last one cut off
 * </pre>
 * The words differ between keys, versions and places, so swapped values, stale values, shifted and flipped bytes all
 * differ from what is expected. Both directions may touch up to 7 bytes behind the range: buffers keep 8 bytes spare.
 */
public final class ValuePattern {
    /** Bytes in front of the words. */
    public static final int HEADER = 4;

    private static final long STEP = 0xD1B54A32D192ED03L;

    private ValuePattern() {}

    /** What the words of one version of one key start from. */
    public static long seed(long id, int version) {
        return Mix64.mix(id * 0x9E3779B97F4A7C15L + version);
    }

    /** What the version is XORed with. */
    public static int mask(long id) {
        return (int) Mix64.mix(~id);
    }

    /** Writes a whole value, and up to 7 bytes behind it. */
    public static void write(long address, int length, long id, int version) {
        if (length < HEADER) {
            for (int i = 0; i < length; i++) {
                UnsafeApi.putByte(address + i, shortByte(id, i));
            }
            return;
        }
        UnsafeApi.putInt(address, version ^ mask(id));
        long word = seed(id, version);
        for (long at = address + HEADER, end = address + length; at < end; at += 8) {
            UnsafeApi.putLong(at, word);
            word += STEP;
        }
    }

    /** Byte {@code i} of a value of fewer than 4 bytes. */
    public static byte shortByte(long id, int i) {
        return (byte) (mask(id) >>> (8 * i));
    }

    /**
     * Whether the bytes at {@code address} are the bytes {@code from} to {@code to} (exclusive) of a value whose words
     * start from {@code seed}; {@code from} is at least {@link #HEADER}. Reads up to 7 bytes behind the range.
     */
    public static boolean matches(long address, int from, int to, long seed) {
        long at = address;
        int offset = from - HEADER;
        int end = to - HEADER;
        int partial = offset & 7;
        if (partial != 0 && offset < end) {
            int n = Math.min(8 - partial, end - offset);
            long expected = word(seed, offset >> 3) >>> (8 * partial);
            long difference = (UnsafeApi.getLong(at) ^ expected) << (8 * (8 - n));
            if (difference != 0) {
                return false;
            }
            offset += n;
            at += n;
        }
        long word = word(seed, offset >> 3);
        for (; offset + 8 <= end; offset += 8, at += 8) {
            if (UnsafeApi.getLong(at) != word) {
                return false;
            }
            word += STEP;
        }
        return offset >= end || (UnsafeApi.getLong(at) ^ word) << (8 * (8 - (end - offset))) == 0;
    }

    private static long word(long seed, int n) {
        return seed + n * STEP;
    }
}
