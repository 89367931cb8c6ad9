package io.karst.protocol;

/**
 * Takes requests from received bytes; one dialect each, one instance per loop. Results lie in the fields until the next call;
 * what must survive between two reads is kept by the connection.
 */
abstract class Decoder {
    /** The request is not complete: call again with more bytes. */
    static final int INCOMPLETE = 0;
    /** The command is filled; execute it, then go on at {@link #position}. */
    static final int EXECUTE = 1;
    /** The command is filled but for its data, which ends at {@link #position} and is not all there. */
    static final int COLLECT = 2;
    /** The command is filled; its item is too large. Its data, still to be swallowed, begins at {@link #position}. */
    static final int TOO_LARGE = 3;
    /** Answered here; go on at {@link #position} after swallowing {@link #swallowBytes}. */
    static final int ANSWERED = 4;
    /** Close without a reply, or after the one that was written. */
    static final int CLOSE = 5;
    /** The client said goodbye. */
    static final int QUIT = 6;

    /** Where to go on. */
    long position;
    /** Bytes behind {@link #position} that belong to a refused command. */
    long swallowBytes;
    /** Requests taken by this call; a further batch of a long line counts as one. */
    int requestCount;

    /**
     * Takes the next request, or the next few when they can be looked up together.
     *
     * @param from where it begins
     * @param end behind the last byte received
     * @param scanned bytes from {@code from} that an earlier call has seen and found incomplete
     * @param maxRequests most requests to take, at least 1
     * @return one of the constants above
     */
    abstract int next(long from, long end, long scanned, int maxRequests);
}
