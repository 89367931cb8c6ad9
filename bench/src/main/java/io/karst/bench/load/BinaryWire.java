package io.karst.bench.load;

import org.agrona.UnsafeApi;

/**
 * The binary protocol as spymemcached speaks it: a get is one {@code GETQ} per key, which misses answer with silence, and a
 * {@code NOOP} whose reply ends it; a set is {@code SET}. The opaque of each frame is the key's number, so a value's owner is
 * known without its key.
 */
final class BinaryWire extends Wire {
    static final BinaryWire INSTANCE = new BinaryWire();

    private static final int HEADER = 24;
    private static final byte REQUEST = (byte) 0x80;
    private static final byte RESPONSE = (byte) 0x81;
    private static final byte SET = 0x01;
    private static final byte GETQ = 0x09;
    private static final byte NOOP = 0x0a;
    private static final int SET_EXTRAS = 8;
    private static final int GET_EXTRAS = 4;

    private BinaryWire() {}

    @Override
    int getBound(KeySpace keys, int keyCount) {
        return HEADER + keyCount * (HEADER + keys.keyLength()) + 8;
    }

    @Override
    int setBound(KeySpace keys, int valueLength) {
        return HEADER + SET_EXTRAS + keys.keyLength() + valueLength + 8;
    }

    @Override
    long beginGet(long address) {
        return address;
    }

    @Override
    long getKey(long address, KeySpace keys, long id) {
        long at = header(address, GETQ, keys.keyLength(), 0, 0, (int) id);
        keys.write(at, id);
        return at + keys.keyLength();
    }

    @Override
    long endGet(long address) {
        return header(address, NOOP, 0, 0, 0, 0);
    }

    @Override
    long set(long address, Dataset dataset, long id, int valueLength, int version) {
        long at = header(address, SET, dataset.keys().keyLength(), SET_EXTRAS, valueLength, (int) id);
        UnsafeApi.putInt(at, Integer.reverseBytes(dataset.flags()));
        UnsafeApi.putInt(at + 4, Integer.reverseBytes(dataset.exptime()));
        dataset.keys().write(at + SET_EXTRAS, id);
        at += SET_EXTRAS + dataset.keys().keyLength();
        ValuePattern.write(at, valueLength, id, version);
        return at + valueLength;
    }

    private static long header(long at, byte opcode, int keyLength, int extras, int valueLength, int opaque) {
        UnsafeApi.putByte(at, REQUEST);
        UnsafeApi.putByte(at + 1, opcode);
        UnsafeApi.putShort(at + 2, Short.reverseBytes((short) keyLength));
        UnsafeApi.putInt(at + 4, extras);
        UnsafeApi.putInt(at + 8, Integer.reverseBytes(extras + keyLength + valueLength));
        UnsafeApi.putInt(at + 12, opaque);
        UnsafeApi.putLong(at + 16, 0);
        return at + HEADER;
    }

    @Override
    void read(LoadConnection connection, long address, long end) {
        long at = address;
        while (at < end && !connection.isBroken()) {
            at = connection.inValue ? readValue(connection, at, end) : readFrame(connection, at, end);
        }
    }

    private static long readValue(LoadConnection connection, long at, long end) {
        int n = (int) Math.min(connection.valueLength - connection.valueOffset, end - at);
        connection.valueBytes(at, n);
        if (connection.valueOffset == connection.valueLength) {
            connection.endValue(true);
        }
        return at + n;
    }

    /** The header and, with a value, the flags in front of it: in place, or in the carry when they come in pieces. */
    private static long readFrame(LoadConnection connection, long address, long end) {
        long at = address;
        if (connection.carryLength == 0 && end - at >= HEADER + GET_EXTRAS) {
            return at + frame(connection, at);
        }
        while (at < end) {
            UnsafeApi.putByte(connection.carry + connection.carryLength++, UnsafeApi.getByte(at++));
            if (connection.carryLength >= HEADER && connection.carryLength == headLength(connection.carry)) {
                connection.carryLength = 0;
                frame(connection, connection.carry);
                return at;
            }
        }
        return at;
    }

    private static int headLength(long at) {
        return HEADER
                + (isHit(at)
                        ? GET_EXTRAS
                        : bodyLength(at) > 0 ? Math.min(bodyLength(at), LoadConnection.LINE_MAX - HEADER) : 0);
    }

    private static boolean isHit(long at) {
        return UnsafeApi.getByte(at + 1) == GETQ && UnsafeApi.getShort(at + 6) == 0;
    }

    private static int bodyLength(long at) {
        return Integer.reverseBytes(UnsafeApi.getInt(at + 8));
    }

    /** One frame; returns how many bytes of it were used, the value's not among them. */
    private static int frame(LoadConnection connection, long at) {
        byte opcode = UnsafeApi.getByte(at + 1);
        short status = UnsafeApi.getShort(at + 6);
        int body = bodyLength(at);
        if (UnsafeApi.getByte(at) != RESPONSE || connection.isIdle()) {
            connection.breakOff();
        } else if (isHit(at) && connection.isGet() && UnsafeApi.getByte(at + 4) == GET_EXTRAS && body >= GET_EXTRAS) {
            int flags = Integer.reverseBytes(UnsafeApi.getInt(at + HEADER));
            connection.beginValueOf(UnsafeApi.getInt(at + 12), flags & 0xFFFFFFFFL, body - GET_EXTRAS);
            return HEADER + GET_EXTRAS;
        } else if (opcode == NOOP && status == 0 && body == 0 && connection.isGet()) {
            connection.endGetReply();
        } else if (opcode == SET && status == 0 && body == 0 && connection.isSet()) {
            connection.endSetReply(true);
        } else {
            // An error's text would have to be skipped; no benchmark goes on after one.
            connection.breakOff();
        }
        return HEADER;
    }
}
