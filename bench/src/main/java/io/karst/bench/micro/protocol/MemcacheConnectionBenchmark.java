package io.karst.bench.micro.protocol;

import io.karst.protocol.ClientConnection;
import io.karst.protocol.Command;
import io.karst.protocol.CommandHandler;
import io.karst.protocol.LoopContext;
import io.karst.protocol.MemcacheConnection;
import io.karst.protocol.Progress;
import io.karst.protocol.ProtocolLimits;
import io.karst.protocol.Reply;
import io.karst.protocol.ReplyWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.UnsafeApi;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Decoding one read burst of 32 commands and writing their replies, in an embedded channel: no socket, and a handler that
 * answers every get with the same value; per command.
 *
 * <p>What is left between this and the server is the store and the system calls. Netty's embedded channel has a cost of
 * its own, paid once per burst: {@link #emptyBurst} shows it. It also allocates, so the bytes of {@code -prof gc} are the
 * channel's; AllocationTest in appliance holds the server itself to 0.
 * <pre>
 *  bench/run MemcacheConnectionBenchmark -prof gc
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class MemcacheConnectionBenchmark {
    private static final int BURST = 32;
    private static final int VALUE_LENGTH = 200;

    /** What the burst is made of. */
    @Param({"get", "set", "multiget"})
    private String command = "get";

    private final CannedHandler handler = new CannedHandler();
    private final LoopContext loop = new LoopContext(
            0, ProtocolLimits.defaults(), System::nanoTime, PooledByteBufAllocator.DEFAULT, context -> handler);
    private final EmbeddedChannel channel = new EmbeddedChannel(new MemcacheConnection(loop));
    private ByteBuf burst = PooledByteBufAllocator.DEFAULT.directBuffer(BURST * 300);

    /** Answers gets with one value and everything else with {@code STORED}. */
    private static final class CannedHandler implements CommandHandler {
        private final long value = UnsafeApi.allocateMemory(VALUE_LENGTH);

        @Override
        public Progress execute(Command command, ReplyWriter replies, ClientConnection connection) {
            if (!command.opcode().isRetrieval()) {
                replies.line(Reply.STORED);
                return Progress.DONE;
            }
            for (; command.hasKey(); command.nextKey()) {
                if (!replies.makeRoom(ReplyWriter.valueBound(command.keyLength(), VALUE_LENGTH))) {
                    return Progress.MORE;
                }
                replies.value(command.keyAddress(), command.keyLength(), 0, value, VALUE_LENGTH);
                if (command.endsReply()) {
                    replies.line(Reply.END);
                }
            }
            return Progress.DONE;
        }

        @Override
        public void tooLarge(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}

        @Override
        public void outOfBudget(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}
    }

    /** Writes the burst's bytes once. */
    @Setup
    public void write() {
        StringBuilder text = new StringBuilder(command.equals("multiget") ? "get" : "");
        for (int i = 0; i < BURST; i++) {
            String key = String.format("benchmark:key:%06d", i);
            switch (command) {
                case "get" -> text.append("get ").append(key).append("\r\n");
                case "set" ->
                    text.append("set ")
                            .append(key)
                            .append(" 0 0 200\r\n")
                            .append("x".repeat(200))
                            .append("\r\n");
                default -> text.append(' ').append(key);
            }
        }
        text.append(command.equals("multiget") ? "\r\n" : "");
        burst = burst.clear().writeBytes(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Closes what the loop holds. */
    @TearDown
    public void release() {
        channel.finishAndReleaseAll();
        loop.release();
        burst.release();
    }

    /** The burst in, the replies out; the result is their length in bytes. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int decodeAndReply() {
        return exchange(burst.retainedDuplicate());
    }

    /** A burst with nothing in it. */
    @Benchmark
    public int emptyBurst() {
        return exchange(burst.retainedSlice(0, 0));
    }

    private int exchange(ByteBuf request) {
        channel.writeInbound(request);
        int length = 0;
        for (ByteBuf reply = channel.readOutbound(); reply != null; reply = channel.readOutbound()) {
            length += reply.readableBytes();
            reply.release();
        }
        return length;
    }
}
