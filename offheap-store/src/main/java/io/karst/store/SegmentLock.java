package io.karst.store;

import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.hash.impl.BigSegmentHeader;

/**
 * Chronicle's per-segment read/write lock, taken with a bounded spin and a yield.
 *
 * <p>Chronicle's own blocking calls spin for up to 60 s without yielding: with two loops on two cores a preempted holder
 * would cost the other core a whole time slice. Here a first try is followed by spins of at most {@value #SPIN_NANOS} ns
 * (which register a waiting writer, so that readers cannot starve it), each followed by a yield. A lock that is not had
 * within {@value #TIMEOUT_SECONDS} s means that a holder died in the middle: that is our bug and is thrown as such.
 */
final class SegmentLock {
    private static final BigSegmentHeader LOCK = BigSegmentHeader.INSTANCE;
    private static final long SPIN_NANOS = 20_000;
    private static final int TIMEOUT_SECONDS = 60;
    private static final int READ_SPINS = 256;

    private SegmentLock() {}

    static void read(long header, StoreCounters counters) {
        if (!LOCK.tryReadLock(header)) {
            readSlowly(header, counters);
        }
    }

    static void write(long header, StoreCounters counters) {
        if (!LOCK.tryWriteLock(header)) {
            writeSlowly(header, counters);
        }
    }

    static void unlockRead(long header) {
        LOCK.readUnlock(header);
    }

    static void unlockWrite(long header) {
        LOCK.writeUnlock(header);
    }

    private static void readSlowly(long header, StoreCounters counters) {
        counters.add(StoreCounters.LOCK_SPINS, 1);
        long deadline = deadline();
        do {
            for (int i = 0; i < READ_SPINS; i++) {
                Thread.onSpinWait();
                if (LOCK.tryReadLock(header)) {
                    return;
                }
            }
            Thread.yield();
        } while (System.nanoTime() - deadline < 0);
        throw timeout();
    }

    private static void writeSlowly(long header, StoreCounters counters) {
        counters.add(StoreCounters.LOCK_SPINS, 1);
        long deadline = deadline();
        boolean interrupted = false;
        try {
            do {
                try {
                    if (LOCK.tryWriteLock(header, SPIN_NANOS, TimeUnit.NANOSECONDS)) {
                        return;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                Thread.yield();
            } while (System.nanoTime() - deadline < 0);
            throw timeout();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static long deadline() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    }

    private static IllegalStateException timeout() {
        return new IllegalStateException("a segment lock was not released within " + TIMEOUT_SECONDS + " s");
    }
}
