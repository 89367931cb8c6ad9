package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * Everything up to a batch has been applied, or given up by who sent it.
 *
 * <pre>
 *  16 u64 boot of the node whose batches these are      24 u64 sequence of the last one, unsigned
 * </pre>
 */
final class AppliedAck extends Frame {
    private static final int LENGTH = 32;

    AppliedAck() {
        super(FrameType.ACK);
    }

    static int encode(MutableDirectBuffer target, int node, long boot, long ackedBoot, long sequence) {
        target.putLong(16, ackedBoot, LITTLE_ENDIAN);
        target.putLong(24, sequence, LITTLE_ENDIAN);
        return encodeHeader(target, FrameType.ACK, node, 0, boot, LENGTH);
    }

    @Override
    boolean fits() {
        return length() == LENGTH;
    }

    long ackedBoot() {
        return u64(16);
    }

    long sequence() {
        return u64(24);
    }
}
