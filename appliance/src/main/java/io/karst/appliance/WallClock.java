package io.karst.appliance;

import java.util.function.LongSupplier;

/**
 * The server's time: the wall clock as it was at the start, carried on by the monotonic clock, and pulled gently towards
 * what the wall clock says now. A step of the wall clock, by hand or by a bad time server, so expires nothing and
 * immortalises nothing; a drift of up to {@value #SLEW_PER_MILLION} parts per million is followed.
 *
 * <p>Thread-safe. Somebody calls {@link #slew} about once a second; every event loop reads. Never runs backwards within
 * one thread as long as that thread reads through its own {@link Reader}. Source: DESIGN section 3.
 */
public final class WallClock {
    /** How fast the time is pulled towards the wall clock, microseconds per second. */
    static final long SLEW_PER_MILLION = 500;

    private static final long MICROS_PER_SECOND = 1_000_000;

    private final LongSupplier wallMicros;
    private final LongSupplier monotonicNanos;
    private final long startNanos;
    private final long startMicros;

    private volatile long offsetMicros;
    private long lastSlewNanos;

    /** The machine's clocks. */
    public static WallClock system() {
        return new WallClock(() -> System.currentTimeMillis() * 1000, System::nanoTime);
    }

    /**
     * A clock over two others.
     *
     * @param wallMicros microseconds since the Unix epoch; may jump
     * @param monotonicNanos nanoseconds of any origin; never runs backwards
     */
    public WallClock(LongSupplier wallMicros, LongSupplier monotonicNanos) {
        this.wallMicros = wallMicros;
        this.monotonicNanos = monotonicNanos;
        this.startNanos = monotonicNanos.getAsLong();
        this.startMicros = wallMicros.getAsLong();
        this.lastSlewNanos = startNanos;
    }

    /** Microseconds since the Unix epoch, at a reading of the monotonic clock. */
    public long microsAt(long nanos) {
        return startMicros + (nanos - startNanos) / 1000 + offsetMicros;
    }

    /** Microseconds since the Unix epoch, now. */
    public long micros() {
        return microsAt(monotonicNanos.getAsLong());
    }

    /** Unix second at which this clock was made, unsigned. */
    public int startSeconds() {
        return (int) (startMicros / MICROS_PER_SECOND);
    }

    /** Moves the time a little towards the wall clock; about once a second. */
    public synchronized void slew() {
        long nanos = monotonicNanos.getAsLong();
        long most = (nanos - lastSlewNanos) / 1000 * SLEW_PER_MILLION / MICROS_PER_SECOND;
        lastSlewNanos = nanos;
        long error = wallMicros.getAsLong() - microsAt(nanos);
        offsetMicros += Math.max(-most, Math.min(most, error));
    }

    /** Moves the time ahead at once: for {@code debugtime}. */
    public synchronized void advance(long seconds) {
        offsetMicros += seconds * MICROS_PER_SECOND;
    }

    /** One thread's view, which never runs backwards. */
    public final class Reader {
        private long last;

        /** Microseconds since the Unix epoch at a reading of the monotonic clock, or the last answer if that is later. */
        public long microsAt(long nanos) {
            last = Math.max(last, WallClock.this.microsAt(nanos));
            return last;
        }
    }
}
