package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * The first frame to a peer, and the answer to one.
 *
 * <pre>
 *  16 u64 boot of the receiver as the sender knows it, 0: not yet
 *  24 u64 digest of the configuration      32 u16 length of the ring name, 1 to 255      34 ring name, UTF-8
 * </pre>
 */
final class Hello extends Frame {
    static final int MAX_NAME = 255;
    private static final int NAME = 34;

    Hello() {
        super(FrameType.HELLO);
    }

    static int encode(MutableDirectBuffer target, int node, long boot, long echo, long configDigest, byte[] name) {
        target.putLong(16, echo, LITTLE_ENDIAN);
        target.putLong(24, configDigest, LITTLE_ENDIAN);
        target.putShort(32, (short) name.length, LITTLE_ENDIAN);
        target.putBytes(NAME, name);
        return encodeHeader(target, FrameType.HELLO, node, 0, boot, NAME + name.length);
    }

    @Override
    boolean fits() {
        int name = u16(32);
        return name >= 1 && name <= MAX_NAME && length() == NAME + name;
    }

    long echo() {
        return u64(16);
    }

    long configDigest() {
        return u64(24);
    }

    byte[] name() {
        byte[] name = new byte[u16(32)];
        view().getBytes(NAME, name);
        return name;
    }
}
