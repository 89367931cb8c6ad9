package io.karst.replication;

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
    private boolean isSending;
    private long nowMs;

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
    void begin(long nowMs, boolean isSending) {
        this.nowMs = nowMs;
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
        return append(item);
    }

    /**
     * Sends an item that the peer should have had before; false when there is no budget or room, so it must be asked
     * again.
     */
    boolean repair(ReplicaRecord item) {
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
        if (!fits) {
            flush();
        }
        item.copyTo(open, openLength);
        openLength += length;
        openBuckets[openCount++] = BucketDigests.bucketOf(item.hash());
        return window.next();
    }

    /** Sends the open batch, if there is something in it. */
    void flush() {
        if (openCount == 0) {
            return;
        }
        int length = RecordBatch.encode(open, sender.node(), sender.boot(), window.next(), openCount, openLength);
        RecordBatch.encodeFloor(open, window.floor());
        if (window.hasRoom(length) && sender.send(peer, open, length)) {
            window.add(open, length, openBuckets, openCount, nowMs);
        } else {
            toDirty();
        }
        empty();
    }

    private void empty() {
        openLength = RecordBatch.BODY;
        openCount = 0;
    }

    private void toDirty() {
        counters.increment(ReplicationCounter.BATCHES_TO_DIRTY);
        for (int i = 0; i < openCount; i++) {
            dirty.mark(openBuckets[i], nowMs);
        }
        deliveries.givenUp(peer, window.next());
    }

    void acknowledge(long sequence) {
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
                if (state.locate(item).has(peer) && !repair(item)) {
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

    int dirtyCount() {
        return dirty.count();
    }

    SendWindow window() {
        return window;
    }
}
