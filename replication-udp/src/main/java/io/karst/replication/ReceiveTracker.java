package io.karst.replication;

import java.util.Arrays;

/**
 * Which batches of one boot of a peer have been applied: all up to one sequence, and some of the {@value #SPAN} behind
 * it. One thread.
 */
final class ReceiveTracker {
    private static final int SPAN = 1024;

    private final long[] bits = new long[SPAN / 64];
    private long through;

    /** The last sequence up to which nothing is missing that the sender still waits for. */
    long through() {
        return through;
    }

    /** The sender waits for nothing below {@code floor} any more. */
    void floor(long floor) {
        while (through < floor - 1 && floor - 1 - through <= SPAN) {
            take(++through);
        }
        if (through < floor - 1) {
            reset();
            through = floor - 1;
        }
        advance();
    }

    boolean isApplied(long sequence) {
        return sequence <= through || (sequence - through <= SPAN && isSet(sequence));
    }

    /** Notes a batch; one too far ahead is not noted, and comes again. */
    void applied(long sequence) {
        if (sequence > through && sequence - through <= SPAN) {
            bits[word(sequence)] |= 1L << sequence;
            advance();
        }
    }

    /** As for a sender that was never heard of. */
    void reset() {
        Arrays.fill(bits, 0);
        through = 0;
    }

    private void advance() {
        while (isSet(through + 1)) {
            take(++through);
        }
    }

    private boolean isSet(long sequence) {
        return (bits[word(sequence)] >>> sequence & 1) != 0;
    }

    private void take(long sequence) {
        bits[word(sequence)] &= ~(1L << sequence);
    }

    private static int word(long sequence) {
        return (int) (sequence % SPAN / 64);
    }
}
