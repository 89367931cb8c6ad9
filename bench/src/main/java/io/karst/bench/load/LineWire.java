package io.karst.bench.load;

import java.nio.charset.StandardCharsets;
import org.agrona.UnsafeApi;

/**
 * What the text and the meta protocol have in common: lines, and values that a line announces.
 *
 * <p>Reads replies in whatever pieces they arrive. A line that is cut goes to the connection's carry; value bytes are
 * compared where they lie. Anything that is neither the expected reply nor an error line breaks the connection off.
 */
abstract sealed class LineWire extends Wire permits TextWire, MetaWire {
    static final short NEWLINE = (short) ('\n' << 8 | '\r');

    /** The first eight bytes at most of a text, as a little-endian load sees them. */
    static long word(String text) {
        long word = 0;
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = bytes.length - 1; i >= 0; i--) {
            word = word << 8 | (bytes[i] & 0xFF);
        }
        return word;
    }

    static long space(long address) {
        UnsafeApi.putByte(address, (byte) ' ');
        return address + 1;
    }

    static long newline(long address) {
        UnsafeApi.putByte(address, (byte) '\r');
        UnsafeApi.putByte(address + 1, (byte) '\n');
        return address + 2;
    }

    static long number(long address, int value) {
        int digits = 1;
        for (int rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        int rest = value;
        for (long at = address + digits - 1; at >= address; at--) {
            UnsafeApi.putByte(at, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        return address + digits;
    }

    /** Reads one whole line; {@code end} is behind its newline. */
    abstract void line(LoadConnection connection, long at, long end);

    /** A value and the two bytes behind it have been read. */
    abstract void endValue(LoadConnection connection, boolean delimited);

    @Override
    final void read(LoadConnection connection, long address, long end) {
        long at = address;
        while (at < end && !connection.isBroken()) {
            at = connection.inValue ? readValue(connection, at, end) : readLine(connection, at, end);
        }
    }

    private long readValue(LoadConnection connection, long at, long end) {
        int left = connection.valueLength - connection.valueOffset;
        if (left > 0) {
            int n = (int) Math.min(left, end - at);
            connection.valueBytes(at, n);
            if (n < left) {
                return end;
            }
            at += n;
        }
        if (connection.carryLength == 0 && end - at >= 2) {
            endValue(connection, getShort(at) == NEWLINE);
            return at + 2;
        }
        // The newline behind the value came in two pieces.
        while (at < end) {
            UnsafeApi.putByte(connection.carry + connection.carryLength++, UnsafeApi.getByte(at++));
            if (connection.carryLength == 2) {
                connection.carryLength = 0;
                endValue(connection, getShort(connection.carry) == NEWLINE);
                return at;
            }
        }
        return at;
    }

    static short getShort(long address) {
        return (short) ((UnsafeApi.getByte(address) & 0xFF) | UnsafeApi.getByte(address + 1) << 8);
    }

    private long readLine(LoadConnection connection, long at, long end) {
        long newline = at;
        while (newline < end && UnsafeApi.getByte(newline) != '\n') {
            newline++;
        }
        if (newline < end && connection.carryLength == 0) {
            line(connection, at, newline + 1);
            return newline + 1;
        }
        long next = Math.min(end, newline + 1);
        int n = (int) (next - at);
        if (connection.carryLength + n > LoadConnection.LINE_MAX) {
            connection.breakOff();
            return end;
        }
        UnsafeApi.copyMemory(at, connection.carry + connection.carryLength, n);
        connection.carryLength += n;
        if (newline < end) {
            int length = connection.carryLength;
            connection.carryLength = 0;
            line(connection, connection.carry, connection.carry + length);
        }
        return next;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** {@code ERROR}, {@code CLIENT_ERROR ...}, {@code SERVER_ERROR ...}, {@code NOT_STORED} and their like. */
    static boolean isError(long at, long end) {
        for (long i = at; i + 5 <= end; i++) {
            if (UnsafeApi.getInt(i) == 0x4F525245 && UnsafeApi.getByte(i + 4) == 'R') {
                return true;
            }
        }
        return UnsafeApi.getInt(at) == 0x5F544F4E || UnsafeApi.getInt(at) == 0x53495845;
    }
}
