package io.karst.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/**
 * Collects the replies to one datagram and sends them in as few datagrams as they take, each behind the eight bytes that
 * memcached's UDP puts first: request id, number of the datagram, how many there are, zero. Loop thread only. Not the hot
 * path: replies are copied once.
 */
final class DatagramReply implements ReplyOutlet {
    /** Bytes in front of every datagram. */
    static final int HEADER_LENGTH = 8;

    /** Most bytes of a datagram, header included; fits an Ethernet frame. */
    private static final int DATAGRAM_MAX = 1400;

    private static final int PAYLOAD_MAX = DATAGRAM_MAX - HEADER_LENGTH;
    private static final int DATAGRAMS_MAX = 0xffff;

    private final ByteBuf collected;
    private final int bytesMax;
    private boolean isOverfull;

    /** @param bytesMax what one reply may take */
    DatagramReply(ByteBufAllocator allocator, int bytesMax) {
        this.collected = allocator.directBuffer();
        this.bytesMax = Math.min(bytesMax, DATAGRAMS_MAX * PAYLOAD_MAX);
    }

    @Override
    public boolean isWritable() {
        return collected.readableBytes() < bytesMax;
    }

    @Override
    public boolean isDrained() {
        return true;
    }

    @Override
    public void write(ByteBuf buffer) {
        try {
            if (collected.readableBytes() + buffer.readableBytes() > bytesMax + ReplyWriter.PUSH_BYTES) {
                isOverfull = true;
            } else {
                collected.writeBytes(buffer);
            }
        } finally {
            buffer.release();
        }
    }

    @Override
    public void flush() {}

    /** Half an answer is none. */
    void giveUp() {
        isOverfull = true;
    }

    /** Sends what was collected, nothing if it was too much, and gives the buffer back. */
    void send(ChannelHandlerContext context, InetSocketAddress recipient, int requestId) {
        int length = collected.readableBytes();
        int total = (length + PAYLOAD_MAX - 1) / PAYLOAD_MAX;
        if (!isOverfull && total <= DATAGRAMS_MAX) {
            for (int i = 0; i < total; i++) {
                int payload = Math.min(PAYLOAD_MAX, collected.readableBytes());
                ByteBuf datagram = context.alloc().directBuffer(HEADER_LENGTH + payload);
                datagram.writeShort(requestId).writeShort(i).writeShort(total).writeShort(0);
                datagram.writeBytes(collected, payload);
                var unused = context.write(new DatagramPacket(datagram, recipient), context.voidPromise());
            }
            context.flush();
        }
        collected.release();
    }
}
