package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * The marks of the buckets from one to the one before another; those that are not listed are 0.
 *
 * <pre>
 *  16 u32 first bucket      20 u32 the bucket behind the last, up to 65,536
 *  24 u32 entries, n        28 n * (u16 bucket, u64 mark)
 * </pre>
 */
final class MarksFrame extends Frame {
    static final int BODY = 28;
    private static final int ENTRY_LENGTH = 10;

    MarksFrame() {
        super(FrameType.MARKS);
    }

    /** As many marks as fit. */
    static int encode(
            MutableDirectBuffer target, int node, long boot, int first, ReplicaState state, int maxFrameLength) {
        int at = BODY;
        int bucket = first;
        while (bucket < BucketDigests.BUCKET_COUNT && at + ENTRY_LENGTH <= maxFrameLength) {
            // What was inherited is handed on: who had it may be gone by now.
            long mark = state.markOrInherited(bucket);
            if (mark != 0) {
                target.putShort(at, (short) bucket, LITTLE_ENDIAN);
                target.putLong(at + 2, mark, LITTLE_ENDIAN);
                at += ENTRY_LENGTH;
            }
            bucket++;
        }
        target.putInt(16, first, LITTLE_ENDIAN);
        target.putInt(20, bucket, LITTLE_ENDIAN);
        target.putInt(24, (at - BODY) / ENTRY_LENGTH, LITTLE_ENDIAN);
        return encodeHeader(target, FrameType.MARKS, node, 0, boot, at);
    }

    @Override
    boolean fits() {
        long behind = u32(view(), 20);
        return behind <= BucketDigests.BUCKET_COUNT
                && u32(view(), 16) < behind
                && length() == BODY + ENTRY_LENGTH * u32(view(), 24);
    }

    int first() {
        return view().getInt(16, LITTLE_ENDIAN);
    }

    int behind() {
        return view().getInt(20, LITTLE_ENDIAN);
    }

    int count() {
        return view().getInt(24, LITTLE_ENDIAN);
    }

    int bucket(int i) {
        return u16(BODY + ENTRY_LENGTH * i);
    }

    long mark(int i) {
        return u64(BODY + ENTRY_LENGTH * i + 2);
    }
}
