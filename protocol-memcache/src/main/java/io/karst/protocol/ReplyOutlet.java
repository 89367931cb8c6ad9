package io.karst.protocol;

import io.netty.buffer.ByteBuf;

/** Where a {@link ReplyWriter}'s buffers go: a connection, or a test's sink. Loop thread only. */
interface ReplyOutlet {

    /** Whether the client keeps up; false once more than the high water mark waits for it. */
    boolean isWritable();

    /** Whether nothing written before still waits for the network. */
    boolean isDrained();

    /** Queues a buffer; takes over its reference. */
    void write(ByteBuf buffer);

    /** Pushes what was queued towards the network. */
    void flush();
}
