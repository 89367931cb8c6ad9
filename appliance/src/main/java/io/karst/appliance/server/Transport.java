package io.karst.appliance.server;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** How sockets are driven. */
public enum Transport {
    /** Linux epoll through Netty's native library. */
    EPOLL(EpollServerSocketChannel.class, EpollServerDomainSocketChannel.class, EpollDatagramChannel.class) {
        @Override
        IoHandlerFactory ioHandlers() {
            return EpollIoHandler.newFactory();
        }
    },
    /** Linux io_uring through Netty's native library. */
    IO_URING(IoUringServerSocketChannel.class, IoUringServerDomainSocketChannel.class, IoUringDatagramChannel.class) {
        @Override
        IoHandlerFactory ioHandlers() {
            return IoUringIoHandler.newFactory();
        }
    },
    /** Java's selector, where neither is to be had. */
    NIO(NioServerSocketChannel.class, NioServerDomainSocketChannel.class, NioDatagramChannel.class) {
        @Override
        IoHandlerFactory ioHandlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        SocketAddress unixAddress(Path path) {
            return UnixDomainSocketAddress.of(path);
        }
    };

    final Class<? extends ServerChannel> tcpServer;
    final Class<? extends ServerChannel> unixServer;
    final Class<? extends DatagramChannel> udp;

    Transport(
            Class<? extends ServerChannel> tcpServer,
            Class<? extends ServerChannel> unixServer,
            Class<? extends DatagramChannel> udp) {
        this.tcpServer = tcpServer;
        this.unixServer = unixServer;
        this.udp = udp;
    }

    /** epoll, or NIO where the native library does not load. */
    public static Transport preferred() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /**
     * io_uring, which was asked for by name.
     *
     * @throws IllegalStateException with the reason when this machine has none
     */
    public static Transport ioUring() {
        if (!IoUring.isAvailable()) {
            throw new IllegalStateException("io_uring is not available here: "
                    + IoUring.unavailabilityCause().getMessage());
        }
        return IO_URING;
    }

    abstract IoHandlerFactory ioHandlers();

    SocketAddress unixAddress(Path path) {
        return new DomainSocketAddress(path.toFile());
    }
}
