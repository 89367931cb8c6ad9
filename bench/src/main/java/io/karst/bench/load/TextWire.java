package io.karst.bench.load;

import java.nio.charset.StandardCharsets;
import org.agrona.UnsafeApi;

/**
 * The classic text protocol: {@code get} with one or many keys, and {@code set}.
 *
 * <p>Reads replies in whatever pieces they arrive. A line that is cut goes to the connection's carry; value bytes are
 * compared where they lie. Anything that is neither the expected reply nor an error line breaks the connection off.
 */
final class TextWire extends Wire {
    static final TextWire INSTANCE = new TextWire();

    private static final long GET = word("get ");
    private static final long VALUE = word("VALUE ");
    private static final long VALUE_MASK = 0xFFFFFFFFFFFFL;
    private static final long END = word("END\r\n");
    private static final long STORED = word("STORED\r\n");
    private static final long SET = word("set ");
    private static final short NEWLINE = (short) ('\n' << 8 | '\r');
    private static final int NUMBERS_MAX = 3 * 21;

    private TextWire() {}

    private static long word(String text) {
        long word = 0;
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = bytes.length - 1; i >= 0; i--) {
            word = word << 8 | (bytes[i] & 0xFF);
        }
        return word;
    }

    @Override
    int getBound(KeySpace keys, int keyCount) {
        return 16 + keyCount * (keys.keyLength() + 1);
    }

    @Override
    int setBound(KeySpace keys, int valueLength) {
        return 16 + keys.keyLength() + NUMBERS_MAX + valueLength;
    }

    @Override
    long beginGet(long address) {
        UnsafeApi.putInt(address, (int) GET);
        return address + 4;
    }

    @Override
    long getKey(long address, KeySpace keys, long id) {
        keys.write(address, id);
        long end = address + keys.keyLength();
        UnsafeApi.putByte(end, (byte) ' ');
        return end + 1;
    }

    @Override
    long endGet(long address) {
        // Over the space behind the last key.
        UnsafeApi.putByte(address - 1, (byte) '\r');
        UnsafeApi.putByte(address, (byte) '\n');
        return address + 1;
    }

    @Override
    long set(long address, Dataset dataset, long id, int valueLength, int version) {
        UnsafeApi.putInt(address, (int) SET);
        long at = address + 4;
        dataset.keys().write(at, id);
        at = number(space(at + dataset.keys().keyLength()), dataset.flags());
        at = number(space(at), dataset.exptime());
        at = newline(number(space(at), valueLength));
        ValuePattern.write(at, valueLength, id, version);
        return newline(at + valueLength);
    }

    private static long space(long address) {
        UnsafeApi.putByte(address, (byte) ' ');
        return address + 1;
    }

    private static long newline(long address) {
        UnsafeApi.putByte(address, (byte) '\r');
        UnsafeApi.putByte(address + 1, (byte) '\n');
        return address + 2;
    }

    private static long number(long address, int value) {
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

    @Override
    void read(LoadConnection connection, long address, long end) {
        long at = address;
        while (at < end && !connection.isBroken()) {
            at = connection.inValue ? readValue(connection, at, end) : readLine(connection, at, end);
        }
    }

    private static long readValue(LoadConnection connection, long at, long end) {
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
            connection.endValue(getShort(at) == NEWLINE);
            return at + 2;
        }
        // The newline behind the value came in two pieces.
        while (at < end) {
            UnsafeApi.putByte(connection.carry + connection.carryLength++, UnsafeApi.getByte(at++));
            if (connection.carryLength == 2) {
                connection.carryLength = 0;
                connection.endValue(getShort(connection.carry) == NEWLINE);
                return at;
            }
        }
        return at;
    }

    private static short getShort(long address) {
        return (short) ((UnsafeApi.getByte(address) & 0xFF) | UnsafeApi.getByte(address + 1) << 8);
    }

    private static long readLine(LoadConnection connection, long at, long end) {
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

    /** One whole line; {@code end} is behind its newline. */
    private static void line(LoadConnection connection, long at, long end) {
        long first = UnsafeApi.getLong(at);
        if ((first & VALUE_MASK) == VALUE && connection.isGet()) {
            value(connection, at + 6, end);
        } else if (end - at == 5 && (first & (1L << 40) - 1) == END && connection.isGet()) {
            connection.endGetReply();
        } else if (end - at == 8 && first == STORED && connection.isSet()) {
            connection.endSetReply(true);
        } else if (!connection.isIdle() && isError(at, end)) {
            connection.endWithError();
        } else {
            connection.breakOff();
        }
    }

    /** {@code <key> <flags> <bytes> [<cas>]\r\n}. */
    private static void value(LoadConnection connection, long at, long end) {
        long key = at;
        int expectedLength = connection.keys().keyLength();
        int keyLength = end - at > expectedLength && UnsafeApi.getByte(at + expectedLength) == ' '
                ? expectedLength
                : lengthToSpace(at, end);
        at += keyLength + 1;
        long flags = 0;
        while (at < end && UnsafeApi.getByte(at) != ' ') {
            flags = flags * 10 + UnsafeApi.getByte(at++) - '0';
        }
        at++;
        long length = 0;
        int digits = 0;
        while (at < end && digits < 10 && isDigit(UnsafeApi.getByte(at))) {
            length = length * 10 + UnsafeApi.getByte(at++) - '0';
            digits++;
        }
        if (digits == 0 || length > Integer.MAX_VALUE || getShort(end - 2) != NEWLINE) {
            connection.breakOff();
            return;
        }
        connection.beginValue(key, keyLength, flags, (int) length);
    }

    private static int lengthToSpace(long at, long end) {
        long space = at;
        while (space < end && UnsafeApi.getByte(space) != ' ') {
            space++;
        }
        return (int) (space - at);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** {@code ERROR}, {@code CLIENT_ERROR ...}, {@code SERVER_ERROR ...}, {@code NOT_STORED} and their like. */
    private static boolean isError(long at, long end) {
        for (long i = at; i + 5 <= end; i++) {
            if (UnsafeApi.getInt(i) == 0x4F525245 && UnsafeApi.getByte(i + 4) == 'R') {
                return true;
            }
        }
        return UnsafeApi.getInt(at) == 0x5F544F4E || UnsafeApi.getInt(at) == 0x53495845;
    }
}
