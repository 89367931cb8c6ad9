package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * 256 digests of what the sender has that the receiver should have, too.
 *
 * <pre>
 *  16 u32 round of the sender      20 u16 group, or 256: of the groups themselves
 *  22 u16 unused                   24 256 * u64 digest
 * </pre>
 */
final class DigestFrame extends Frame {
    static final int LENGTH = 24 + 8 * BucketDigests.GROUP_COUNT;

    /** Stands for the digests of the groups. */
    static final int ALL_GROUPS = BucketDigests.GROUP_COUNT;

    DigestFrame() {
        super(FrameType.DIGESTS);
    }

    static int encode(MutableDirectBuffer target, int node, long boot, int round, int group, BucketDigests digests) {
        target.putInt(16, round, LITTLE_ENDIAN);
        target.putInt(20, group, LITTLE_ENDIAN);
        for (int i = 0; i < BucketDigests.GROUP_COUNT; i++) {
            target.putLong(24 + 8 * i, digest(digests, group, i), LITTLE_ENDIAN);
        }
        return encodeHeader(target, FrameType.DIGESTS, node, 0, boot, LENGTH);
    }

    /** Our own digest number {@code i} of what a frame with this group compares. */
    static long digest(BucketDigests digests, int group, int i) {
        return group == ALL_GROUPS ? digests.group(i) : digests.bucket(group * BucketDigests.BUCKETS_PER_GROUP + i);
    }

    @Override
    boolean fits() {
        return length() == LENGTH && group() <= ALL_GROUPS;
    }

    int round() {
        return view().getInt(16, LITTLE_ENDIAN);
    }

    int group() {
        return u16(20);
    }

    long digest(int i) {
        return u64(24 + 8 * i);
    }
}
