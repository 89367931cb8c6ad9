package io.karst.bench.micro.protocol;

import io.karst.protocol.BinaryCommand;
import io.karst.protocol.BinaryOpcode;
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
 * Decoding one read burst of 32 commands of each dialect and writing their replies, in an embedded channel: no socket, and a
 * handler that answers every get with the same value, or says nothing, which leaves the decoding; per command.
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
    @Param({"get", "set", "multiget", "mg", "ms", "getq", "binarySet"})
    private String command = "get";

    /** Whether the handler answers. */
    @Param({"true", "false"})
    private boolean answered;

    private final CannedHandler handler = new CannedHandler();
    private final LoopContext loop = new LoopContext(
            0, ProtocolLimits.defaults(), System::nanoTime, PooledByteBufAllocator.DEFAULT, context -> handler);
    private final EmbeddedChannel channel = new EmbeddedChannel(new MemcacheConnection(loop));
    private ByteBuf burst = PooledByteBufAllocator.DEFAULT.directBuffer(BURST * 300);

    /** Answers gets with one value and everything else with success, or nothing at all. */
    private static final class CannedHandler implements CommandHandler {
        private boolean answers;
        private final long value = UnsafeApi.allocateMemory(VALUE_LENGTH);

        @Override
        public Progress execute(Command command, ReplyWriter replies, ClientConnection connection) {
            if (!answers) {
                return Progress.DONE;
            }
            switch (command.opcode()) {
                case META_GET -> {
                    return metaGet(replies);
                }
                case META_SET -> {
                    return metaDone(replies);
                }
                default -> {}
            }
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

        private Progress metaGet(ReplyWriter replies) {
            if (!replies.makeRoom(ReplyWriter.META_LINE_BOUND + VALUE_LENGTH)) {
                return Progress.MORE;
            }
            replies.metaValueCode(VALUE_LENGTH);
            replies.metaValue(value, VALUE_LENGTH);
            return Progress.DONE;
        }

        private static Progress metaDone(ReplyWriter replies) {
            if (!replies.makeRoom(ReplyWriter.META_LINE_BOUND)) {
                return Progress.MORE;
            }
            replies.metaCode('H', 'D');
            replies.metaEnd();
            return Progress.DONE;
        }

        @Override
        public Progress execute(BinaryCommand command, ReplyWriter replies, ClientConnection connection) {
            if (!answers) {
                return Progress.DONE;
            }
            if (command.action() == BinaryOpcode.Action.SET) {
                replies.binarySuccess(command, 1);
                return Progress.DONE;
            }
            if (!replies.makeRoom(ReplyWriter.BINARY_BOUND + VALUE_LENGTH)) {
                return Progress.MORE;
            }
            replies.binaryItem(command, false, 0, value, VALUE_LENGTH, 1);
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
        handler.answers = answered;
        burst.clear();
        if (command.equals("multiget")) {
            text("get");
        }
        for (int i = 0; i < BURST; i++) {
            String key = String.format("benchmark:key:%06d", i);
            switch (command) {
                case "get" -> text("get " + key + "\r\n");
                case "set" -> text("set " + key + " 0 0 200\r\n" + "x".repeat(VALUE_LENGTH) + "\r\n");
                case "mg" -> text("mg " + key + " v\r\n");
                case "ms" -> text("ms " + key + " 200\r\n" + "x".repeat(VALUE_LENGTH) + "\r\n");
                case "getq" -> binary(BinaryOpcode.GETQ, key, 0, "");
                case "binarySet" -> binary(BinaryOpcode.SET, key, 8, "x".repeat(VALUE_LENGTH));
                default -> text(" " + key);
            }
        }
        if (command.equals("multiget")) {
            text("\r\n");
        }
    }

    private void text(String text) {
        burst = burst.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void binary(BinaryOpcode opcode, String key, int extrasLength, String value) {
        burst = burst.writeByte(0x80)
                .writeByte(opcode.code())
                .writeShort(key.length())
                .writeByte(extrasLength)
                .writeZero(3)
                .writeInt(extrasLength + key.length() + value.length())
                .writeZero(12 + extrasLength);
        text(key + value);
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
