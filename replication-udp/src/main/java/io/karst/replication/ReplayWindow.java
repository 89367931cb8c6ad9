package io.karst.replication;

import java.util.Arrays;

/**
 * Which counters of sealed frames have been seen: none above the highest, the last {@value #SPAN} by a bit each, and
 * all before those. As RFC 4303, section 3.4.3. One thread.
 */
final class ReplayWindow {
    private static final int SPAN = 1024;

    private final long[] bits = new long[SPAN / 64];
    private long highest = -1;

    /** Whether a counter was seen, or is too old to tell. */
    boolean isSeen(long counter) {
        if (counter > highest) {
            return false;
        }
        return highest - counter >= SPAN || counter < 0 || (bits[word(counter)] >>> counter & 1) != 0;
    }

    /** Notes a counter of a frame that was opened. */
    void see(long counter) {
        if (counter - highest >= SPAN) {
            Arrays.fill(bits, 0);
            highest = counter;
        }
        while (highest < counter) {
            highest++;
            bits[word(highest)] &= ~(1L << highest);
        }
        bits[word(counter)] |= 1L << counter;
    }

    private static int word(long counter) {
        return (int) (counter % SPAN / 64);
    }
}
