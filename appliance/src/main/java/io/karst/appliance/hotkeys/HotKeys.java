package io.karst.appliance.hotkeys;

import java.util.concurrent.TimeUnit;

/**
 * What one event loop knows of hot keys: one use of a key in sixty-four, on average, is counted in a {@link SpaceSaving} table, one
 * for the minute that runs and one for the minute before. Loop thread only. Hot path: no allocation; a use that is not sampled
 * costs a subtraction and a branch (HotKeysBenchmark).
 */
public final class HotKeys {
    /** One use in so many is counted, on average. */
    static final int ONE_IN = 64;

    /** A prime with the mean distance in its middle: distances from 1 to this are drawn, so as not to fall in step with clients. */
    private static final int DISTANCE_MAX = 2 * ONE_IN - 1;

    private static final long WINDOW_NS = TimeUnit.MINUTES.toNanos(1);

    private final boolean isOn;
    private SpaceSaving current;
    private SpaceSaving previous;
    private long windowBeganNs;
    private long previousNs;
    private long random = 0x2545F4914F6CDD1DL;
    private int untilNext = 1;

    /** @param counters keys that one table follows; 0 for no hot keys at all */
    public HotKeys(int counters, long nowNs) {
        isOn = counters > 0;
        current = new SpaceSaving(Math.max(1, counters));
        previous = new SpaceSaving(Math.max(1, counters));
        windowBeganNs = nowNs;
    }

    /** Says what time it is, once per burst: a minute that is over makes room for the next one. */
    public void advanceTo(long nowNs) {
        if (nowNs - windowBeganNs >= WINDOW_NS) {
            SpaceSaving oldest = previous;
            // A loop that nobody used for long has nothing to say of its last minute.
            boolean isRecent = nowNs - windowBeganNs < 2 * WINDOW_NS;
            previous = current;
            current = oldest;
            current.clear();
            previousNs = WINDOW_NS;
            if (!isRecent) {
                previous.clear();
                previousNs = 0;
            }
            windowBeganNs = nowNs;
        }
    }

    /** A command used the key of so many bytes at an address. */
    public void used(long key, int keyLength) {
        if (isOn && --untilNext == 0) {
            count(key, keyLength);
        }
    }

    private void count(long key, int keyLength) {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        untilNext = 1 + (int) ((random >>> 33) % DISTANCE_MAX);
        if (keyLength > 0 && keyLength <= SpaceSaving.KEY_MAX) {
            current.add(key, keyLength);
        }
    }

    /** Adds what is known to a report. Allocates. */
    public void addTo(HotKeysReport report, long nowNs) {
        advanceTo(nowNs);
        report.add(current);
        report.add(previous);
        report.covers(previousNs + nowNs - windowBeganNs);
    }

    /** Forgets everything. */
    public void clear(long nowNs) {
        current.clear();
        previous.clear();
        previousNs = 0;
        windowBeganNs = nowNs;
    }
}
