package io.karst.appliance.command;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A {@code flush_all} that was asked for later. Every loop looks at it when it reads the clock; the first one to see the
 * moment pass does the flush, so that no client of any loop can see an item survive it. A new delay replaces the old
 * one, as in memcached. Thread-safe.
 */
public final class FlushSchedule {
    private final AtomicInteger dueSeconds = new AtomicInteger();

    /** Sets the moment, Unix seconds, unsigned; 0 cancels. */
    void set(int unixSeconds) {
        dueSeconds.set(unixSeconds);
    }

    /** Whether the caller must flush now; true once per scheduled flush. */
    boolean takeDue(int nowSeconds) {
        int due = dueSeconds.get();
        return due != 0 && Integer.compareUnsigned(due, nowSeconds) <= 0 && dueSeconds.compareAndSet(due, 0);
    }
}
