package io.karst.appliance.server;

import io.karst.appliance.tls.TlsEvents;
import io.karst.protocol.LoopContext;
import io.karst.protocol.MemcacheConnection;
import io.karst.protocol.Reply;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.CharsetUtil;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts connections as they are accepted ({@link #gate}) and gives each its {@link MemcacheConnection}, or memcached's
 * refusal ({@link #initializer}). Two limits: {@code -c} for all of them, and one per client address. Over {@code -c} a
 * client is told so and closed, or, with {@code no_maxconns_fast}, waits in the kernel's queue until another one leaves.
 * Thread-safe: channels are accepted and initialised on different loops.
 */
final class ConnectionLimit {
    private static final System.Logger LOGGER = System.getLogger(ConnectionLimit.class.getName());
    private static final AttributeKey<Boolean> REFUSED = AttributeKey.valueOf(ConnectionLimit.class, "refused");

    private final ServerSettings settings;
    private final Function<EventLoop, LoopContext> loops;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> openByAddress = new ConcurrentHashMap<>();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong rejectedPerAddress = new AtomicLong();
    private final AtomicLong pauses = new AtomicLong();
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean isAccepting = true;

    ConnectionLimit(ServerSettings settings, Function<EventLoop, LoopContext> loops) {
        this.settings = settings;
        this.loops = loops;
    }

    /** Counts what a listening channel accepts; first in that channel's pipeline. */
    @Sharable
    private final class Gate extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            listeners.add(context.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            arrived((Channel) accepted);
            context.fireChannelRead(accepted);
        }
    }

    ChannelInboundHandlerAdapter gate() {
        return new Gate();
    }

    private void arrived(Channel channel) {
        InetAddress address = addressOf(channel);
        if (address != null && openByAddress.merge(address, 1, Integer::sum) > settings.connectionsPerAddress()) {
            leave(address);
            rejectedPerAddress.incrementAndGet();
            channel.attr(REFUSED).set(true);
            return;
        }
        int count = open.incrementAndGet();
        if (count > settings.maxConnections() && settings.refusesAtOnce()) {
            open.decrementAndGet();
            leave(address);
            rejected.incrementAndGet();
            channel.attr(REFUSED).set(true);
            return;
        }
        channel.closeFuture().addListener(ignored -> {
            open.decrementAndGet();
            leave(address);
            settle();
        });
        settle();
    }

    /** The address to count, or null when nobody counts. */
    private @Nullable InetAddress addressOf(Channel channel) {
        return settings.connectionsPerAddress() > 0 && channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress()
                : null;
    }

    private void leave(@Nullable InetAddress address) {
        if (address != null) {
            openByAddress.computeIfPresent(address, (ignored, count) -> count > 1 ? count - 1 : null);
        }
    }

    /** Pauses accepting when every place is taken, and goes on when one is free; nothing to do for those who refuse. */
    private void settle() {
        if (settings.refusesAtOnce() || isAccepting == open.get() < settings.maxConnections()) {
            return;
        }
        synchronized (this) {
            boolean mayAccept = open.get() < settings.maxConnections();
            if (isAccepting != mayAccept) {
                isAccepting = mayAccept;
                if (!mayAccept) {
                    pauses.incrementAndGet();
                }
                for (Channel listener : listeners) {
                    listener.config().setAutoRead(mayAccept);
                }
            }
        }
    }

    /** What prepares the channels of one listener; with {@code tls}, null or not, as in {@link Listener}. */
    ChannelInitializer<Channel> initializer(@Nullable Function<ByteBufAllocator, SslHandler> tls) {
        return new Initializer(tls);
    }

    @Sharable
    private final class Initializer extends ChannelInitializer<Channel> {
        private final @Nullable Function<ByteBufAllocator, SslHandler> tls;

        Initializer(@Nullable Function<ByteBufAllocator, SslHandler> tls) {
            this.tls = tls;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (channel.hasAttr(REFUSED)) {
                refuse(channel, tls != null);
                return;
            }
            LoopContext loop = loops.apply(channel.eventLoop());
            if (tls != null) {
                channel.pipeline().addLast(tls.apply(channel.alloc()), new TlsEvents(loop));
            }
            MemcacheConnection connection = new MemcacheConnection(loop);
            if (tls == null && settings.transport() != Transport.IO_URING) {
                ChannelConfig config = channel.config();
                config.setRecvByteBufAllocator(connection.receiver(config.getRecvByteBufAllocator()));
            }
            channel.pipeline().addLast(connection);
        }
    }

    /** In memcached's words, except to a client that waits for TLS and would not understand them. */
    private void refuse(Channel channel, boolean isTls) {
        LOGGER.log(Level.DEBUG, "Refused {0}: {1} connections are open", channel.remoteAddress(), open.get());
        channel.config().setAutoRead(false);
        String words = isTls ? "" : Reply.TOO_MANY_CONNECTIONS.text() + "\r\n";
        channel.writeAndFlush(Unpooled.copiedBuffer(words, CharsetUtil.US_ASCII))
                .addListener(ChannelFutureListener.CLOSE);
    }

    int open() {
        return open.get();
    }

    long rejected() {
        return rejected.get();
    }

    long rejectedPerAddress() {
        return rejectedPerAddress.get();
    }

    long pauses() {
        return pauses.get();
    }

    boolean isAccepting() {
        return isAccepting;
    }
}
