package io.karst.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * memcached over UDP ({@code -U}): executes the text, meta or binary requests of one datagram and answers in datagrams with
 * the same request id. One per UDP socket, on the loop whose context it was given. A datagram that is part of a larger
 * request, that is no request, or that holds half of one is dropped without an answer, as memcached does, so that a forged
 * sender address earns its owner no more than memcached would send. Source: memcached's protocol.txt, "UDP protocol".
 */
public final class DatagramServer extends SimpleChannelInboundHandler<DatagramPacket> {
    /** Most bytes of one reply, beyond one item. */
    private static final int REPLY_MAX = 4 << 20;

    private static final String NOT_HERE = "SERVER_ERROR not available over UDP";

    private final LoopContext loop;
    private final LoopCounters counters;

    /** A server on the loop of this context. */
    public DatagramServer(LoopContext loop) {
        this.loop = loop;
        this.counters = loop.counters();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        ByteBuf content = packet.content();
        counters.add(WireCounter.BYTES_READ, content.readableBytes());
        if (content.readableBytes() <= DatagramReply.HEADER_LENGTH) {
            counters.increment(WireCounter.MALFORMED_DATAGRAMS);
            return;
        }
        int requestId = content.readUnsignedShort();
        int sequence = content.readUnsignedShort();
        int total = content.readUnsignedShort();
        content.skipBytes(Short.BYTES);
        if (sequence != 0 || total != 1) {
            counters.increment(WireCounter.MALFORMED_DATAGRAMS);
            return;
        }
        DatagramReply reply = new DatagramReply(context.alloc(), loop.limits().itemSizeMax() + REPLY_MAX);
        ReplyWriter replies = loop.replies;
        try {
            loop.handler().onBurst(loop.refreshClock());
            replies.attach(reply);
            if (execute(content, replies, new Client(packet.sender(), packet.recipient())) == Progress.MORE) {
                reply.giveUp();
            }
            replies.detach(reply, true);
            loop.handler().afterBurst();
        } catch (Throwable cause) {
            // An Error too, such as no direct memory left: the writer must let go of the reply, and that be released.
            replies.abandon(reply);
            loop.failed(cause);
        }
        reply.send(context, packet.sender(), requestId);
    }

    private Progress execute(ByteBuf content, ReplyWriter replies, Client client) {
        long position = content.memoryAddress() + content.readerIndex();
        long end = position + content.readableBytes();
        boolean isBinary = (RawBytes.get(position) & 0xff) == BinaryDecoder.MAGIC;
        if (!loop.access().dialect().allows(isBinary)) {
            counters.increment(WireCounter.MALFORMED_DATAGRAMS);
            return Progress.DONE;
        }
        loop.binaryDecoder.isStranger = false;
        while (position < end && !client.isClosing) {
            if (!replies.ready()) {
                return Progress.MORE;
            }
            int verdict = isBinary
                    ? loop.binaryDecoder.next(position, end, 0, 1)
                    : loop.textDecoder.next(position, end, 0, Integer.MAX_VALUE);
            Decoder decoder = isBinary ? loop.binaryDecoder : loop.textDecoder;
            switch (verdict) {
                case Decoder.EXECUTE -> {
                    Progress progress = isBinary ? executeBinary(replies, client) : executeText(replies, client);
                    if (progress != Progress.DONE) {
                        return progress;
                    }
                }
                case Decoder.ANSWERED -> {}
                default -> {
                    return Progress.DONE;
                }
            }
            position = decoder.position + decoder.swallowBytes;
        }
        return Progress.DONE;
    }

    private Progress executeText(ReplyWriter replies, Client client) {
        Command command = loop.command;
        TextDecoder decoder = loop.textDecoder;
        while (true) {
            replies.suppress(command.noreply);
            Progress progress = loop.handler().execute(command, replies, client);
            replies.suppress(false);
            if (progress == Progress.SUSPENDED || progress == Progress.PRODUCING) {
                replies.textLine(NOT_HERE);
            }
            if (progress != Progress.DONE || decoder.longLineEnd == 0) {
                return progress;
            }
            long lineEnd = decoder.longLineEnd;
            decoder.continueLine(command.opcode, command.exptime, decoder.position, lineEnd);
        }
    }

    private Progress executeBinary(ReplyWriter replies, Client client) {
        BinaryCommand request = loop.binaryCommand;
        switch (request.action()) {
            case NOOP -> replies.binarySuccess(request, 0);
            case QUIT -> client.closeAfterReplies();
            case SASL -> replies.binaryError(request, BinaryStatus.UNKNOWN_COMMAND);
            default -> {
                replies.answerStats(true, request.opaque);
                Progress progress = loop.handler().execute(request, replies, client);
                replies.answerStats(false, 0);
                return progress;
            }
        }
        return Progress.DONE;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // ICMP's "port unreachable" arrives as an exception when a client has gone: no news.
        if (!(cause instanceof java.io.IOException)) {
            loop.failed(cause);
        }
    }

    /** The sender of one datagram. What would answer later has nobody to answer to, and is told so at once. */
    private final class Client implements ClientConnection {
        private final InetSocketAddress sender;
        private final @Nullable InetSocketAddress recipient;
        private boolean isClosing;

        Client(InetSocketAddress sender, @Nullable InetSocketAddress recipient) {
            this.sender = sender;
            this.recipient = recipient;
        }

        @Override
        public long id() {
            return 0;
        }

        @Override
        public LoopContext loop() {
            return loop;
        }

        @Override
        public void resume(Continuation continuation) {
            continuation.abandoned();
        }

        @Override
        public void produce(ReplyProducer producer) {
            producer.close();
        }

        @Override
        public void wake() {
            // Nothing is ever idle here: producers are closed as soon as they are attached.
        }

        @Override
        public void closeAfterReplies() {
            isClosing = true;
        }

        @Override
        public String remoteName() {
            return "udp:" + sender.getAddress().getHostAddress() + ":" + sender.getPort();
        }

        @Override
        public String localName() {
            return recipient == null
                    ? "udp:"
                    : "udp:" + recipient.getAddress().getHostAddress() + ":" + recipient.getPort();
        }

        @Override
        public String stateName() {
            return "conn_read";
        }

        @Override
        public long lastCommandNs() {
            return loop.nowNs();
        }
    }
}
