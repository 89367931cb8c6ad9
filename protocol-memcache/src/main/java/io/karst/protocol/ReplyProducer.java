package io.karst.protocol;

/** A long answer in pieces: key dumps, big statistics, streams. Called on the connection's loop, once per turn. */
@FunctionalInterface
public interface ReplyProducer {

    /**
     * Appends what fits. At least {@link ReplyWriter#MIN_ROOM} bytes of room exist on entry; stop when
     * {@link ReplyWriter#hasRoom} says no, or after a bounded amount of work (other connections wait).
     *
     * @return whether there is more to say
     */
    boolean produce(ReplyWriter replies);

    /**
     * Asked after {@link #produce} said that there is more: whether there is nothing to say right now, so that the connection
     * sleeps until {@link ClientConnection#wake}. An idle producer ends when the client closes its side.
     */
    default boolean isIdle() {
        return false;
    }

    /** Called exactly once on the loop, after the last piece or when the connection closed before it. */
    default void close() {}
}
