package io.karst.replication;

import org.HdrHistogram.Histogram;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The way of records to one peer: a batch that is being filled, the window of those on their way, and the dirty
 * buckets.
 *
 * <p>A record is in exactly one of three places until the peer has it: in the open batch, in the window, or as its
 * bucket among the dirty ones, from where the bucket's items are sent as they are by then. Whatever goes wrong moves
 * records one place on, so nothing waits, and memory is bounded. One thread.
 */
final class PeerLink {
    private static final int MAX_RECORDS = 1024;
    /** As much as a datagram takes; waiting for more gains nothing. */
    private static final int FULL_LENGTH = 1_300;

    private static final long MAX_WAIT_MICROS = 200;
    private static final long MAX_LAG_MICROS = 3_600_000_000L;

    private final int peer;
    private final ReplicationConfig config;
    private final FrameSender sender;
    private final ReplicationCounters counters;
    private final Deliveries deliveries;
    private final SendWindow window;
    private final DirtyBuckets dirty = new DirtyBuckets();
    private final RepairBudget budget;

    private final MutableDirectBuffer open;
    private final int[] openBuckets = new int[MAX_RECORDS];
    private int openLength = RecordBatch.BODY;
    private int openCount;
    private long openNewestMicros;
    private long openedMicros;
    private boolean isSending;
    private long nowMs;
    private long clockMicros;
    private final Histogram lagMicros = new Histogram(MAX_LAG_MICROS, 2);

    PeerLink(
            int peer,
            ReplicationConfig config,
            FrameSender sender,
            ReplicationCounters counters,
            Deliveries deliveries) {
        this.peer = peer;
        this.config = config;
        this.sender = sender;
        this.counters = counters;
        this.deliveries = deliveries;
        window = new SendWindow(config.windowBatches(), config.windowBytes());
        budget = new RepairBudget(config.repairBytesPerSecond());
        open = new UnsafeBuffer(new byte[sender.maxFrameLength()]);
    }

    /** Begins a turn; {@code isSending} says whether the peer is there to be sent to. */
    void begin(long nowMs, long clockMicros, boolean isSending) {
        this.nowMs = nowMs;
        this.clockMicros = clockMicros;
        this.isSending = isSending;
        budget.refill(nowMs);
        counters.add(ReplicationCounter.HINTS_EXPIRED, dirty.expire(nowMs, config.hintTtlMs()));
    }

    /** Sends a new record, or notes it as a hint; the sequence of its batch, or 0 when it is in none. */
    long write(ReplicaRecord item) {
        if (!isSending) {
            counters.increment(ReplicationCounter.RECORDS_HINTED);
            dirty.mark(BucketDigests.bucketOf(item.hash()), nowMs);
            return 0;
        }
        long sequence = append(item);
        openNewestMicros = sequence == 0 ? openNewestMicros : Version.micros(item.version());
        return sequence;
    }

    /** Notes a bucket as a hint: something in it got lost before it came here. */
    void hint(int bucket) {
        dirty.mark(bucket, nowMs);
    }

    /**
     * Sends an item that the peer should have had before; false when there is no budget or room, so it must be asked
     * again.
     */
    boolean repair(ReplicaRecord item, ReplicaStore store) {
        if (item.type() == ReplicaRecord.REFERENCE) {
            boolean[] isSent = {true};
            store.read(item, value -> isSent[0] = repair(value, store));
            return isSent[0];
        }
        if (!isSending || !budget.isLeft() || !window.hasRoom(sender.maxFrameLength())) {
            return false;
        }
        budget.spend(item.length());
        counters.increment(ReplicationCounter.ITEMS_REPAIRED);
        append(item);
        return true;
    }

    private long append(ReplicaRecord item) {
        int length = item.length();
        if (RecordBatch.BODY + length > open.capacity()) {
            counters.increment(ReplicationCounter.RECORDS_TOO_LONG);
            return 0;
        }
        boolean fits = openLength + length <= open.capacity() && openCount < MAX_RECORDS;
        if (!fits && !isSent()) {
            toDirty();
            empty();
        }
        if (openCount == 0) {
            openedMicros = clockMicros;
        }
        item.copyTo(open, openLength);
        openLength += length;
        openBuckets[openCount++] = BucketDigests.bucketOf(item.hash());
        return window.next();
    }

    /** Sends the open batch, if it is long enough or has waited long enough, and there is room on the way. */
    void flush() {
        if (openCount > 0 && (openLength >= FULL_LENGTH || clockMicros - openedMicros >= MAX_WAIT_MICROS)) {
            isSent();
        }
    }

    private boolean isSent() {
        int length = RecordBatch.encode(open, sender.node(), sender.boot(), window.next(), openCount, openLength);
        RecordBatch.encodeFloor(open, window.floor());
        if (!window.hasRoom(length) || !sender.send(peer, open, length)) {
            return false;
        }
        window.add(open, length, openBuckets, openCount, openNewestMicros, nowMs);
        empty();
        return true;
    }

    private void empty() {
        openLength = RecordBatch.BODY;
        openCount = 0;
        openNewestMicros = 0;
    }

    private void toDirty() {
        counters.increment(ReplicationCounter.BATCHES_TO_DIRTY);
        for (int i = 0; i < openCount; i++) {
            dirty.mark(openBuckets[i], nowMs);
        }
        deliveries.givenUp(peer, window.next());
    }

    void acknowledge(long sequence) {
        long newest = window.newestMicros(sequence);
        if (newest != 0) {
            lagMicros.recordValue(Math.max(0, Math.min(MAX_LAG_MICROS, clockMicros - newest)));
        }
        window.acknowledge(sequence);
        deliveries.applied(peer, sequence);
    }

    /** Sends late batches again, and when that has not helped gives all of them up. */
    void resend() {
        for (long s = window.floor(); s < window.next(); s++) {
            if (window.isLate(s, nowMs, config.resendMs())) {
                if (window.resent(s, nowMs) > config.resendLimit()) {
                    giveUp();
                    return;
                }
                counters.increment(ReplicationCounter.BATCHES_RESENT);
                RecordBatch.encodeFloor(window.frame(s), window.floor());
                sender.send(peer, window.frame(s), window.length(s));
            }
        }
    }

    /** Moves everything that is on its way to the dirty buckets: the peer or the connection is another one now. */
    void giveUp() {
        if (openCount > 0) {
            toDirty();
            empty();
        }
        for (long s = window.floor(); s < window.next(); s++) {
            if (window.isWaiting(s)) {
                counters.increment(ReplicationCounter.BATCHES_TO_DIRTY);
                deliveries.givenUp(peer, s);
                window.giveUp(s, dirty, nowMs);
            }
        }
    }

    /** Sends what is in dirty buckets now, as far as the budget goes. */
    void replay(ReplicaStore store, ReplicaState state) {
        while (isSending && !dirty.isEmpty() && budget.isLeft() && window.hasRoom(sender.maxFrameLength())) {
            int bucket = dirty.take();
            store.walk(bucket, item -> {
                if (state.locate(item).has(peer) && !repair(item, store)) {
                    dirty.mark(bucket, nowMs);
                }
            });
        }
    }

    /** Forgets all hints: the peer begins again empty, or we do. */
    void clear() {
        giveUp();
        dirty.clear();
    }

    /** Time from a write here to the acknowledgement that the peer has it, microseconds. */
    Histogram lagMicros() {
        return lagMicros;
    }

    int dirtyCount() {
        return dirty.count();
    }

    SendWindow window() {
        return window;
    }
}
