package io.karst.protocol;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.UnsafeApi;

/**
 * Reads, writes and searches bytes at raw addresses, eight at a time. Hot path: no allocation, no bounds checks; every
 * caller has compared the range with its buffer before. Little-endian machines only.
 */
final class RawBytes {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long NEWLINES = '\n' * ONES;
    private static final long SPACES = ' ' * ONES;

    static {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new ExceptionInInitializerError("Karst runs on little-endian processors only");
        }
    }

    private RawBytes() {}

    /** Puts a constant off-heap for good, in memory of at least so many bytes, and returns its address. */
    static long constant(byte[] bytes, int capacity) {
        long address = UnsafeApi.allocateMemory(capacity);
        for (int i = 0; i < bytes.length; i++) {
            UnsafeApi.putByte(address + i, bytes[i]);
        }
        return address;
    }

    static byte get(long address) {
        return UnsafeApi.getByte(address);
    }

    static void put(long address, byte value) {
        UnsafeApi.putByte(address, value);
    }

    static long getLong(long address) {
        return UnsafeApi.getLong(address);
    }

    static void putLong(long address, long value) {
        UnsafeApi.putLong(address, value);
    }

    static int getInt(long address) {
        return UnsafeApi.getInt(address);
    }

    static void putInt(long address, int value) {
        UnsafeApi.putInt(address, value);
    }

    static short getShort(long address) {
        return UnsafeApi.getShort(address);
    }

    static void putShort(long address, short value) {
        UnsafeApi.putShort(address, value);
    }

    /** The address of the first newline in [from, end), or {@code end}. */
    static long newline(long from, long end) {
        return find(from, end, NEWLINES, (byte) '\n');
    }

    /** The address of the first space in [from, end), or {@code end}. */
    static long space(long from, long end) {
        return find(from, end, SPACES, (byte) ' ');
    }

    /** Behind the spaces that begin at {@code from}. */
    static long skipSpaces(long from, long end) {
        long at = from;
        while (at < end && UnsafeApi.getByte(at) == ' ') {
            at++;
        }
        return at;
    }

    /*
     * Zero-byte test on eight bytes at once: (x - 1) & ~x has its high bit set in the lowest zero byte of x. Higher bytes
     * may be wrong because of the borrow, but the lowest one is what we look for (Mycroft 1987).
     */
    private static long find(long from, long end, long pattern, byte wanted) {
        long at = from;
        for (long last = end - Long.BYTES; at <= last; at += Long.BYTES) {
            long x = UnsafeApi.getLong(at) ^ pattern;
            long zero = (x - ONES) & ~x & HIGHS;
            if (zero != 0) {
                return at + (Long.numberOfTrailingZeros(zero) >>> 3);
            }
        }
        while (at < end && UnsafeApi.getByte(at) != wanted) {
            at++;
        }
        return at;
    }

    /** Copies bytes that do not overlap. Short runs go word by word: the call behind copyMemory costs more than they do. */
    static void copy(long source, long target, long length) {
        if (length > 128) {
            UnsafeApi.copyMemory(source, target, length);
            return;
        }
        long i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            UnsafeApi.putLong(target + i, UnsafeApi.getLong(source + i));
        }
        for (; i < length; i++) {
            UnsafeApi.putByte(target + i, UnsafeApi.getByte(source + i));
        }
    }

    static boolean equal(long address, byte[] expected) {
        for (int i = 0; i < expected.length; i++) {
            if (UnsafeApi.getByte(address + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** The first bytes of a token, at most eight, as a zero-padded little-endian word. */
    static long word(long address, long length, long end) {
        if (length >= Long.BYTES) {
            return UnsafeApi.getLong(address);
        }
        if (address + Long.BYTES <= end) {
            return UnsafeApi.getLong(address) & ((1L << (length << 3)) - 1);
        }
        long word = 0;
        for (long i = length - 1; i >= 0; i--) {
            word = word << 8 | (UnsafeApi.getByte(address + i) & 0xff);
        }
        return word;
    }

    /** Bytes as a String, one char per byte. Cold path. */
    static String string(long address, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = UnsafeApi.getByte(address + i);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
