package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * Asks for the receiver's marks, from a bucket on.
 *
 * <pre>
 *  16 u32 bucket
 * </pre>
 */
final class MarksWanted extends Frame {
    static final int LENGTH = 20;

    MarksWanted() {
        super(FrameType.MARKS_WANTED);
    }

    static int encode(MutableDirectBuffer target, int node, long boot, int bucket) {
        target.putInt(16, bucket, LITTLE_ENDIAN);
        return encodeHeader(target, FrameType.MARKS_WANTED, node, 0, boot, LENGTH);
    }

    @Override
    boolean fits() {
        return length() == LENGTH && u32(view(), 16) < BucketDigests.BUCKET_COUNT;
    }

    int bucket() {
        return view().getInt(16, LITTLE_ENDIAN);
    }
}
