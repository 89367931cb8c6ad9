package io.karst.bench.load;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Told what a run does, on the generator's thread: be quick between {@link #begin} and {@link #end}. */
public interface LoadObserver {
    /** Nobody listens. */
    LoadObserver NONE = new LoadObserver() {};

    /** The measured window begins: read whatever is compared with {@link #end}. */
    default void begin() {}

    /** The measured window ends. */
    default void end() {}

    /**
     * About once a second.
     *
     * @param elapsedNs since the run started
     * @param delta what happened since the last call, over {@code deltaNs}
     * @param interval latencies since the last call, null unless {@link #wantsIntervals}
     */
    default void progress(long elapsedNs, long deltaNs, LoadCounters delta, @Nullable Histogram interval) {}

    /** Whether {@link #progress} gets latencies. */
    default boolean wantsIntervals() {
        return false;
    }
}
