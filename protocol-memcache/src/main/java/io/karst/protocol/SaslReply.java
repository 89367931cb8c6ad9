package io.karst.protocol;

/** Puts the outcome of a login step into the dialect's words. Called on the connection's loop, with room for a line. */
@FunctionalInterface
public interface SaslReply {

    /** Writes the answer: at most {@link SaslOutcome#DATA_MAX} bytes of data and a header. */
    void answer(SaslOutcome outcome, ReplyWriter replies, ClientConnection connection);
}
