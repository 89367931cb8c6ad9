package io.karst.protocol;

/**
 * Executes commands; one instance per event loop, called on that loop's thread only. Hot path: no allocation, no
 * blocking, no exceptions. Something thrown is counted as our bug and closes the connection that met it.
 */
public interface CommandHandler {

    /** Makes the handler of one loop; called once per loop, before its first connection. */
    @FunctionalInterface
    interface Factory {
        /** The handler for a loop; it may keep the context, for its counters and its inbox. */
        CommandHandler create(LoopContext loop);
    }

    /**
     * Executes one command, or a batch of keys, and appends its replies. At least {@link ReplyWriter#MIN_ROOM} bytes of
     * room exist on entry, so that line replies need no check; values do, see {@link ReplyWriter#makeRoom}.
     *
     * <p>A retrieval is a batch of 1 to {@link Command#MAX_KEYS} keys, from one line or from several pipelined ones:
     *
     * <pre>
     *   for (; command.hasKey(); command.nextKey()) {
     *       ... look up command.keyAddress(), command.keyLength(); on a hit makeRoom (else return MORE), replies.value(...)
     *       if (command.endsReply()) replies.line(Reply.END);
     *   }
     *   return Progress.DONE;
     * </pre>
     *
     * @param command flyweight, valid until this method returns
     */
    Progress execute(Command command, ReplyWriter replies, ClientConnection connection);

    /**
     * Executes one request of the binary protocol and appends its reply. {@link ReplyWriter#MIN_ROOM} bytes of room exist
     * on entry; {@link Progress#MORE} asks to be called again with the whole request. A handler that does not say otherwise
     * knows no binary requests, and answers so.
     *
     * @param command flyweight, valid until this method returns
     */
    default Progress execute(BinaryCommand command, ReplyWriter replies, ClientConnection connection) {
        replies.binaryError(command, BinaryStatus.UNKNOWN_COMMAND);
        return Progress.DONE;
    }

    /**
     * A storage command whose item exceeds the item limit. The connection answers and swallows the data; the handler
     * counts it and, on {@code set}, removes the old value.
     *
     * @param commandName as the text protocol has it, {@code set}
     * @param isSet whether an old value must not outlive the failure
     */
    void tooLarge(String commandName, boolean isSet, long key, int keyLength, int valueLength);

    /**
     * A storage command whose value is refused because half-received values already fill this loop's budget. The
     * connection answers as memcached does when out of memory; the handler counts, and on {@code set} removes the old value.
     *
     * @param commandName as in {@link #tooLarge}
     * @param isSet as there
     */
    void outOfBudget(String commandName, boolean isSet, long key, int keyLength, int valueLength);

    /** A connection was opened on this loop. */
    default void opened(ClientConnection connection) {}

    /** A connection of this loop is gone; it may still be asked who it was. */
    default void closed(ClientConnection connection, CloseReason reason) {}

    /** A burst of commands of one connection begins. The place to refresh the cached clock, with the loop's own reading. */
    default void onBurst(long nowNs) {}

    /** The burst's replies are on their way. */
    default void afterBurst() {}

    /**
     * A bounded piece of housekeeping between the bursts, some tens of microseconds long.
     *
     * @return nanoseconds until it should be done again
     */
    default long maintain(long nowNs) {
        return Long.MAX_VALUE;
    }
}
