package io.karst.appliance.http;

import io.karst.appliance.config.Settings;
import io.karst.appliance.tls.Certificates;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/*
 * Whoever looks must not be felt by those who are served. So nothing here runs on an event loop of theirs: one thread reads
 * and writes, two make the answers. What only a loop may touch, it is asked for with a task of some microseconds
 * (LoopQuestion), and not more than ten times a second. There are at most 64 connections, requests of 12 KiB and one request
 * a connection at a time, so that queues and memory have their bound.
 *
 * Clients that hang do not lock the others out: when the 65th comes, the one that has kept us waiting longest goes. That is
 * also all that a slow-loris achieves. Each has 10 seconds for its first request.
 */
/** The admin port. {@link #open} returns when it answers; {@link #close} is idempotent. Thread-safe. */
public final class AdminServer implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(AdminServer.class.getName());

    private static final int CONNECTIONS_MAX = 64;
    private static final int BACKLOG = 128;
    private static final int WORKERS = 2;
    /** One for each connection, and some for connections that have gone meanwhile. */
    private static final int TASKS_MAX = 4 * CONNECTIONS_MAX;

    private static final int LINE_MAX = 4096;
    private static final int HEADER_MAX = 8192;

    static final int READ_BYTES = 2048;
    /** For each piece of an answer; a client that does not read is closed. */
    private static final int WRITE_SECONDS = 30;

    private static final long STOP_SECONDS = 5;

    private final Routes routes;
    private final AdminCounters counters = new AdminCounters();
    private final @Nullable BearerToken token;
    private final Doorkeeper doorkeeper;
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("karst-admin", true), NioIoHandler.newFactory());
    private final ExecutorService workers = new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(TASKS_MAX),
            new DefaultThreadFactory("karst-admin-work", true));
    private final List<Channel> listeners = new ArrayList<>();

    /** Those whose last answer is longest ago first. On the admin port's thread only. */
    private final Map<AdminConnection, Channel> connections = new LinkedHashMap<>();

    private AdminServer(NodeView node, @Nullable BearerToken token) {
        this.token = token;
        doorkeeper = new Doorkeeper(token, counters);
        routes = new Routes(node, counters);
    }

    /**
     * Reads the token and opens the addresses of {@code -o admin}.
     *
     * @param certificates for the addresses that speak TLS, or null when none does
     * @throws IOException with one line for the operator; nothing is left open then
     */
    public static AdminServer open(NodeView node, @Nullable Certificates certificates) throws IOException {
        Path tokenFile = node.settings().admin().tokenFile();
        AdminServer server = new AdminServer(node, tokenFile == null ? null : BearerToken.open(tokenFile));
        try {
            for (Settings.Listener listener : node.settings().admin().listeners()) {
                server.bind(listener, certificates);
            }
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private void bind(Settings.Listener listener, @Nullable Certificates certificates) throws IOException {
        Function<ByteBufAllocator, SslHandler> tls =
                certificates == null || listener.encryption() == Settings.Encryption.NONE
                        ? null
                        : certificates.handlers(listener.encryption());
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                // Unpooled: a pool of its own would hold megabytes for a request a second.
                .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new Pipeline(tls))
                .bind(listener.address())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            InetSocketAddress address = listener.address();
            throw new IOException("admin: failed to listen on TCP port " + address.getPort() + " of "
                    + address.getAddress().getHostAddress() + ": "
                    + bound.cause().getMessage());
        }
        listeners.add(bound.channel());
        LOGGER.log(
                Level.INFO,
                "Admin port: {0}",
                url((InetSocketAddress) bound.channel().localAddress(), tls != null));
    }

    private static String url(InetSocketAddress address, boolean isTls) {
        String host = address.getAddress().getHostAddress();
        return (isTls ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + address.getPort() + "/";
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        private final @Nullable Function<ByteBufAllocator, SslHandler> tls;

        Pipeline(@Nullable Function<ByteBufAllocator, SslHandler> tls) {
            this.tls = tls;
        }

        @Override
        protected void initChannel(Channel channel) {
            ChannelPipeline pipeline = channel.pipeline();
            if (tls != null) {
                pipeline.addLast(tls.apply(channel.alloc()));
            }
            pipeline.addLast(
                    new WriteTimeoutHandler(WRITE_SECONDS),
                    new HttpServerCodec(LINE_MAX, HEADER_MAX, READ_BYTES),
                    new ChunkedWriteHandler(),
                    new AdminConnection(AdminServer.this));
        }
    }

    /** Takes a new connection in, if need be for another one. */
    void admit(AdminConnection connection, Channel channel) {
        if (connections.size() >= CONNECTIONS_MAX) {
            counters.dropped.increment();
            dropOne();
        }
        connections.put(connection, channel);
    }

    /** The one that has kept us waiting longest; when all are being answered, the one for which that takes longest. */
    private void dropOne() {
        AdminConnection longest = connections.keySet().iterator().next();
        for (AdminConnection connection : connections.keySet()) {
            if (connection.isWaiting()) {
                longest = connection;
                break;
            }
        }
        // Here and now: the channel tells us of its end only later.
        Channel channel = connections.remove(longest);
        if (channel != null) {
            var unused = channel.close();
        }
    }

    /** A connection begins to wait for a request. */
    void waits(AdminConnection connection) {
        Channel channel = connections.remove(connection);
        if (channel != null) {
            connections.put(connection, channel);
        }
    }

    /** A connection is closed. */
    void gone(AdminConnection connection) {
        connections.remove(connection);
    }

    Routes routes() {
        return routes;
    }

    Doorkeeper doorkeeper() {
        return doorkeeper;
    }

    AdminCounters counters() {
        return counters;
    }

    /**
     * Has a worker do something.
     *
     * @throws java.util.concurrent.RejectedExecutionException when too much is to be done
     */
    void work(Runnable task) {
        workers.execute(task);
    }

    /** Addresses in use, in the order of the settings. */
    public List<InetSocketAddress> addresses() {
        return listeners.stream()
                .map(listener -> (InetSocketAddress) listener.localAddress())
                .toList();
    }

    /** Reads the token again; a file that is wrong changes nothing. */
    public void reload() {
        if (token != null) {
            token.reload();
        }
    }

    /** Ends answers under way and closes everything. When it returns, nobody looks at the node any more. */
    @Override
    public void close() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOGGER.log(Level.WARNING, "An answer of the admin port did not end in {0} s", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
        routes.close();
    }
}
