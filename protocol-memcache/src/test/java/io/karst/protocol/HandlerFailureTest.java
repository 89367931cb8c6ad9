package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our own bugs: they cost one connection, not the loop. */
@Timeout(60)
class HandlerFailureTest {
    private final Logger logger = Logger.getLogger(LoopContext.class.getName());

    @BeforeEach
    void keepTheExpectedFromTheLog() {
        logger.setLevel(Level.OFF);
    }

    @AfterEach
    void logAgain() {
        logger.setLevel(null);
    }

    private static final class FailingHandler implements CommandHandler {
        @Override
        public Progress execute(Command command, ReplyWriter replies, ClientConnection connection) {
            if (command.opcode() == Opcode.STATS) {
                replies.stat("name", "value");
                return Progress.DONE;
            }
            replies.line(Reply.OK);
            if (command.opcode() == Opcode.DELETE || command.opcode() == Opcode.SET) {
                throw new IllegalStateException("a bug");
            }
            return Progress.DONE;
        }

        @Override
        public Progress execute(BinaryCommand command, ReplyWriter replies, ClientConnection connection) {
            throw new IllegalStateException("a bug in binary statistics");
        }

        @Override
        public void tooLarge(String commandName, boolean isSet, long key, int keyLength, int valueLength) {
            throw new IllegalStateException("another bug");
        }

        @Override
        public void outOfBudget(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}
    }

    private static void fails(String input) {
        try (TestClient client = new TestClient(ProtocolLimits.defaults(), new FailingHandler());
                TestClient neighbour = client.neighbour()) {
            client.send(input);
            assertFalse(client.isOpen());
            neighbour.send("touch a 1\r\n").expect("OK\r\n");
            assertTrue(neighbour.isOpen());
            assertEquals(1, client.loop.counters().get(WireCounter.HANDLER_FAILURES));
            assertEquals(1, client.loop.counters().get(WireCounter.CURR_CONNECTIONS));
            assertEquals(0, client.loop.counters().get(WireCounter.IN_FLIGHT_BYTES));
        }
    }

    @Test
    void exceptionClosesItsConnectionOnly() {
        fails("touch a 1\r\ndelete a\r\ntouch a 1\r\n");
    }

    @Test
    void exceptionInTheMiddleOfACollectedValue() {
        fails("set a 0 0 40000\r\n" + "x".repeat(40_000) + "\r\n");
    }

    @Test
    void exceptionWhileRefusing() {
        fails("set a 0 0 1048576\r\n");
    }

    @Test
    void textStatisticsStayTextAfterBinaryOnesFailed() {
        try (TestClient client = new TestClient(ProtocolLimits.defaults(), new FailingHandler());
                TestClient neighbour = client.neighbour()) {
            client.send("\u0080\u0010" + "\0".repeat(22));
            assertFalse(client.isOpen());
            neighbour.send("stats\r\n").expect("STAT name value\r\n");
        }
    }

    @Test
    void errorOverUdpKeepsNoMemory() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        CommandHandler handler = new CommandHandler() {
            @Override
            public Progress execute(Command command, ReplyWriter replies, ClientConnection connection) {
                throw new OutOfMemoryError("as Netty says when direct memory is used up");
            }

            @Override
            public void tooLarge(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}

            @Override
            public void outOfBudget(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}
        };
        LoopContext loop = new LoopContext(0, ProtocolLimits.defaults(), System::nanoTime, allocator, l -> handler);
        EmbeddedChannel channel = new EmbeddedChannel(new DatagramServer(loop));
        channel.config().setAllocator(allocator);
        InetSocketAddress anybody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        ByteBuf request = allocator
                .directBuffer()
                .writeShort(7)
                .writeShort(0)
                .writeShort(1)
                .writeShort(0);
        request.writeCharSequence("delete a\r\n", StandardCharsets.US_ASCII);
        channel.writeInbound(new DatagramPacket(request, anybody, anybody));
        assertEquals(1, loop.counters().get(WireCounter.HANDLER_FAILURES));
        channel.finishAndReleaseAll();
        loop.release();
        assertEquals(0, allocator.metric().usedDirectMemory());
    }
}
