package io.karst.replication;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes that wait until enough nodes have applied them, each with a deadline.
 *
 * <p>A batch that was given up can satisfy nobody any more, though its records may be there, or come by repair: a write
 * that so cannot reach its level is answered at once. One thread.
 */
public final class AckTracker implements Deliveries {
    /** Learns how a write ended. */
    @FunctionalInterface
    public interface Answer {
        /**
         * The write with this token is done; {@code isReached} when it is on as many nodes as its level wants.
         * Otherwise it may be on any number of them, and may still spread.
         */
        void done(long token, boolean isReached);
    }

    private static final class Waiting {
        private final long token;
        private final long deadlineMs;
        private final List<long[]> batches = new ArrayList<>(3);
        private int missing;

        private Waiting(long token, int missing, long deadlineMs) {
            this.token = token;
            this.missing = missing;
            this.deadlineMs = deadlineMs;
        }

        private boolean isHopeless() {
            return batches.size() < missing;
        }
    }

    private final Answer answer;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /** Not among the others yet: filling its batches may give older ones up. */
    private @Nullable Waiting next;

    /** Answers are given from within the node's turn. */
    public AckTracker(Answer answer) {
        this.answer = answer;
    }

    /** Begins a write that {@code missing} more nodes must apply; {@link #addBatch} and {@link #admit} complete it. */
    void begin(long token, int missing, long deadlineMs) {
        next = new Waiting(token, missing, deadlineMs);
    }

    /** The write that was begun last is in a batch to a peer. */
    void addBatch(int peer, long sequence) {
        requireNonNull(next).batches.add(new long[] {peer, sequence});
    }

    /** All batches of the write that was begun last are known. */
    void admit() {
        Waiting write = requireNonNull(next);
        next = null;
        if (!isAnswered(write)) {
            waiting.addLast(write);
        }
    }

    @Override
    public void applied(int peer, long sequence) {
        waiting.removeIf(write -> {
            if (write.batches.removeIf(batch -> batch[0] == peer && batch[1] <= sequence)) {
                write.missing--;
            }
            return isAnswered(write);
        });
    }

    @Override
    public void givenUp(int peer, long sequence) {
        waiting.removeIf(write -> {
            write.batches.removeIf(batch -> batch[0] == peer && batch[1] == sequence);
            return isAnswered(write);
        });
    }

    private boolean isAnswered(Waiting write) {
        boolean isReached = write.missing <= 0;
        if (isReached || write.isHopeless()) {
            answer.done(write.token, isReached);
            return true;
        }
        return false;
    }

    /** Answers all writes: nobody will say any more what became of them. */
    void giveUp() {
        turn(Long.MAX_VALUE);
    }

    /** Answers the writes whose time is over. */
    void turn(long nowMs) {
        waiting.removeIf(write -> {
            if (nowMs < write.deadlineMs) {
                return false;
            }
            answer.done(write.token, false);
            return true;
        });
    }

    /** How many writes wait. */
    public int waitingCount() {
        return waiting.size();
    }
}
