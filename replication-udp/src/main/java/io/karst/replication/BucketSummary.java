package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * What the sender has in a bucket, or in a range of its hashes when that is too much for a frame.
 *
 * <pre>
 *  16 u32 round     20 u16 bucket     22 u16 entries, n
 *  24 u64 first hash and 32 u64 last hash of the range, inclusive, unsigned
 *  40 u64 mark: the highest version that has left the bucket at the sender
 *  48 n * (u64 hash, u64 version), hashes ascending, unsigned
 * </pre>
 */
final class BucketSummary extends Frame {
    static final int BODY = 48;
    static final int ENTRY_LENGTH = 16;

    BucketSummary() {
        super(FrameType.SUMMARY);
    }

    /**
     * Writes the entries {@code from} (inclusive) to {@code to} of a bucket, a range that begins with a hash, and
     * returns the length of the frame.
     */
    static int encode(
            MutableDirectBuffer target,
            int node,
            long boot,
            int round,
            BucketEntries entries,
            long firstHash,
            int from,
            int to,
            long mark) {
        target.putInt(16, round, LITTLE_ENDIAN);
        target.putShort(20, (short) entries.bucket(), LITTLE_ENDIAN);
        target.putShort(22, (short) (to - from), LITTLE_ENDIAN);
        target.putLong(24, firstHash, LITTLE_ENDIAN);
        target.putLong(32, entries.rangeEnd(to), LITTLE_ENDIAN);
        target.putLong(40, mark, LITTLE_ENDIAN);
        int at = BODY;
        for (int i = from; i < to; i++) {
            target.putLong(at, entries.hash(i), LITTLE_ENDIAN);
            target.putLong(at + 8, entries.version(i), LITTLE_ENDIAN);
            at += ENTRY_LENGTH;
        }
        return encodeHeader(target, FrameType.SUMMARY, node, 0, boot, at);
    }

    @Override
    boolean fits() {
        return length() == BODY + ENTRY_LENGTH * entryCount() && entriesAscendInRange();
    }

    private boolean entriesAscendInRange() {
        long last = firstHash();
        for (int i = 0; i < entryCount(); i++) {
            if (Long.compareUnsigned(hash(i), last) < (i == 0 ? 0 : 1)) {
                return false;
            }
            last = hash(i);
        }
        return Long.compareUnsigned(last, lastHash()) <= 0
                && BucketDigests.bucketOf(firstHash()) == bucket()
                && BucketDigests.bucketOf(lastHash()) == bucket();
    }

    int round() {
        return view().getInt(16, LITTLE_ENDIAN);
    }

    int bucket() {
        return u16(20);
    }

    int entryCount() {
        return u16(22);
    }

    long firstHash() {
        return u64(24);
    }

    long lastHash() {
        return u64(32);
    }

    long mark() {
        return u64(40);
    }

    long hash(int i) {
        return u64(BODY + ENTRY_LENGTH * i);
    }

    long version(int i) {
        return u64(BODY + ENTRY_LENGTH * i + 8);
    }
}
