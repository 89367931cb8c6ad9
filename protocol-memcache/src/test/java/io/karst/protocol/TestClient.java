package io.karst.protocol;

import io.karst.protocol.transcript.Transcript;
import io.karst.protocol.transcript.Witness;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One connection without a socket, on the test's own thread: bytes in, bytes out, a clock that only tests move. */
final class TestClient implements Witness {
    /** An EmbeddedChannel that takes only as many bytes as its client reads. */
    private static final class Channel extends EmbeddedChannel {
        private final ByteArrayOutputStream sent;
        private long window = Long.MAX_VALUE;

        Channel(ByteArrayOutputStream sent, ByteBufAllocator allocator) {
            this.sent = sent;
            config().setWriteBufferWaterMark(new WriteBufferWaterMark(256 << 10, 512 << 10));
            config().setAllocator(allocator);
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

    final FakeNanoClock clock;
    final LoopContext loop;
    final MemcacheConnection connection;
    /** Unpooled, because it knows to the byte what was not given back. */
    private final UnpooledByteBufAllocator allocator;

    private final boolean ownsLoop;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final Channel channel;
    private int receivedBytes;
    private long patternBytes;

    TestClient() {
        this(ProtocolLimits.defaults());
    }

    TestClient(ProtocolLimits limits) {
        this(limits, new MapHandler());
    }

    /** On a loop whose connections must log in. */
    TestClient(Access access) {
        this(access, new FakeNanoClock(), new UnpooledByteBufAllocator(true));
    }

    private TestClient(Access access, FakeNanoClock clock, UnpooledByteBufAllocator allocator) {
        this(
                new LoopContext(0, ProtocolLimits.defaults(), access, clock, allocator, unused -> new MapHandler()),
                clock,
                allocator,
                true);
    }

    TestClient(ProtocolLimits limits, CommandHandler handler) {
        this(limits, handler, new FakeNanoClock(), new UnpooledByteBufAllocator(true));
    }

    private TestClient(
            ProtocolLimits limits, CommandHandler handler, FakeNanoClock clock, UnpooledByteBufAllocator allocator) {
        this(new LoopContext(0, limits, clock, allocator, unused -> handler), clock, allocator, true);
    }

    private TestClient(LoopContext loop, FakeNanoClock clock, UnpooledByteBufAllocator allocator, boolean ownsLoop) {
        this.loop = loop;
        this.clock = clock;
        this.allocator = allocator;
        this.ownsLoop = ownsLoop;
        this.channel = new Channel(sent, allocator);
        this.connection = new MemcacheConnection(loop);
        channel.pipeline().addLast(connection);
    }

    /** Another client of the same loop; close it before this one. */
    TestClient neighbour() {
        return new TestClient(loop, clock, allocator, false);
    }

    MapHandler map() {
        return (MapHandler) loop.handler();
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
            ByteBuf buffer = allocator.directBuffer(length);
            buffer.writeBytes(bytes, at, length);
            onLoop(() -> channel.pipeline().fireChannelRead(buffer));
        }
    }

    /** The burst ends, and the loop runs its tasks. */
    void burst() {
        onLoop(() -> channel.pipeline().fireChannelReadComplete());
    }

    /** As a task of its loop, like everything that happens to a real connection. */
    private void onLoop(Runnable task) {
        channel.eventLoop().execute(task);
        channel.runPendingTasks();
        while (channel.runScheduledPendingTasks() == 0) {
            // A producer's turns, which are due at once.
        }
    }

    /** The client reads so many bytes more. */
    void window(long bytes) {
        channel.window = bytes;
        onLoop(channel::flush);
    }

    String received() {
        String all = sent.toString(StandardCharsets.ISO_8859_1);
        String news = all.substring(receivedBytes);
        receivedBytes = all.length();
        return news;
    }

    /** Takes what arrived, checks that it goes on repeating a pattern, and returns its length. */
    int receivedBytes(String pattern) {
        byte[] all = sent.toByteArray();
        int count = all.length - receivedBytes;
        for (int i = receivedBytes; i < all.length; i++) {
            if (all[i] != (byte) pattern.charAt((int) (patternBytes++ % pattern.length()))) {
                throw new AssertionError("byte " + (patternBytes - 1) + " differs from the pattern");
            }
        }
        sent.reset();
        receivedBytes = 0;
        return count;
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
        if (loop.handler() instanceof MapHandler map) {
            map.nowSeconds += seconds;
        }
        clock.advance(seconds * 1_000_000_000L);
    }

    /** The client hangs up. */
    void disconnect() {
        var unused = channel.close();
        channel.runPendingTasks();
    }

    long pendingBytes() {
        @Nullable ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    long memoryInUse() {
        return allocator.metric().usedDirectMemory();
    }

    /** Closes, and proves that every buffer came back. */
    @Override
    public void close() {
        channel.window = Long.MAX_VALUE;
        channel.finishAndReleaseAll();
        if (ownsLoop) {
            loop.release();
            if (memoryInUse() != 0) {
                throw new AssertionError("leaked " + memoryInUse() + " bytes");
            }
        }
    }
}
