package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The hot path allocates nothing, Netty's share included: from channelRead to flush, over 10,000 bursts, on a thread of the
 * kind that event loops are (on others Netty makes a new entry, 64 bytes, for each write instead of recycling it).
 */
@Timeout(120)
class AllocationTest {
    private static final int WARM_UP = 30_000;
    private static final int ROUNDS_MAX = 10;
    private static final int MEASURED = 10_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Answers every key with the same bytes. */
    private static final class ConstantHandler implements CommandHandler {
        private static final int VALUE_LENGTH = 200;
        private final long value = UnsafeApi.allocateMemory(VALUE_LENGTH);

        ConstantHandler() {
            UnsafeApi.setMemory(value, VALUE_LENGTH, (byte) 'v');
        }

        @Override
        public Progress execute(Command command, ReplyWriter replies, ClientConnection connection) {
            switch (command.opcode()) {
                case SET -> replies.line(Reply.STORED);
                case DELETE -> replies.line(Reply.DELETED);
                case INCR -> replies.number(command.delta());
                case TOUCH -> replies.line(Reply.TOUCHED);
                default -> {
                    return retrieve(command, replies);
                }
            }
            return Progress.DONE;
        }

        private Progress retrieve(Command command, ReplyWriter replies) {
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

    /** Sends everything at once to nowhere, as a socket with room in its buffer would. */
    private static final class SinkChannel extends EmbeddedChannel {
        @Override
        protected void doWrite(ChannelOutboundBuffer in) {
            while (in.current() != null) {
                in.remove();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get some_key_of_20_bytes\r\n",
                "gets a b c d e f g\r\n",
                "get a\r\nget b\r\nget c\r\nget d\r\nget e\r\nget f\r\nget g\r\nget h\r\n",
                "set some_key_of_20_bytes 0 0 5\r\nhello\r\n",
                "set a 0 0 5 noreply\r\nhello\r\nget a\r\n",
                "delete some_key_of_20_bytes\r\n",
                "incr some_key 5\r\n",
                "touch some_key 100\r\ngat 100 some_key\r\n"
            })
    void burstAllocatesNothing(String commands) {
        assertEquals(0, allocatedBy(commands, 1), "bytes allocated in " + MEASURED + " bursts");
    }

    @Test
    void multigetThatFillsSeveralBuffersAllocatesNothing() {
        String multiget = "get" + " some_key_of_20_bytes".repeat(1_000) + "\r\n";
        assertEquals(0, allocatedBy(multiget, 4), "bytes allocated");
    }

    private static long allocatedBy(String commands, int share) {
        AtomicLong allocated = new AtomicLong(-1);
        Thread loop = new FastThreadLocalThread(() -> allocated.set(measure(commands, share)));
        loop.start();
        try {
            loop.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return allocated.get();
    }

    private static long measure(String commands, int share) {
        SinkChannel channel = new SinkChannel();
        LoopContext loop = new LoopContext(
                0,
                ProtocolLimits.defaults(),
                System::nanoTime,
                new UnpooledByteBufAllocator(true, true),
                unused -> new ConstantHandler());
        channel.pipeline().addLast(new MemcacheConnection(loop));
        byte[] bytes = commands.getBytes(StandardCharsets.US_ASCII);
        ByteBuf received = new UnpooledByteBufAllocator(true, true).directBuffer(bytes.length);
        received.writeBytes(bytes);
        bursts(channel, received, WARM_UP / share);
        long least = Long.MAX_VALUE;
        // A class that the JVM initialises late is charged to whoever comes by, and so is code that a busy machine has
        // not
        // compiled yet: an allocation of ours is there in every round.
        for (int round = 0; round < ROUNDS_MAX && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            bursts(channel, received, MEASURED / share);
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        received.release();
        channel.finishAndReleaseAll();
        loop.release();
        return least;
    }

    private static void bursts(SinkChannel channel, ByteBuf received, int count) {
        for (int i = 0; i < count; i++) {
            received.setIndex(0, received.capacity()).retain();
            channel.pipeline().fireChannelRead(received);
            channel.pipeline().fireChannelReadComplete();
        }
    }
}
