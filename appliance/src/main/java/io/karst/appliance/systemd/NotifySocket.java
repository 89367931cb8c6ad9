package io.karst.appliance.systemd;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.CharsetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The unix datagram socket that the manager reads: one datagram a message, lines of {@code NAME=value}. Netty's, because
 * the JDK has no unix datagrams; with a thread of its own, so that a message leaves while every event loop is busy or has
 * ended. Thread-safe.
 *
 * <p>Source: sd_notify(3).
 */
final class NotifySocket implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(NotifySocket.class.getName());
    private static final long SEND_SECONDS = 5;

    private final EventLoopGroup thread;
    private final Channel channel;

    private NotifySocket(EventLoopGroup thread, Channel channel) {
        this.thread = thread;
        this.channel = channel;
    }

    /**
     * Connects.
     *
     * @param name a path, or an abstract name behind an at sign
     * @throws IOException when there is no such socket, or no epoll to speak to it with
     */
    static NotifySocket connect(String name) throws IOException {
        if (!name.startsWith("/") && !name.startsWith("@")) {
            throw new IOException("neither a path nor an abstract name");
        }
        if (!Epoll.isAvailable()) {
            throw new IOException(
                    "it needs epoll: " + Epoll.unavailabilityCause().getMessage());
        }
        EventLoopGroup thread = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("karst-systemd", true), EpollIoHandler.newFactory());
        ChannelFuture connected = new Bootstrap()
                .group(thread)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new DomainSocketAddress(name.replaceFirst("^@", "\0")))
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            thread.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
            throw new IOException(connected.cause());
        }
        return new NotifySocket(thread, connected.channel());
    }

    /** Sends a message and waits until the kernel has it. Not on the socket's own thread. */
    void send(String message) {
        ChannelFuture sent = offer(message);
        if (!sent.awaitUninterruptibly(SEND_SECONDS, TimeUnit.SECONDS) || !sent.isSuccess()) {
            LOGGER.log(Level.WARNING, "Could not tell systemd {0}: {1}", message, String.valueOf(sent.cause()));
        }
    }

    /** Sends a message at the end of each period in which it is due, which the socket's thread asks. */
    void sendEvery(long periodNs, String message, BooleanSupplier isDue) {
        Runnable turn = () -> {
            if (isDue.getAsBoolean()) {
                var unused = offer(message);
            }
        };
        var unused = thread.scheduleAtFixedRate(turn, periodNs, periodNs, TimeUnit.NANOSECONDS);
    }

    private ChannelFuture offer(String message) {
        return channel.writeAndFlush(Unpooled.copiedBuffer(message, CharsetUtil.UTF_8));
    }

    /** Sends nothing more. Idempotent. */
    @Override
    public void close() {
        thread.shutdownGracefully(0, SEND_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
