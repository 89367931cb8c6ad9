package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * Asks for what the receiver has under a key.
 *
 * <pre>
 *  16 u64 token of the sender      24 u64 hash of the key
 *  32 u16 length of the key, 1 to 250      34 key
 * </pre>
 */
final class QueryFrame extends Frame {
    static final int BODY = 34;

    QueryFrame() {
        super(FrameType.QUERY);
    }

    static int encode(MutableDirectBuffer target, int node, long boot, long token, long hash, byte[] key, int length) {
        target.putLong(16, token, LITTLE_ENDIAN);
        target.putLong(24, hash, LITTLE_ENDIAN);
        target.putShort(32, (short) length, LITTLE_ENDIAN);
        target.putBytes(BODY, key, 0, length);
        return encodeHeader(target, FrameType.QUERY, node, 0, boot, BODY + length);
    }

    @Override
    boolean fits() {
        return keyLength() >= 1 && keyLength() <= ReplicaRecord.MAX_KEY && length() == BODY + keyLength();
    }

    long token() {
        return u64(16);
    }

    long hash() {
        return u64(24);
    }

    int keyLength() {
        return u16(32);
    }

    void key(byte[] target) {
        view().getBytes(BODY, target, 0, keyLength());
    }
}
