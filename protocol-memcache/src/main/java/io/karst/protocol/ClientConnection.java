package io.karst.protocol;

/** What a handler may ask of the connection whose command it executes. Loop thread only, unless it says otherwise. */
public interface ClientConnection {

    /** A number unique in this process, ascending. Any thread. */
    long id();

    /** The loop that owns this connection. Any thread. */
    LoopContext loop();

    /**
     * Hands the rest of a suspended command to the connection's loop. Any thread, once per {@link Progress#SUSPENDED}, even
     * before execute has returned it.
     */
    void resume(Continuation continuation);

    /** Attaches a producer; the handler then returns {@link Progress#PRODUCING}. */
    void produce(ReplyProducer producer);

    /** Has an idle producer asked again; does nothing when it is not idle. Any thread. */
    void wake();

    /** Closes once everything answered so far was sent; later input is dropped. */
    void closeAfterReplies();

    /** The client, for {@code stats conns}: {@code tcp:10.0.0.7:51234}, {@code unix:/path}. Cold path. */
    String remoteName();

    /** The listening side, in the same form. Cold path. */
    String localName();

    /** What the connection is doing, in memcached's word: {@code conn_read}, {@code conn_nread}, {@code conn_swallow}. */
    String stateName();

    /** Nanoseconds of the loop's clock when the last command was taken. */
    long lastCommandNs();
}
