package io.karst.bench.load;

import org.agrona.UnsafeApi;

/**
 * The keys of a run, computed from their number, so that a run over a billion keys needs no table of them.
 * <pre>
 *  length 8..15    'k' * (length - 8), then the low 32 bits of the number, a letter 'a'..'p' for each 4 bits
 *  length 16..250  'k' * (length - 16), then bits 32..63, then bits 0..31, 8 letters each
 * </pre>
 * Letters are lowest bits first. No allocation; writes and reads go to raw addresses that the caller has bounded.
 */
public final class KeySpace {
    /** Shortest key, bytes. */
    public static final int LENGTH_MIN = 8;

    /** Longest key, bytes: memcached's limit. */
    public static final int LENGTH_MAX = 250;

    private static final long LETTERS = 0x6161616161616161L;
    private static final long FILLER = 0x6B6B6B6B6B6B6B6BL;

    private final int keyLength;
    private final int fillerLength;

    /** Keys of {@code keyLength} bytes, 8..250. */
    public KeySpace(int keyLength) {
        if (keyLength < LENGTH_MIN || keyLength > LENGTH_MAX) {
            throw new IllegalArgumentException("key size " + keyLength + ": not 8 to 250 bytes");
        }
        this.keyLength = keyLength;
        this.fillerLength = keyLength - (keyLength < 16 ? 8 : 16);
    }

    /** The length of every key, bytes. */
    public int keyLength() {
        return keyLength;
    }

    /** Writes the key with number {@code id}; may scribble over the 8 bytes behind its end. */
    public void write(long address, long id) {
        for (int i = 0; i < fillerLength; i += 8) {
            UnsafeApi.putLong(address + i, FILLER);
        }
        if (keyLength >= 16) {
            UnsafeApi.putLong(address + keyLength - 16, letters((int) (id >>> 32)));
        }
        UnsafeApi.putLong(address + keyLength - 8, letters((int) id));
    }

    /** Whether the {@code keyLength} bytes at {@code address} are the key with number {@code id}. */
    public boolean matches(long address, long id) {
        if (UnsafeApi.getLong(address + keyLength - 8) != letters((int) id)) {
            return false;
        }
        if (keyLength >= 16 && UnsafeApi.getLong(address + keyLength - 16) != letters((int) (id >>> 32))) {
            return false;
        }
        for (int i = 0; i < fillerLength; i++) {
            if (UnsafeApi.getByte(address + i) != 'k') {
                return false;
            }
        }
        return true;
    }

    private static long letters(int bits) {
        long v = bits & 0xFFFFFFFFL;
        v = (v | v << 16) & 0x0000FFFF0000FFFFL;
        v = (v | v << 8) & 0x00FF00FF00FF00FFL;
        v = (v | v << 4) & 0x0F0F0F0F0F0F0F0FL;
        return v + LETTERS;
    }
}
