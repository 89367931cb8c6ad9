package io.karst.appliance.server;

import io.karst.protocol.LoopContext;
import io.karst.protocol.MemcacheConnection;
import io.karst.protocol.Reply;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.util.CharsetUtil;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Gives each accepted channel its connection, or memcached's refusal when {@code -c} is reached. Thread-safe: channels are
 * initialised on their own loops.
 */
@Sharable
final class ConnectionLimit extends ChannelInitializer<Channel> {
    private static final System.Logger LOGGER = System.getLogger(ConnectionLimit.class.getName());

    private final int connectionsMax;
    private final Function<EventLoop, LoopContext> loops;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong rejected = new AtomicLong();

    ConnectionLimit(int connectionsMax, Function<EventLoop, LoopContext> loops) {
        this.connectionsMax = connectionsMax;
        this.loops = loops;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (open.incrementAndGet() > connectionsMax) {
            open.decrementAndGet();
            rejected.incrementAndGet();
            LOGGER.log(Level.DEBUG, "Refused {0}: {1} connections are open", channel.remoteAddress(), connectionsMax);
            channel.config().setAutoRead(false);
            channel.writeAndFlush(
                            Unpooled.copiedBuffer(Reply.TOO_MANY_CONNECTIONS.text() + "\r\n", CharsetUtil.US_ASCII))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        LOGGER.log(Level.DEBUG, "Accepted {0}", channel);
        channel.closeFuture().addListener(ignored -> {
            open.decrementAndGet();
            LOGGER.log(Level.DEBUG, "Closed {0}", channel);
        });
        channel.pipeline().addLast(new MemcacheConnection(loops.apply(channel.eventLoop())));
    }

    int open() {
        return open.get();
    }

    long rejected() {
        return rejected.get();
    }
}
