package io.karst.store;

import org.agrona.UnsafeApi;

/**
 * Chronicle's length prefix: seven bits a byte, low bits first, the top bit set on every byte but the last. Lengths here
 * are 0..2^31-1, so one to five bytes.
 */
final class StopBit {
    private StopBit() {}

    /** Bytes that {@code length} takes. */
    static int size(int length) {
        if (length < 1 << 7) {
            return 1;
        }
        if (length < 1 << 14) {
            return 2;
        }
        if (length < 1 << 21) {
            return 3;
        }
        return length < 1 << 28 ? 4 : 5;
    }

    /** Writes and returns the address behind what was written. */
    static long write(long address, int length) {
        long at = address;
        int rest = length;
        while (rest > 127) {
            UnsafeApi.putByte(at++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        UnsafeApi.putByte(at++, (byte) rest);
        return at;
    }

    /** Reads a length; {@link #size} of the result says how many bytes it took. At most five bytes are looked at. */
    static int read(long address) {
        int first = UnsafeApi.getByte(address);
        if (first >= 0) {
            return first;
        }
        int length = first & 0x7f;
        for (int i = 1; i < 5; i++) {
            int next = UnsafeApi.getByte(address + i);
            length |= (next & 0x7f) << (7 * i);
            if (next >= 0) {
                break;
            }
        }
        return length;
    }
}
