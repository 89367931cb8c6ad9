package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * The answer to a {@link DigestFrame}: a bit for each digest that is another one here.
 *
 * <pre>
 *  16 u32 round and 20 u16 group of the digests      22 u16 unused      24 4 * u64, bit i of the 256: digest i differs
 * </pre>
 */
final class DifferenceFrame extends Frame {
    static final int LENGTH = 24 + BucketDigests.GROUP_COUNT / 8;

    DifferenceFrame() {
        super(FrameType.DIFFERENCES);
    }

    static int encode(MutableDirectBuffer target, int node, long boot, DigestFrame theirs, BucketDigests ours) {
        target.putInt(16, theirs.round(), LITTLE_ENDIAN);
        target.putInt(20, theirs.group(), LITTLE_ENDIAN);
        for (int word = 0; word < BucketDigests.GROUP_COUNT / 64; word++) {
            long bits = 0;
            for (int i = 0; i < 64; i++) {
                int index = 64 * word + i;
                boolean differs = theirs.digest(index) != DigestFrame.digest(ours, theirs.group(), index);
                bits |= differs ? 1L << i : 0;
            }
            target.putLong(24 + 8 * word, bits, LITTLE_ENDIAN);
        }
        return encodeHeader(target, FrameType.DIFFERENCES, node, 0, boot, LENGTH);
    }

    @Override
    boolean fits() {
        return length() == LENGTH && group() <= DigestFrame.ALL_GROUPS;
    }

    int round() {
        return view().getInt(16, LITTLE_ENDIAN);
    }

    int group() {
        return u16(20);
    }

    boolean differs(int index) {
        return (u64(24 + 8 * (index >> 6)) >>> (index & 63) & 1) != 0;
    }
}
