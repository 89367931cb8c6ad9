package io.karst.bench.load;

import org.agrona.UnsafeApi;

/**
 * The meta protocol: {@code mg <key> v} with one key, {@code ms <key> <length> F<flags> T<exptime>}. A reply of {@code mg} says
 * neither key nor flags; the value's bytes tell whose it is.
 */
final class MetaWire extends LineWire {
    static final MetaWire INSTANCE = new MetaWire();

    private static final int MG = (int) word("mg ");
    private static final int MS = (int) word("ms ");
    private static final int VALUE_ASKED = (int) word(" v\r\n");
    private static final long VALUE = word("VA ");
    private static final long VALUE_MASK = 0xFFFFFF;
    private static final int MISS = (int) word("EN\r\n");
    private static final int DONE = (int) word("HD\r\n");
    private static final int NUMBERS_MAX = 3 * 13;

    private MetaWire() {}

    @Override
    int getBound(KeySpace keys, int keyCount) {
        if (keyCount > 1) {
            throw new IllegalArgumentException("multiget of " + keyCount + ": mg takes one key");
        }
        return 16 + keys.keyLength();
    }

    @Override
    int setBound(KeySpace keys, int valueLength) {
        return 16 + keys.keyLength() + NUMBERS_MAX + valueLength;
    }

    @Override
    long beginGet(long address) {
        UnsafeApi.putInt(address, MG);
        return address + 3;
    }

    @Override
    long getKey(long address, KeySpace keys, long id) {
        keys.write(address, id);
        return address + keys.keyLength();
    }

    @Override
    long endGet(long address) {
        UnsafeApi.putInt(address, VALUE_ASKED);
        return address + 4;
    }

    @Override
    long set(long address, Dataset dataset, long id, int valueLength, int version) {
        UnsafeApi.putInt(address, MS);
        long at = address + 3;
        dataset.keys().write(at, id);
        at = number(space(at + dataset.keys().keyLength()), valueLength);
        at = flag(at, 'F', dataset.flags());
        at = newline(flag(at, 'T', dataset.exptime()));
        ValuePattern.write(at, valueLength, id, version);
        return newline(at + valueLength);
    }

    /** Nothing for 0, which is what a server assumes. */
    private static long flag(long address, char letter, int value) {
        if (value == 0) {
            return address;
        }
        UnsafeApi.putByte(address, (byte) ' ');
        UnsafeApi.putByte(address + 1, (byte) letter);
        return number(address + 2, value);
    }

    @Override
    void line(LoadConnection connection, long at, long end) {
        long first = UnsafeApi.getLong(at);
        if ((first & VALUE_MASK) == VALUE && connection.isGet()) {
            value(connection, at + 3, end);
        } else if (end - at == 4 && (int) first == MISS && connection.isGet()) {
            connection.endGetReply();
        } else if (end - at == 4 && (int) first == DONE && connection.isSet()) {
            connection.endSetReply(true);
        } else if (!connection.isIdle() && isError(at, end)) {
            connection.endWithError();
        } else {
            connection.breakOff();
        }
    }

    /** {@code <length>\r\n}: without flags asked for, nothing else. */
    private static void value(LoadConnection connection, long from, long end) {
        long at = from;
        long length = 0;
        while (at < end && at - from < 10 && isDigit(UnsafeApi.getByte(at))) {
            length = length * 10 + UnsafeApi.getByte(at++) - '0';
        }
        if (at == from || length > Integer.MAX_VALUE || end - at != 2 || getShort(at) != NEWLINE) {
            connection.breakOff();
            return;
        }
        connection.beginOnlyValue((int) length);
    }

    @Override
    void endValue(LoadConnection connection, boolean delimited) {
        connection.endValue(delimited);
        connection.endGetReply();
    }
}
