package io.karst.protocol;

import io.karst.protocol.transcript.Transcript;
import io.karst.protocol.transcript.Witness;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One connection without a socket, on the test's own thread: bytes in, bytes out, a clock that only tests move. */
final class TestClient implements Witness {
    static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    /** An EmbeddedChannel that takes only as many bytes as its client reads. */
    private static final class Channel extends EmbeddedChannel {
        private final ByteArrayOutputStream sent;
        private long window = Long.MAX_VALUE;

        Channel(ByteArrayOutputStream sent) {
            this.sent = sent;
            config().setWriteBufferWaterMark(new WriteBufferWaterMark(256 << 10, 512 << 10));
            config().setAllocator(ALLOCATOR);
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            for (Object message = in.current(); message != null && window > 0; message = in.current()) {
                ByteBuf buffer = (ByteBuf) message;
                int length = (int) Math.min(window, buffer.readableBytes());
                if (window != Long.MAX_VALUE) {
                    window -= length;
                }
                buffer.readBytes(sent, length);
                in.progress(length);
                if (!buffer.isReadable()) {
                    in.remove();
                }
            }
        }
    }

    final FakeNanoClock clock = new FakeNanoClock();
    final MapHandler handler;
    final LoopContext loop;
    final MemcacheConnection connection;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final Channel channel = new Channel(sent);
    private int receivedBytes;

    TestClient() {
        this(ProtocolLimits.defaults());
    }

    TestClient(ProtocolLimits limits) {
        this(limits, new MapHandler());
    }

    TestClient(ProtocolLimits limits, MapHandler handler) {
        this.handler = handler;
        this.loop = new LoopContext(0, limits, clock, ALLOCATOR, unused -> handler);
        this.connection = new MemcacheConnection(loop);
        channel.pipeline().addLast(connection);
    }

    EmbeddedChannel channel() {
        return channel;
    }

    @Override
    public String name() {
        return "decoder";
    }

    @Override
    public void send(byte[] bytes) {
        read(bytes, 0, bytes.length);
        burst();
    }

    TestClient send(String text) {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** One read of a burst: the channel has more, so there is no channelReadComplete yet. */
    void read(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at += 16384) {
            int length = Math.min(16384, to - at);
            ByteBuf buffer = ALLOCATOR.directBuffer(length);
            buffer.writeBytes(bytes, at, length);
            channel.pipeline().fireChannelRead(buffer);
        }
    }

    /** The burst ends, and the loop runs its tasks. */
    void burst() {
        channel.pipeline().fireChannelReadComplete();
        channel.runPendingTasks();
    }

    /** The client reads so many bytes more. */
    void window(long bytes) {
        channel.window = bytes;
        channel.flush();
        channel.runPendingTasks();
    }

    String received() {
        String all = sent.toString(StandardCharsets.ISO_8859_1);
        String news = all.substring(receivedBytes);
        receivedBytes = all.length();
        return news;
    }

    TestClient expect(String expected) {
        String actual = received();
        if (!actual.equals(expected)) {
            throw new AssertionError(
                    "expected <" + Transcript.printable(expected) + "> but was <" + Transcript.printable(actual) + ">");
        }
        return this;
    }

    byte[] everythingSent() {
        return sent.toByteArray();
    }

    @Override
    public byte[] receive(int length) {
        byte[] all = sent.toByteArray();
        int end = Math.min(all.length, receivedBytes + length);
        byte[] next = Arrays.copyOfRange(all, receivedBytes, end);
        receivedBytes = end;
        return next;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen() && receivedBytes == sent.size();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void advance(int seconds) {
        handler.nowSeconds += seconds;
        clock.advance(seconds * 1_000_000_000L);
    }

    long pendingBytes() {
        @Nullable ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    @Override
    public void close() {
        channel.window = Long.MAX_VALUE;
        channel.finishAndReleaseAll();
        loop.release();
    }
}
