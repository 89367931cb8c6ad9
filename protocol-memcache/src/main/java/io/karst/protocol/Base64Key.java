package io.karst.protocol;

/** Keys in base64, as meta flag {@code b} has them: RFC 4648 §4, padded, nothing else between. Hot path: no allocation. */
final class Base64Key {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final byte[] DIGITS = new byte[64];
    private static final byte[] VALUES = new byte[256];

    static {
        java.util.Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < DIGITS.length; i++) {
            DIGITS[i] = (byte) ALPHABET.charAt(i);
            VALUES[DIGITS[i]] = (byte) i;
        }
    }

    private Base64Key() {}

    /** Bytes that a key of so many bytes takes in base64. */
    static int encodedLength(int length) {
        return (length + 2) / 3 * 4;
    }

    /** Writes {@link #encodedLength} bytes. */
    static void encode(long source, int length, long target) {
        long at = target;
        int i = 0;
        for (; i + 2 < length; i += 3) {
            int word = byteAt(source + i) << 16 | byteAt(source + i + 1) << 8 | byteAt(source + i + 2);
            at = put(at, word >>> 18, word >>> 12, word >>> 6, word);
        }
        int rest = length - i;
        if (rest > 0) {
            int word = byteAt(source + i) << 16 | (rest == 2 ? byteAt(source + i + 1) << 8 : 0);
            put(at, word >>> 18, word >>> 12, word >>> 6, word);
            RawBytes.put(at + 3, (byte) '=');
            if (rest == 1) {
                RawBytes.put(at + 2, (byte) '=');
            }
        }
    }

    private static long put(long at, int first, int second, int third, int fourth) {
        RawBytes.put(at, DIGITS[first & 63]);
        RawBytes.put(at + 1, DIGITS[second & 63]);
        RawBytes.put(at + 2, DIGITS[third & 63]);
        RawBytes.put(at + 3, DIGITS[fourth & 63]);
        return at + 4;
    }

    /** Decodes, and returns how many bytes were written; -1 for anything that is not proper base64, the empty key included. */
    static int decode(long source, int length, long target) {
        if (length == 0 || (length & 3) != 0) {
            return -1;
        }
        int padding = byteAt(source + length - 1) != '=' ? 0 : byteAt(source + length - 2) != '=' ? 1 : 2;
        long at = target;
        for (int i = 0; i < length; i += 4) {
            boolean isLast = i + 4 == length;
            int digits = isLast ? 4 - padding : 4;
            int word = 0;
            for (int digit = 0; digit < 4; digit++) {
                int value = digit < digits ? VALUES[byteAt(source + i + digit)] : 0;
                if (value < 0) {
                    return -1;
                }
                word = word << 6 | value;
            }
            for (int shift = 16; shift >= 24 - 8 * (digits - 1); shift -= 8) {
                RawBytes.put(at++, (byte) (word >>> shift));
            }
        }
        return (int) (at - target);
    }

    private static int byteAt(long address) {
        return RawBytes.get(address) & 0xff;
    }
}
