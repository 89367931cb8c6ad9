package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes of replies. */
class ReplyWriterTest {
    private final StringBuilder written = new StringBuilder();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final ReplyWriter replies = new ReplyWriter(allocator, new LoopCounters());
    private final ReplyOutlet outlet = new ReplyOutlet() {
        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public boolean isDrained() {
            return true;
        }

        @Override
        public void write(ByteBuf buffer) {
            written.append(buffer.toString(StandardCharsets.ISO_8859_1));
            buffer.release();
        }

        @Override
        public void flush() {}
    };

    @AfterEach
    void everyBufferCameBack() {
        replies.release();
        assertEquals(0, allocator.metric().usedDirectMemory());
    }

    private String flushed() {
        replies.detach(outlet, true);
        String text = written.toString();
        written.setLength(0);
        return text;
    }

    private void begin() {
        replies.attach(outlet);
        assertTrue(replies.ready());
    }

    @ParameterizedTest
    @EnumSource(Reply.class)
    void literalsArriveWhole(Reply reply) {
        begin();
        replies.line(reply);
        assertEquals(reply.text() + "\r\n", flushed());
    }

    @Test
    void numbersAreUnsignedDecimals() {
        Random random = new Random(42);
        for (int shift = 0; shift < 64; shift++) {
            for (long near : new long[] {(1L << shift) - 1, 1L << shift, random.nextLong() >>> shift}) {
                begin();
                replies.number(near);
                assertEquals(Long.toUnsignedString(near) + "\r\n", flushed());
            }
        }
        long power = 1;
        for (int digits = 1; digits <= 20; digits++, power *= 10) {
            for (long near : new long[] {power - 1, power, power + 1}) {
                begin();
                replies.number(near);
                assertEquals(Long.toUnsignedString(near) + "\r\n", flushed());
            }
        }
    }

    @Test
    void boundCoversTheLongestReply() {
        String key = "k".repeat(250);
        long keyAddress = UnsafeApi.allocateMemory(1_000);
        UnsafeApi.setMemory(keyAddress, 1_000, (byte) 'k');
        for (int valueLength : new int[] {0, 1, 7, 8, 9, 127, 128, 129, 1_000}) {
            begin();
            replies.valueWithCas(keyAddress, 250, -1, keyAddress, valueLength, -1L);
            String expected = "VALUE " + key + " 4294967295 " + valueLength + " 18446744073709551615\r\n"
                    + "k".repeat(valueLength) + "\r\n";
            assertEquals(expected, flushed());
            assertTrue(expected.length() + Command.MAX_KEYS * 5 <= ReplyWriter.valueBound(250, valueLength));
        }
        UnsafeApi.freeMemory(keyAddress);
    }

    @Test
    void suppressedWritesNothing() {
        begin();
        replies.suppress(true);
        replies.line(Reply.OK);
        replies.number(1);
        replies.stat("name", 1);
        replies.suppress(false);
        replies.line(Reply.END);
        assertEquals("END\r\n", flushed());
    }

    @Test
    void textMakesItsOwnRoom() {
        begin();
        for (int i = 0; i < 10_000; i++) {
            replies.stat("some_name", i);
        }
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            expected.append("STAT some_name ").append(i).append("\r\n");
        }
        assertEquals(expected.toString(), flushed());
    }
}
