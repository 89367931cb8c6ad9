package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * Asks for the items of a bucket with these hashes.
 *
 * <pre>
 *  16 u16 bucket     18 u16 hashes, n     20 u32 unused     24 n * u64 hash
 * </pre>
 */
final class PullRequest extends Frame {
    static final int BODY = 24;

    PullRequest() {
        super(FrameType.PULL);
    }

    /** Writes what stands around the hashes, which {@link #encodeHash} has put there, and returns the length. */
    static int encode(MutableDirectBuffer target, int node, long boot, int bucket, int count) {
        target.putShort(16, (short) bucket, LITTLE_ENDIAN);
        target.putShort(18, (short) count, LITTLE_ENDIAN);
        target.putInt(20, 0, LITTLE_ENDIAN);
        return encodeHeader(target, FrameType.PULL, node, 0, boot, BODY + 8 * count);
    }

    static void encodeHash(MutableDirectBuffer target, int i, long hash) {
        target.putLong(BODY + 8 * i, hash, LITTLE_ENDIAN);
    }

    @Override
    boolean fits() {
        return length() == BODY + 8 * count();
    }

    int bucket() {
        return u16(16);
    }

    int count() {
        return u16(18);
    }

    long hash(int i) {
        return u64(BODY + 8 * i);
    }

    /** How many hashes a frame of this length has room for. */
    static int maxCount(int frameLength) {
        return Math.min(0xFFFF, (frameLength - BODY) / 8);
    }
}
