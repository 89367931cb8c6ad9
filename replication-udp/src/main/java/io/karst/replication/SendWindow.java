package io.karst.replication;

import java.util.Arrays;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The batches that a peer has not acknowledged, to be sent again, and the buckets in them, should they be given up.
 *
 * <p>Bounded in batches and bytes. A slot keeps its memory for the next batch up to {@value #KEPT_LENGTH} bytes, so
 * that nothing is allocated while batches are short. One thread.
 */
final class SendWindow {
    private static final int KEPT_LENGTH = 16 * 1024;

    private static final class Slot {
        private UnsafeBuffer frame = new UnsafeBuffer(new byte[0]);
        private int[] buckets = new int[0];
        private int bucketCount;
        private int length;
        private int attempts;
        private long sentMs;
        private long newestMicros;
    }

    private final Slot[] slots;
    private final int maxBytes;
    private int bytes;
    private long floor = 1;
    private long next = 1;

    SendWindow(int maxBatches, int maxBytes) {
        slots = new Slot[maxBatches];
        Arrays.setAll(slots, i -> new Slot());
        this.maxBytes = maxBytes;
    }

    /** The oldest sequence that is waited for, or the next one when none is. */
    long floor() {
        return floor;
    }

    /** The sequence of the next batch. */
    long next() {
        return next;
    }

    int bytes() {
        return bytes;
    }

    boolean hasRoom(int length) {
        return next - floor < slots.length && bytes + length <= maxBytes;
    }

    /** Keeps a copy of the batch with the sequence {@link #next}, which was just sent. */
    void add(MutableDirectBuffer frame, int length, int[] buckets, int bucketCount, long newestMicros, long nowMs) {
        Slot slot = slot(next++);
        if (slot.frame.capacity() < length) {
            slot.frame = new UnsafeBuffer(new byte[length]);
        }
        slot.frame.putBytes(0, frame, 0, length);
        if (slot.buckets.length < bucketCount) {
            slot.buckets = new int[bucketCount];
        }
        System.arraycopy(buckets, 0, slot.buckets, 0, bucketCount);
        slot.bucketCount = bucketCount;
        slot.length = length;
        slot.attempts = 0;
        slot.sentMs = nowMs;
        slot.newestMicros = newestMicros;
        bytes += length;
    }

    /** When the newest write of the batches up to a sequence was made, microseconds since 2024-01-01; 0 for none. */
    long newestMicros(long sequence) {
        long newest = 0;
        for (long s = floor; s <= Math.min(sequence, next - 1); s++) {
            newest = Math.max(newest, isWaiting(s) ? slot(s).newestMicros : 0);
        }
        return newest;
    }

    /** Lets everything up to a sequence go. */
    void acknowledge(long sequence) {
        for (long s = floor; s <= Math.min(sequence, next - 1); s++) {
            release(slot(s));
        }
        advance();
    }

    /** Whether a batch is still waited for. */
    boolean isWaiting(long sequence) {
        return sequence >= floor && sequence < next && slot(sequence).length > 0;
    }

    /** Whether a batch was sent at least {@code resendMs} ago, for the last time. */
    boolean isLate(long sequence, long nowMs, long resendMs) {
        return isWaiting(sequence) && nowMs - slot(sequence).sentMs >= resendMs;
    }

    /** The frame of a batch that is to be sent again, and its length. */
    MutableDirectBuffer frame(long sequence) {
        return slot(sequence).frame;
    }

    int length(long sequence) {
        return slot(sequence).length;
    }

    /** Notes that a batch was sent again, and returns how often that was. */
    int resent(long sequence, long nowMs) {
        slot(sequence).sentMs = nowMs;
        return ++slot(sequence).attempts;
    }

    /** Gives a batch up, and marks its buckets. */
    void giveUp(long sequence, DirtyBuckets dirty, long nowMs) {
        Slot slot = slot(sequence);
        for (int i = 0; i < slot.bucketCount; i++) {
            dirty.mark(slot.buckets[i], nowMs);
        }
        release(slot);
        advance();
    }

    private void release(Slot slot) {
        bytes -= slot.length;
        slot.length = 0;
        slot.bucketCount = 0;
        if (slot.frame.capacity() > KEPT_LENGTH) {
            slot.frame = new UnsafeBuffer(new byte[0]);
        }
    }

    private void advance() {
        while (floor < next && slot(floor).length == 0) {
            floor++;
        }
    }

    private Slot slot(long sequence) {
        return slots[(int) (sequence & slots.length - 1)];
    }
}
