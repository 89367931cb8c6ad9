package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * Records for one peer, numbered per peer and boot.
 *
 * <pre>
 *  16 u64 sequence, from 1 on     24 u64 floor: the sender waits for no batch below it any more
 *  32 u16 records                 34 u16 unused            36 the records, one after the other
 * </pre>
 */
final class RecordBatch extends Frame {
    static final int BODY = 36;

    private final ReplicaRecord checked = new ReplicaRecord();

    RecordBatch() {
        super(FrameType.BATCH);
    }

    /** Writes what stands before the records, which are there already, and returns the length of the frame. */
    static int encode(MutableDirectBuffer target, int node, long boot, long sequence, int count, int length) {
        target.putLong(16, sequence, LITTLE_ENDIAN);
        target.putShort(32, (short) count, LITTLE_ENDIAN);
        target.putShort(34, (short) 0, LITTLE_ENDIAN);
        return encodeHeader(target, FrameType.BATCH, node, 0, boot, length);
    }

    /** Sets the floor of a batch that is about to be sent, for the first time or again. */
    static void encodeFloor(MutableDirectBuffer target, long floor) {
        target.putLong(24, floor, LITTLE_ENDIAN);
    }

    @Override
    boolean fits() {
        int at = BODY;
        for (int i = 0; i < recordCount(); i++) {
            int length = checked.wrap(view(), at, length());
            if (length < 0 || checked.type() == ReplicaRecord.REFERENCE) {
                return false;
            }
            at += length;
        }
        return at == length() && sequence() >= 1 && floor() >= 1 && floor() <= sequence();
    }

    long sequence() {
        return u64(16);
    }

    long floor() {
        return u64(24);
    }

    int recordCount() {
        return u16(32);
    }

    /**
     * Lays {@code record} over the one at {@code at} ({@link #BODY} for the first), and returns where the next one is.
     */
    int record(ReplicaRecord record, int at) {
        return at + record.wrap(view(), at, length());
    }
}
