package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * The answer to a query.
 *
 * <pre>
 *  16 u64 token of the query
 *  24 u64 the highest version that the key may have had where it is absent; where it is present, up to which version that
 *         may not be the last one
 *  32 a record of type value or delete, or nothing where the key is absent
 * </pre>
 *
 * Flag 1: the sender is cold, and what it has or has not means nothing.
 */
final class ReplyFrame extends Frame {
    static final int BODY = 32;
    static final int COLD = 1;

    private final ReplicaRecord record = new ReplicaRecord();

    ReplyFrame() {
        super(FrameType.REPLY);
    }

    /** A whole answer; the record, of {@code recordLength} bytes, is in the target already. */
    static int encode(
            MutableDirectBuffer target, int node, long boot, boolean cold, long token, long mark, int recordLength) {
        target.putLong(16, token, LITTLE_ENDIAN);
        target.putLong(24, mark, LITTLE_ENDIAN);
        return encodeHeader(target, FrameType.REPLY, node, cold ? COLD : 0, boot, BODY + recordLength);
    }

    @Override
    boolean fits() {
        if (length() == BODY) {
            return true;
        }
        boolean isWhole = record.wrap(view(), BODY, length()) == length() - BODY;
        return isWhole && (record.type() == ReplicaRecord.VALUE || record.type() == ReplicaRecord.DELETE);
    }

    boolean isCold() {
        return (flags() & COLD) != 0;
    }

    long token() {
        return u64(16);
    }

    long mark() {
        return u64(24);
    }

    boolean hasRecord() {
        return length() > BODY;
    }

    /** The record, valid as long as the frame. */
    ReplicaRecord record() {
        return record;
    }
}
