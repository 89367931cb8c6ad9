package io.karst.protocol;

/** The rest of a suspended command, run on the connection's own loop. */
@FunctionalInterface
public interface Continuation {

    /**
     * Writes the answer; may suspend again. Line replies have room, as in {@link CommandHandler#execute}, and are
     * suppressed if the command said noreply. {@link Progress#MORE} calls this continuation again when there is room.
     */
    Progress proceed(ReplyWriter replies, ClientConnection connection);

    /** The connection closed before the answer; called on its loop instead of {@link #proceed}. */
    default void abandoned() {}
}
