package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * The answer to a {@link BucketSummary}: 0 means that both have the same, or no more than marks excuse.
 *
 * <pre>
 *  16 u32 round     20 u16 bucket     22 u16 unused     24 u64 first hash of the range     32 u32 entries to move
 * </pre>
 */
final class SummaryAnswer extends Frame {
    private static final int LENGTH = 36;

    SummaryAnswer() {
        super(FrameType.ANSWER);
    }

    static int encode(MutableDirectBuffer target, int node, long boot, BucketSummary theirs, int pending) {
        target.putInt(16, theirs.round(), LITTLE_ENDIAN);
        target.putInt(20, theirs.bucket(), LITTLE_ENDIAN);
        target.putLong(24, theirs.firstHash(), LITTLE_ENDIAN);
        target.putInt(32, pending, LITTLE_ENDIAN);
        return encodeHeader(target, FrameType.ANSWER, node, 0, boot, LENGTH);
    }

    @Override
    boolean fits() {
        return length() == LENGTH;
    }

    int round() {
        return view().getInt(16, LITTLE_ENDIAN);
    }

    int bucket() {
        return u16(20);
    }

    long firstHash() {
        return u64(24);
    }

    boolean isSettled() {
        return view().getInt(32, LITTLE_ENDIAN) == 0;
    }
}
