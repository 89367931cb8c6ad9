package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * A sign of life, with all that must not get lost for ever.
 *
 * <pre>
 *  16 u64 clock of the sender, microseconds since 2024-01-01     24 u64 digest of the configuration
 *  32 u64 boot of the receiver that must begin again empty, 0: none   40 u8 peers the sender is in step with
 *  41 u8  unused                        42 u16 flush versions, n      44 n * u64 flush version by node
 * </pre>
 *
 * Flag 1: the sender is cold.
 */
final class Heartbeat extends Frame {
    static final int BODY = 44;
    static final int COLD = 1;

    Heartbeat() {
        super(FrameType.HEARTBEAT);
    }

    static int encode(
            MutableDirectBuffer target,
            int node,
            boolean cold,
            long boot,
            long clockMicros,
            long configDigest,
            long refusedBoot,
            int standing,
            FlushVector flushes) {
        target.putLong(16, clockMicros, LITTLE_ENDIAN);
        target.putLong(24, configDigest, LITTLE_ENDIAN);
        target.putLong(32, refusedBoot, LITTLE_ENDIAN);
        target.putShort(40, (short) standing, LITTLE_ENDIAN);
        target.putShort(42, (short) flushes.nodeCount(), LITTLE_ENDIAN);
        for (int i = 0; i < flushes.nodeCount(); i++) {
            target.putLong(BODY + 8 * i, flushes.version(i), LITTLE_ENDIAN);
        }
        int length = BODY + 8 * flushes.nodeCount();
        return encodeHeader(target, FrameType.HEARTBEAT, node, cold ? COLD : 0, boot, length);
    }

    @Override
    boolean fits() {
        return length() == BODY + 8 * flushCount();
    }

    long clockMicros() {
        return u64(16);
    }

    long configDigest() {
        return u64(24);
    }

    long refusedBoot() {
        return u64(32);
    }

    int standing() {
        return u8(40);
    }

    boolean isCold() {
        return (flags() & COLD) != 0;
    }

    int flushCount() {
        return u16(42);
    }

    long flushVersion(int node) {
        return u64(BODY + 8 * node);
    }
}
