package io.karst.appliance.command;

import io.karst.store.ExpirySweep;
import java.util.concurrent.TimeUnit;

/**
 * How much of a loop's time the sweep for dead items gets: slices of a bounded time, so that no client waits longer than
 * one slice, and longer ones only while they pay. One per loop, used by its thread; allocates nothing.
 */
/*
 * A slice every ten milliseconds: 50 us is half a per cent of a core and looks at some 2,000 items, 4 million in 20 s.
 * Where every fiftieth item looked at was dead, the next slice is twice as long, up to 400 us: room that would otherwise be
 * found by evicting something alive is worth four per cent. A pass through everything takes a second at least: what
 * expires in between can wait for the next one.
 */
final class SweepPace {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long PASS_MIN = TimeUnit.SECONDS.toNanos(1);
    private static final long SLICE_MIN = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long SLICE_MAX = TimeUnit.MICROSECONDS.toNanos(400);
    private static final int ITEMS_PER_STEP = 128;
    private static final int PAYS = 50;

    private final ExpirySweep sweep;
    private long slice = SLICE_MIN;
    private long passBegan;

    SweepPace(ExpirySweep sweep, long nowNs) {
        this.sweep = sweep;
        this.passBegan = nowNs;
    }

    /** Sweeps for one slice; returns nanoseconds until the next. */
    long slice(long nowNs) {
        long looked = 0;
        long removed = 0;
        boolean isPassDone;
        long elapsed;
        do {
            isPassDone = sweep.step(ITEMS_PER_STEP);
            looked += sweep.looked();
            removed += sweep.removed();
            elapsed = System.nanoTime() - nowNs;
        } while (!isPassDone && elapsed < slice);
        slice = removed * PAYS > looked ? Math.min(2 * slice, SLICE_MAX) : Math.max(slice / 2, SLICE_MIN);
        if (!isPassDone) {
            return PAUSE;
        }
        long pause = Math.max(PAUSE, PASS_MIN - (nowNs - passBegan));
        passBegan = nowNs + pause;
        return pause;
    }
}
