package io.karst.appliance.server;

import io.karst.appliance.tls.TlsEvents;
import io.karst.protocol.LoopContext;
import io.karst.protocol.MemcacheConnection;
import io.karst.protocol.Reply;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.CharsetUtil;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives each accepted channel its connection, or memcached's refusal when {@code -c} is reached. Thread-safe: channels are
 * initialised on their own loops.
 */
final class ConnectionLimit {
    private static final System.Logger LOGGER = System.getLogger(ConnectionLimit.class.getName());

    private final int connectionsMax;
    private final Function<EventLoop, LoopContext> loops;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong rejected = new AtomicLong();

    ConnectionLimit(int connectionsMax, Function<EventLoop, LoopContext> loops) {
        this.connectionsMax = connectionsMax;
        this.loops = loops;
    }

    /** What prepares the channels of one listener; with {@code tls}, null or not, as in {@link Listener}. */
    ChannelHandler initializer(@Nullable Function<ByteBufAllocator, SslHandler> tls) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                if (open.incrementAndGet() > connectionsMax) {
                    refuse(channel, tls != null);
                } else {
                    accept(channel, tls);
                }
            }
        };
    }

    /** In memcached's words, except to a client that waits for TLS and would not understand them. */
    private void refuse(Channel channel, boolean isTls) {
        open.decrementAndGet();
        rejected.incrementAndGet();
        LOGGER.log(Level.DEBUG, "Refused {0}: {1} connections are open", channel.remoteAddress(), connectionsMax);
        channel.config().setAutoRead(false);
        String words = isTls ? "" : Reply.TOO_MANY_CONNECTIONS.text() + "\r\n";
        channel.writeAndFlush(Unpooled.copiedBuffer(words, CharsetUtil.US_ASCII))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private void accept(Channel channel, @Nullable Function<ByteBufAllocator, SslHandler> tls) {
        LOGGER.log(Level.DEBUG, "Accepted {0}", channel);
        channel.closeFuture().addListener(ignored -> {
            open.decrementAndGet();
            LOGGER.log(Level.DEBUG, "Closed {0}", channel);
        });
        LoopContext loop = loops.apply(channel.eventLoop());
        if (tls != null) {
            channel.pipeline().addLast(tls.apply(channel.alloc()), new TlsEvents(loop));
        }
        channel.pipeline().addLast(new MemcacheConnection(loop));
    }

    int open() {
        return open.get();
    }

    long rejected() {
        return rejected.get();
    }
}
