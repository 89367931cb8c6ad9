package io.karst.appliance.fuzz;

import static io.karst.appliance.fuzz.FuzzNode.require;

import io.karst.protocol.DatagramServer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Plays inputs as datagrams, each cut a new one, and judges what comes back: datagrams of legal length with the request's
 * id, numbered, which together are whole replies of the dialect; and that a probe is answered. One thread.
 */
final class DatagramFuzz implements FuzzScript.Client {
    private static final int HEADER_LENGTH = 8;
    private static final int DATAGRAM_MAX = 1400;
    private static final int PAYLOAD_MAX = 60_000;
    private static final int REPLY_MAX = FuzzNode.ITEM_SIZE_MAX + (4 << 20) + (72 << 10);

    private final FuzzNode node = new FuzzNode();
    private final FuzzScript script = new FuzzScript(new DatagramGrammar());
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final InetSocketAddress sender = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4321);
    private final InetSocketAddress recipient = new InetSocketAddress(InetAddress.getLoopbackAddress(), 11211);
    private final Bytes sent = new Bytes();
    private final Bytes received = new Bytes();
    private boolean isBare;
    private int id;

    DatagramFuzz() {
        channel.config().setAllocator(node.allocator);
        channel.pipeline().addLast(new DatagramServer(node.context));
        node.attach(channel);
    }

    void play(byte[] input) {
        node.begin();
        isBare = false;
        script.play(input, this);
        node.probeBystander();
        require(exchange(new Bytes().add("mn\r\n")).toString().equals("MN\r\n"), () -> "text probe: " + received);
        Bytes noop = new Bytes().add(0x80).add(0x0a).repeat(0, 22);
        require(exchange(noop).length() == BinaryReplies.HEADER_LENGTH, () -> "binary probe: " + received);
        node.end();
    }

    @Override
    public void send(byte[] bytes, int length, boolean endsBurst) {
        if (isBare) {
            isBare = false;
            sendBare(bytes, length);
        } else {
            exchange(new Bytes().add(bytes, 0, Math.min(length, PAYLOAD_MAX)));
        }
    }

    @Override
    public void window(int bytes) {
        isBare = true;
    }

    @Override
    public void pass(int seconds) {
        node.pass(seconds, 0);
        node.context.tick();
        node.settle();
    }

    /** A datagram whose header the input made. What it answers is not judged, but given back. */
    private void sendBare(byte[] bytes, int length) {
        deliver(new Bytes().add(bytes, 0, Math.min(length, PAYLOAD_MAX)));
        for (DatagramPacket reply = channel.readOutbound(); reply != null; reply = channel.readOutbound()) {
            require(reply.content().readableBytes() <= DATAGRAM_MAX, "a long datagram");
            reply.release();
        }
    }

    private Bytes exchange(Bytes payload) {
        id = (id + 1) & 0xffff;
        sent.clear();
        sent.add(payload.array(), 0, payload.length());
        deliver(new Bytes()
                .number(id, 2)
                .number(0, 2)
                .number(1, 2)
                .number(0, 2)
                .add(payload.array(), 0, payload.length()));
        collect();
        boolean isBinary = sent.length() > 0 && (sent.array()[0] & 0xff) == 0x80;
        if (isBinary) {
            BinaryReplies.check(sent, received, false);
        } else {
            TextReplies.check(received, 0);
        }
        return received;
    }

    private void deliver(Bytes datagram) {
        ByteBuf content = node.allocator.directBuffer(Math.max(1, datagram.length()));
        content.writeBytes(datagram.array(), 0, datagram.length());
        channel.pipeline().fireChannelRead(new DatagramPacket(content, recipient, sender));
        channel.pipeline().fireChannelReadComplete();
        node.settle();
        channel.checkException();
    }

    private void collect() {
        received.clear();
        int count = 0;
        int total = 0;
        for (DatagramPacket reply = channel.readOutbound(); reply != null; reply = channel.readOutbound()) {
            ByteBuf content = reply.content();
            require(reply.recipient().equals(sender), "answered somebody else");
            require(content.readableBytes() > HEADER_LENGTH && content.readableBytes() <= DATAGRAM_MAX, "length");
            require(content.readUnsignedShort() == id, "request id of a reply");
            require(content.readUnsignedShort() == count++, "number of a datagram");
            total = content.readUnsignedShort();
            require(content.readUnsignedShort() == 0, "last two bytes of the header");
            int length = content.readableBytes();
            content.readBytes(received.room(length), received.length(), length);
            received.cut(received.length() + length);
            reply.release();
        }
        int counted = count;
        int announced = total;
        require(counted == announced, () -> counted + " datagrams instead of " + announced);
        require(received.length() <= REPLY_MAX, () -> "a reply of " + received.length() + " bytes");
    }
}
