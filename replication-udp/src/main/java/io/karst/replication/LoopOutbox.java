package io.karst.replication;

import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The way of one event loop's writes to the agent. The loop never waits: when there is no room, the record is dropped,
 * and its bucket noted, from where the agent counts it and sends what is in the bucket instead.
 *
 * <p>Hot path: no allocation. {@link #offer} is for the loop, {@link #drain} and {@link #takeLost} for the agent.
 */
public final class LoopOutbox {
    /** Bytes of the ring: 16,000 records of an item of 20 and 200 bytes. */
    private static final int CAPACITY = 4 << 20;

    /** The same for who adds up. */
    public static final long BYTES = CAPACITY;

    private static final int PLAIN = 1;
    private static final int LEVELLED = 2;

    /** Before the record of a write that somebody waits for: token, deadline, level. */
    private static final int PREFIX = 24;

    private static final int RECORDS_PER_DRAIN = 512;

    /** Takes records. */
    public interface Handler {
        /** A record, valid during the call; {@code token} is 0 unless somebody waits for the write. */
        void onRecord(ReplicaRecord item, Level level, long token, long deadlineMs);
    }

    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(CAPACITY + RingBufferDescriptor.TRAILER_LENGTH, 64)));
    private final AtomicLongArray lost = new AtomicLongArray(BucketDigests.BUCKET_COUNT / Long.SIZE);
    private final ReplicaRecord record = new ReplicaRecord();
    private final MessageHandler messages = this::onMessage;
    private volatile boolean hasLost;
    private Handler handler = (item, level, token, deadlineMs) -> {};
    private Level level = Level.ONE;
    private long token;
    private long deadlineMs;
    private boolean isLevelLost;

    /** Somebody waits for the writes to come, until {@link #endLevel}. */
    public void beginLevel(Level level, long token, long deadlineMs) {
        this.level = level;
        this.token = token;
        this.deadlineMs = deadlineMs;
    }

    /** What became of the write that somebody waits for. */
    public enum Handover {
        /** Nothing was written, so there is nothing to wait for. */
        NOTHING,
        /** The agent has it, and will answer. */
        DONE,
        /** There was no room: it will spread, but nobody will say when. */
        LOST
    }

    /** Ends what {@link #beginLevel} has begun. */
    public Handover endLevel() {
        Handover result = token != 0 ? Handover.NOTHING : isLevelLost ? Handover.LOST : Handover.DONE;
        level = Level.ONE;
        token = 0;
        isLevelLost = false;
        return result;
    }

    /**
     * Hands a write over.
     *
     * @param type of {@link ReplicaRecord}
     * @param hash of the key, with the bucket in its high 16 bits
     * @param key address, valid during the call, as the value's
     */
    public void offer(
            int type,
            long version,
            long expiryMicros,
            int flags,
            int marks,
            long hash,
            long key,
            int keyLength,
            long value,
            int valueLength) {
        boolean isReference = valueLength > ReplicaRecord.MAX_INLINE_VALUE;
        int sentLength = isReference ? 0 : valueLength;
        int prefix = token == 0 ? 0 : PREFIX;
        int length = prefix + ReplicaRecord.HEADER_LENGTH + keyLength + sentLength;
        int index = ring.tryClaim(token == 0 ? PLAIN : LEVELLED, length);
        if (index < 0) {
            lose(hash);
            isLevelLost = token != 0;
            token = 0;
            return;
        }
        AtomicBuffer buffer = ring.buffer();
        if (prefix != 0) {
            buffer.putLong(index, token);
            buffer.putLong(index + 8, deadlineMs);
            buffer.putInt(index + 16, level.ordinal());
            token = 0;
        }
        int at = index + prefix;
        ReplicaRecord.encodeHeader(
                buffer,
                at,
                isReference ? ReplicaRecord.REFERENCE : type,
                version,
                expiryMicros,
                flags,
                marks,
                hash,
                keyLength,
                sentLength);
        long address = buffer.addressOffset() + at + ReplicaRecord.HEADER_LENGTH;
        UnsafeApi.copyMemory(key, address, keyLength);
        UnsafeApi.copyMemory(value, address + keyLength, sentLength);
        ring.commit(index);
    }

    private void lose(long hash) {
        int bucket = BucketDigests.bucketOf(hash);
        long bit = 1L << bucket;
        lost.getAndUpdate(bucket / Long.SIZE, bits -> bits | bit);
        hasLost = true;
    }

    /** Gives the handler the next records, and returns how many. */
    public int drain(Handler handler) {
        this.handler = handler;
        return ring.read(messages, RECORDS_PER_DRAIN);
    }

    private void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
        int prefix = type == LEVELLED ? PREFIX : 0;
        record.wrap(buffer, index + prefix, index + length);
        if (prefix == 0) {
            handler.onRecord(record, Level.ONE, 0, 0);
        } else {
            handler.onRecord(
                    record, Level.of(buffer.getInt(index + 16)), buffer.getLong(index), buffer.getLong(index + 8));
        }
    }

    /** The next bucket from {@code from} on of which a record was dropped, which takes it; -1 for none. */
    int takeLost(int from) {
        if (from == 0) {
            if (!hasLost) {
                return -1;
            }
            // Before the bits are read: one that is set meanwhile is seen now or the next time.
            hasLost = false;
        }
        for (int word = from / Long.SIZE; word < lost.length(); word++) {
            long bits = lost.get(word) & (word == from / Long.SIZE ? -1L << from : -1L);
            if (bits != 0) {
                long bit = Long.lowestOneBit(bits);
                lost.getAndUpdate(word, old -> old & ~bit);
                return word * Long.SIZE + Long.numberOfTrailingZeros(bit);
            }
        }
        return -1;
    }
}
