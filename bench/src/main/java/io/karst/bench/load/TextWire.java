package io.karst.bench.load;

import org.agrona.UnsafeApi;

/** The classic text protocol: {@code get} with one or many keys, and {@code set}. */
final class TextWire extends LineWire {
    static final TextWire INSTANCE = new TextWire();

    private static final long GET = word("get ");
    private static final long VALUE = word("VALUE ");
    private static final long VALUE_MASK = 0xFFFFFFFFFFFFL;
    private static final long END = word("END\r\n");
    private static final long STORED = word("STORED\r\n");
    private static final long SET = word("set ");
    private static final int NUMBERS_MAX = 3 * 21;

    private TextWire() {}

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

    @Override
    void endValue(LoadConnection connection, boolean delimited) {
        connection.endValue(delimited);
    }

    @Override
    void line(LoadConnection connection, long at, long end) {
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
}
