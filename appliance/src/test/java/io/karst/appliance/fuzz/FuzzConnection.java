package io.karst.appliance.fuzz;

import static io.karst.appliance.fuzz.FuzzNode.require;

import io.karst.protocol.MemcacheConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;

/** A client of a {@link FuzzNode}, which reads as much as it likes. One thread. */
final class FuzzConnection {
    private static final int READ_BYTES = 16 << 10;
    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(4 << 10, 8 << 10);

    /** Takes only as many bytes as its client reads. */
    private final class Channel extends EmbeddedChannel {
        private long window = Long.MAX_VALUE;

        Channel() {
            config().setWriteBufferWaterMark(WATER_MARKS);
            config().setAllocator(node.allocator);
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) {
            for (Object message = in.current(); message != null; message = in.current()) {
                ByteBuf buffer = (ByteBuf) message;
                int length = (int) Math.min(window, buffer.readableBytes());
                if (length == 0 && buffer.isReadable()) {
                    return;
                }
                window -= length;
                buffer.readBytes(received.room(length), received.length(), length);
                received.cut(received.length() + length);
                in.progress(length);
                if (!buffer.isReadable()) {
                    in.remove();
                }
            }
        }
    }

    private final FuzzNode node;
    private final Bytes received = new Bytes();
    private final Channel channel;
    private final MemcacheConnection connection;

    FuzzConnection(FuzzNode node) {
        this.node = node;
        this.channel = new Channel();
        this.connection = new MemcacheConnection(node.context);
        node.attach(channel);
        channel.pipeline().addLast(connection);
        node.settle();
    }

    /** What has come back so far. */
    Bytes received() {
        return received;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Where the connection stands, in the words of {@code stats conns}. */
    String state() {
        return connection.stateName();
    }

    /** Whether the server wants to read: a socket would keep back what is sent while it does not. */
    boolean isReading() {
        return channel.config().isAutoRead();
    }

    void send(byte[] bytes, int length, boolean endsBurst) {
        for (int at = 0; at < length; at += READ_BYTES) {
            int count = Math.min(READ_BYTES, length - at);
            ByteBuf buffer = node.allocator.directBuffer(count);
            buffer.writeBytes(bytes, at, count);
            onLoop(() -> channel.pipeline().fireChannelRead(buffer));
        }
        if (endsBurst) {
            onLoop(() -> channel.pipeline().fireChannelReadComplete());
        }
    }

    void send(String text) {
        Bytes bytes = new Bytes().add(text);
        send(bytes.array(), bytes.length(), true);
    }

    /** The client reads so many bytes more. */
    void window(long bytes) {
        channel.window = bytes;
        onLoop(channel::flush);
    }

    /** Asks, and is answered so and not otherwise. */
    void exchange(String request, String reply) {
        received.clear();
        send(request);
        require(received.toString().equals(reply), () -> "asked <" + request + ">, answered <" + received + ">");
    }

    private void onLoop(Runnable task) {
        channel.eventLoop().execute(task);
        node.settle();
    }

    /** Reads what is left and hangs up. */
    void close() {
        window(Long.MAX_VALUE);
        channel.finishAndReleaseAll();
        node.settle();
        node.detach(channel);
    }
}
