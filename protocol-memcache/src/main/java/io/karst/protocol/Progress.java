package io.karst.protocol;

/** How far a handler came with a command. */
public enum Progress {
    /** Answered (or silent by noreply); the next command may be parsed. */
    DONE,
    /**
     * The reply is full. The connection calls again with what is left once the client has read enough: for retrievals from
     * the key under the command's cursor on, for every other command from its beginning (so it must not have had effects).
     */
    MORE,
    /**
     * The answer comes later, through {@link ClientConnection#resume}. Nothing of this connection is parsed until then; the
     * command and everything it points to are gone when execute returns.
     */
    SUSPENDED,
    /** A {@link ReplyProducer} was attached with {@link ClientConnection#produce}; it answers with a budget per turn. */
    PRODUCING
}
