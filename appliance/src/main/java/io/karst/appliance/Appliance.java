package io.karst.appliance;

import io.karst.appliance.admin.AdminExecutor;
import io.karst.appliance.admin.ServerView;
import io.karst.appliance.command.CommandExecutor;
import io.karst.appliance.command.FlushSchedule;
import io.karst.appliance.command.PrefixStats;
import io.karst.appliance.config.Settings;
import io.karst.appliance.server.Server;
import io.karst.appliance.server.ServerSettings;
import io.karst.appliance.server.Transport;
import io.karst.appliance.stats.StatsReport;
import io.karst.appliance.stats.StatsSources;
import io.karst.eviction.PolicyKind;
import io.karst.protocol.LoopContext;
import io.karst.protocol.ProtocolLimits;
import io.karst.store.ItemStore;
import io.karst.store.SelfTest;
import io.karst.store.StoreSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One running node: store, event loops, sockets, wired together. {@link #start} returns when clients can connect;
 * {@link #close} is idempotent and lets them go in order.
 */
public final class Appliance implements ServerView, AutoCloseable {
    /** Half-received values may take this share of the network buffers, over all loops. */
    private static final long IN_FLIGHT_SHARE = 2;

    private final WallClock clock;
    private final ItemStore store;
    private final Server server;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private boolean isClosed;

    private Appliance(Settings settings, String version, WallClock clock, ItemStore store) {
        this.clock = clock;
        this.store = store;
        List<CommandExecutor> executors = new ArrayList<>();
        List<LoopContext> loops = new ArrayList<>();
        Settings.Commands commands = settings.commands();
        PrefixStats prefixes = new PrefixStats(commands.prefixDelimiter(), commands.detailEnabled());
        StatsSources sources = new StatsSources(
                store,
                clock,
                loops,
                executors,
                this::rejectedConnections,
                this::listenPauses,
                version,
                settings.network().maxConnections());
        AdminExecutor admin =
                new AdminExecutor(settings, new StatsReport(sources), prefixes, clock, this, Version.MEMCACHED);
        CommandExecutor.Shared shared = new CommandExecutor.Shared(
                store, clock, new FlushSchedule(), prefixes, admin, commands.flushEnabled(), commands.casEnabled());
        this.server = new Server(serverSettings(settings), loop -> {
            CommandExecutor executor = new CommandExecutor(shared);
            executors.add(executor);
            return executor;
        });
        loops.addAll(server.loops());
    }

    /**
     * Opens the store, proves it with the self-test, and opens the sockets.
     *
     * @param version of this Karst
     * @throws IOException when an address cannot be had
     * @throws IllegalArgumentException when the memory cannot be cut as asked
     */
    public static Appliance start(Settings settings, String version, WallClock clock) throws IOException {
        SelfTest.run();
        ItemStore store = ItemStore.open(storeSettings(settings));
        try {
            if (settings.memory().preTouch()) {
                store.preTouch();
            }
            Appliance appliance = new Appliance(settings, version, clock, store);
            appliance.open();
            return appliance;
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void open() throws IOException {
        try {
            server.bind();
        } catch (IOException e) {
            server.close();
            throw e;
        }
        server.everySecond(clock::slew);
    }

    private static StoreSettings storeSettings(Settings settings) {
        Settings.Memory memory = settings.memory();
        return new StoreSettings(
                memory.limitBytes(),
                memory.itemSizeMax(),
                memory.largePercent() / 100.0,
                memory.itemSizeHint(),
                memory.eviction() == Settings.Eviction.NONE ? PolicyKind.NONE : PolicyKind.CLOCK,
                0);
    }

    private static ServerSettings serverSettings(Settings settings) {
        Settings.Network network = settings.network();
        return new ServerSettings(
                network.addresses(),
                network.unixSocket(),
                network.unixMask(),
                network.backlog(),
                network.maxConnections(),
                settings.commands().threads(),
                network.transport() == Settings.Transport.IO_URING ? Transport.ioUring() : Transport.preferred(),
                limits(settings));
    }

    private static ProtocolLimits limits(Settings settings) {
        ProtocolLimits defaults = ProtocolLimits.defaults();
        int itemSizeMax = settings.memory().itemSizeMax();
        long budget =
                NetworkMemory.bytes() / IN_FLIGHT_SHARE / settings.commands().threads();
        return new ProtocolLimits(
                itemSizeMax,
                settings.commands().requestsPerEvent(),
                Math.max(budget, 2L * itemSizeMax),
                defaults.partialCommandNs(),
                defaults.slowReaderNs(),
                defaults.slowReaderBytes(),
                TimeUnit.SECONDS.toNanos(settings.network().idleTimeoutSeconds()));
    }

    /** The store, for statistics and tests. */
    public ItemStore store() {
        return store;
    }

    /** Addresses that clients can connect to. */
    public List<SocketAddress> addresses() {
        return server.addresses();
    }

    private long rejectedConnections() {
        return server.rejectedConnections();
    }

    private long listenPauses() {
        return server.listenPauses();
    }

    /** Waits until somebody asks for a stop. */
    public void awaitStopRequest() throws InterruptedException {
        stopRequested.await();
    }

    @Override
    public void beginShutdown() {
        stopRequested.countDown();
    }

    @Override
    public int loopCount() {
        return server.loops().size();
    }

    @Override
    public LoopContext loop(int loop) {
        return server.loops().get(loop);
    }

    @Override
    public void executeOn(int loop, Runnable task) {
        server.executeOn(loop, task);
    }

    @Override
    public List<String> listeners() {
        return server.addresses().stream().map(Appliance::nameOf).toList();
    }

    private static String nameOf(SocketAddress address) {
        return address instanceof InetSocketAddress tcp
                ? "tcp:" + tcp.getAddress().getHostAddress() + ":" + tcp.getPort()
                : "unix:" + address;
    }

    @Override
    public int tcpPort() {
        return server.addresses().stream()
                .filter(InetSocketAddress.class::isInstance)
                .mapToInt(address -> ((InetSocketAddress) address).getPort())
                .findFirst()
                .orElse(0);
    }

    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            beginShutdown();
            server.close();
            store.close();
        }
    }
}
