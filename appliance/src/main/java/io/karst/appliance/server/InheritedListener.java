package io.karst.appliance.server;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A socket that listens already, as an open file of this process.
 *
 * @param descriptor number of the open file
 * @param isUnix whether its address is a path, not a TCP port
 * @param address where it listens
 * @param tls as in {@link Listener}
 */
public record InheritedListener(
        int descriptor,
        boolean isUnix,
        SocketAddress address,
        @Nullable Function<ByteBufAllocator, SslHandler> tls) {

    ServerChannel open() {
        return isUnix ? new EpollServerDomainSocketChannel(descriptor, true) : new EpollServerSocketChannel(descriptor);
    }
}
