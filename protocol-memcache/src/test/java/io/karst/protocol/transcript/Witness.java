package io.karst.protocol.transcript;

import java.io.IOException;

/** One open connection to something that claims to speak memcached. */
public interface Witness extends AutoCloseable {

    /** Who it is, as {@code @not} lines name it: {@code memcached-1.6.18}, {@code decoder}, {@code karst}. */
    String name();

    /** Sends bytes. */
    void send(byte[] bytes) throws IOException;

    /** The bytes answered next: as many as asked for, fewer only if the peer closed or fell silent. */
    byte[] receive(int length) throws IOException;

    /** Whether the peer closes, without a further byte. */
    boolean isClosed() throws IOException;

    /** Lets time pass: really, or on a fake clock. */
    void advance(int seconds) throws IOException;

    @Override
    void close() throws IOException;
}
