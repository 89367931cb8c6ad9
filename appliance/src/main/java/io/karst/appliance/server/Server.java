package io.karst.appliance.server;

import io.karst.protocol.CommandHandler;
import io.karst.protocol.DatagramServer;
import io.karst.protocol.LoopContext;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sockets that listen, and the loops that serve what they accept. Created with its loops running, {@link #bind} opens
 * it to clients, {@link #close} lets them go in order. Thread-safe.
 */
public final class Server implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Server.class.getName());

    /** Bytes per read: a burst of pipelined requests at once, and a bounded cost per connection. */
    /** Longest datagram there is. */
    private static final int DATAGRAM_BYTES = 64 << 10;

    private static final int READ_BYTES = 16 * 1024;

    private static final int READS_PER_TURN = 4;
    private static final int ACCEPTS_PER_TURN = 16;
    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(256 << 10, 512 << 10);
    private static final long DRAIN_SECONDS = 5;

    private final ServerSettings settings;
    private final ByteBufAllocator allocator;
    private final EventLoops loops;
    private final ConnectionLimit connections;
    private final List<Channel> udpListeners = new ArrayList<>();
    private final List<Channel> listeners = new ArrayList<>();
    /** Addresses of those that were opened by somebody else: Netty does not know the path of such a unix socket. */
    private final Map<Channel, SocketAddress> adopted = new HashMap<>();

    private final AtomicLong listenPauses = new AtomicLong();

    /** Starts the event loops; nobody can connect yet. */
    public Server(ServerSettings settings, CommandHandler.Factory handlers) {
        this.settings = settings;
        this.allocator = NetworkBuffers.of(settings.threads());
        this.loops = new EventLoops(
                settings.threads(), settings.transport(), settings.limits(), settings.access(), allocator, handlers);
        this.connections = new ConnectionLimit(settings, loops::contextOf);
    }

    /** {@link #bind(List)} without UDP. */
    public void bind() throws IOException {
        bind(List.of());
    }

    /**
     * Opens every address to clients.
     *
     * @param udpAddresses those that are to answer datagrams
     * @throws IOException naming the first address that cannot be had; nothing is left open then
     */
    public void bind(List<InetSocketAddress> udpAddresses) throws IOException {
        try {
            for (Listener listener : settings.listeners()) {
                bindTcp(listener);
            }
            Path path = settings.unixSocket();
            if (path != null) {
                bindUnix(path);
            }
            for (InetSocketAddress address : udpAddresses) {
                bindUdp(address);
            }
            if (listeners.isEmpty() && udpListeners.isEmpty()) {
                throw new IOException("no address to listen on");
            }
        } catch (IOException e) {
            closeListeners();
            throw e;
        }
    }

    /**
     * Serves clients of sockets that somebody else has opened and that stay his: their addresses, their backlogs, and the
     * path of a unix socket.
     *
     * @throws IOException naming the first that cannot be used, or when they are driven by something else than epoll
     */
    public void adopt(List<InheritedListener> inherited) throws IOException {
        if (settings.transport() != Transport.EPOLL) {
            throw new IOException("sockets from systemd need epoll. Leave io_uring out, or the socket unit.");
        }
        for (InheritedListener listener : inherited) {
            ChannelFuture registered = bootstrap(listener::open)
                    .childHandler(connections.initializer(listener.tls()))
                    .childOption(ChannelOption.TCP_NODELAY, listener.isUnix() ? null : true)
                    .register()
                    .awaitUninterruptibly();
            if (!registered.isSuccess()) {
                closeListeners();
                throw new IOException(
                        "failed to listen on " + listener.address() + " from systemd: " + reason(registered));
            }
            adopted.put(registered.channel(), listener.address());
            listeners.add(registered.channel());
        }
    }

    private void bindTcp(Listener listener) throws IOException {
        InetSocketAddress address = listener.address();
        ChannelFuture bound = bootstrap(new ReflectiveChannelFactory<>(settings.transport().tcpServer))
                .childHandler(connections.initializer(listener.tls()))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .bind(address)
                .awaitUninterruptibly();
        if (bound.isSuccess()) {
            listeners.add(bound.channel());
        } else if (address.getAddress() instanceof Inet6Address
                && settings.listeners().size() > 1) {
            // Debian's configuration names ::1 whether or not the machine has IPv6.
            LOGGER.log(Level.WARNING, "Not listening on {0}: {1}", address, reason(bound));
        } else {
            throw new IOException("failed to listen on TCP port " + address.getPort() + " of "
                    + address.getAddress().getHostAddress() + ": " + reason(bound));
        }
    }

    private void bindUnix(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(path)) {
                throw new IOException("failed to listen on " + path + ": there is a file of that name");
            }
            Files.delete(path);
        }
        ChannelFuture bound = bootstrap(new ReflectiveChannelFactory<>(settings.transport().unixServer))
                .childHandler(connections.initializer(null))
                .bind(settings.transport().unixAddress(path))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("failed to listen on " + path + ": " + reason(bound));
        }
        listeners.add(bound.channel());
        Files.setPosixFilePermissions(path, permissions(settings.unixMask()));
    }

    /** Answers datagrams that arrive at an address, on one loop. */
    private void bindUdp(InetSocketAddress address) throws IOException {
        int loop = udpListeners.size() % loops.contexts().size();
        ChannelFuture bound = new Bootstrap()
                .group(loops.loop(loop))
                .channel(settings.transport().udp)
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES))
                .handler(new DatagramServer(loops.contexts().get(loop)))
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("failed to listen on UDP port " + address.getPort() + " of "
                    + address.getAddress().getHostAddress() + ": " + reason(bound));
        }
        udpListeners.add(bound.channel());
        LOGGER.log(
                Level.WARNING,
                "UDP is on: it has no logins and believes every sender address. Keep port {0} from the internet.",
                Integer.toString(address.getPort()));
    }

    /** UDP addresses in use. */
    public List<SocketAddress> udpAddresses() {
        return udpListeners.stream().map(Channel::localAddress).toList();
    }

    private static String reason(ChannelFuture failed) {
        Throwable cause = failed.cause();
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }

    private static Set<PosixFilePermission> permissions(int mask) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] fromHighestBit = PosixFilePermission.values();
        for (int i = 0; i < fromHighestBit.length; i++) {
            if ((mask & (1 << (fromHighestBit.length - 1 - i))) != 0) {
                permissions.add(fromHighestBit[i]);
            }
        }
        return permissions;
    }

    private ServerBootstrap bootstrap(ChannelFactory<? extends ServerChannel> listener) {
        return new ServerBootstrap()
                .group(loops.group())
                .channelFactory(listener)
                .option(ChannelOption.SO_BACKLOG, settings.backlog())
                .option(ChannelOption.SO_REUSEADDR, true)
                // One at a time, where the next one may have to wait until another leaves.
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new ServerChannelRecvByteBufAllocator()
                                .maxMessagesPerRead(settings.refusesAtOnce() ? ACCEPTS_PER_TURN : 1))
                .handler(new AcceptFailures())
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(READS_PER_TURN))
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
                // A client may say all it has to say, close its half, and wait for the answers: printf ... | nc.
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    /** Counts what could not be accepted, mostly for want of file descriptors; Netty then pauses accepting for a second. */
    @Sharable
    private final class AcceptFailures extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            context.pipeline().addLast(connections.gate());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (listenPauses.getAndIncrement() == 0) {
                LOGGER.log(Level.WARNING, "Could not accept a connection: " + cause.getMessage());
            }
            context.fireExceptionCaught(cause);
        }
    }

    /** Addresses in use, in the order of the settings. */
    public List<SocketAddress> addresses() {
        return listeners.stream()
                .map(listener -> adopted.getOrDefault(listener, listener.localAddress()))
                .toList();
    }

    /** The event loops' contexts. */
    public List<LoopContext> loops() {
        return loops.contexts();
    }

    /** Runs a task on a loop. */
    public void executeOn(int loop, Runnable task) {
        loops.execute(loop, task);
    }

    /** Runs a task once a second, on the first loop. */
    public void everySecond(Runnable task) {
        loops.everySecond(task);
    }

    /** Connections refused because {@code -c} was reached. */
    public long rejectedConnections() {
        return connections.rejected();
    }

    /** Connections refused because their address had as many as one may have. */
    public long rejectedPerAddress() {
        return connections.rejectedPerAddress();
    }

    /** Whether connections are accepted now. */
    public boolean isAccepting() {
        return connections.isAccepting();
    }

    /** Times accepting had to pause. */
    public long listenPauses() {
        return listenPauses.get() + connections.pauses();
    }

    private void closeListeners() {
        for (Channel listener : listeners) {
            listener.close().awaitUninterruptibly();
        }
        listeners.clear();
        for (Channel listener : udpListeners) {
            listener.close().awaitUninterruptibly();
        }
        udpListeners.clear();
        Path path = settings.unixSocket();
        if (path != null) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Stops accepting, lets clients have the answers they are owed for up to 5 s, and ends the loops. */
    @Override
    public void close() {
        closeListeners();
        loops.drainConnections();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
        while (connections.open() > 0 && System.nanoTime() - deadline < 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        loops.close();
    }
}
