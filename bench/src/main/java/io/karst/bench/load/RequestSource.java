package io.karst.bench.load;

/** Where a run's requests come from; called by the generator's thread only, and allocates nothing. */
public interface RequestSource {
    /** Appends one request to {@code batch}; false when there is none, now or for ever. */
    boolean next(LoadConnection batch);

    /** Whether every request has been handed out, so that the run ends with the last reply. */
    boolean isExhausted();

    /** A get of this key was answered without a value. */
    default void missed(long id) {}

    /** A get of this key was answered with a value, right or wrong. */
    default void hit(long id) {}

    /** Keys in one request at most. */
    default int keysPerRequest() {
        return 1;
    }
}
