package io.karst.appliance;

import io.karst.appliance.admin.AdminExecutor;
import io.karst.appliance.admin.LoopQuestion;
import io.karst.appliance.admin.ServerView;
import io.karst.appliance.command.CommandExecutor;
import io.karst.appliance.command.FlushSchedule;
import io.karst.appliance.command.LevelExecutor;
import io.karst.appliance.command.PrefixStats;
import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.Settings;
import io.karst.appliance.hlog.LatencyLogger;
import io.karst.appliance.http.AdminServer;
import io.karst.appliance.http.NodeView;
import io.karst.appliance.replication.LevelRequests;
import io.karst.appliance.replication.Replication;
import io.karst.appliance.server.InheritedListener;
import io.karst.appliance.server.Listener;
import io.karst.appliance.server.Server;
import io.karst.appliance.server.ServerSettings;
import io.karst.appliance.server.Transport;
import io.karst.appliance.slow.KeyHash;
import io.karst.appliance.stats.LatencyTotals;
import io.karst.appliance.stats.StatsReport;
import io.karst.appliance.stats.StatsSources;
import io.karst.appliance.systemd.InheritedSocket;
import io.karst.appliance.tls.Certificates;
import io.karst.appliance.watch.LogHub;
import io.karst.eviction.PolicyKind;
import io.karst.protocol.Access;
import io.karst.protocol.Dialect;
import io.karst.protocol.LoopContext;
import io.karst.protocol.ProtocolLimits;
import io.karst.replication.LoopOutbox;
import io.karst.store.ItemStore;
import io.karst.store.SelfTest;
import io.karst.store.StoreSettings;
import io.karst.tuning.LatencySnapshot;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One running node: store, event loops, sockets, wired together. {@link #start} returns when clients can connect;
 * {@link #close} is idempotent and lets them go in order.
 */
public final class Appliance implements ServerView, AutoCloseable {
    /** An interval of the latency log waits for a loop no longer than this. */
    private static final long LOOP_PATIENCE_MILLIS = 2_000;

    /** Half-received values may take this share of the network buffers, over all loops. */
    private static final long IN_FLIGHT_SHARE = 2;

    private static final System.Logger LOGGER = System.getLogger(Appliance.class.getName());

    private final WallClock clock;
    private final ItemStore store;
    private final Server server;
    private final Logins logins;
    private final LogHub logs;
    private final List<CommandExecutor> executors;
    private final List<LoopOutbox> outboxes;
    private final @Nullable Certificates certificates;
    private final @Nullable Replication replication;
    private final NodeView view;
    private @Nullable AdminServer adminServer;
    private final HugePages hugePages = HugePages.ofThisProcess();
    private final LatencyTotals latencies;
    private volatile @Nullable LatencyLogger latencyLogger;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private volatile boolean isListening;
    private boolean isClosed;

    private Appliance(
            Settings settings,
            String version,
            WallClock clock,
            ItemStore store,
            Logins logins,
            @Nullable Certificates certificates,
            @Nullable Replication replication,
            @Nullable KeyHash keyHash) {
        this.replication = replication;
        this.clock = clock;
        this.store = store;
        this.logins = logins;
        this.certificates = certificates;
        List<CommandExecutor> executors = new ArrayList<>();
        outboxes = new ArrayList<>();
        List<LoopContext> loops = new ArrayList<>();
        Settings.Commands commands = settings.commands();
        PrefixStats prefixes = new PrefixStats(commands.prefixDelimiter(), commands.detailEnabled());
        this.executors = executors;
        this.logs = new LogHub(this::refreshWatched);
        this.latencies = new LatencyTotals(commands.threads());
        StatsSources sources = new StatsSources(
                store,
                clock,
                loops,
                executors,
                logs,
                this::rejectedConnections,
                this::rejectedPerAddress,
                this::isAccepting,
                this::listenPauses,
                this::certificateAgeSeconds,
                hugePages::bytes,
                new StatsSources.LatencyLog(this::latencyLogWritten, this::latencyLogFailures),
                version,
                settings.network().maxConnections());
        StatsReport report = new StatsReport(sources);
        AdminExecutor admin =
                new AdminExecutor(settings, report, prefixes, clock, this, latencies, logs, Version.MEMCACHED);
        CommandExecutor.Shared shared = new CommandExecutor.Shared(
                store,
                clock,
                new FlushSchedule(),
                prefixes,
                admin,
                logs,
                commands.flushEnabled(),
                commands.casEnabled(),
                settings.measuring(),
                keyHash);
        this.server = new Server(serverSettings(settings), loop -> {
            CommandExecutor executor = new CommandExecutor(shared, loop.index(), commands.threads());
            executors.add(executor);
            if (replication != null) {
                outboxes.add(replication.outbox(executor.session()));
            }
            return executor;
        });
        loops.addAll(server.loops());
        this.view = new NodeView(settings, version, this, report, admin::settings, latencies, List.of(this::obstacle));
    }

    /** Why clients should not be sent here; null when they may. */
    private @Nullable String obstacle() {
        if (stopRequested.getCount() == 0) {
            return "stopping: what was received is still answered";
        }
        return isListening
                ? null
                : "starting: " + (replication == null ? "not listening yet" : "fetching from its peers");
    }

    /**
     * Reads the files of users, opens the store, proves it with the self-test, and opens the sockets.
     *
     * @param version of this Karst
     * @throws IOException when a file or an address cannot be had
     * @throws IllegalArgumentException when the memory cannot be cut as asked
     */
    public static Appliance start(Settings settings, String version, WallClock clock) throws IOException {
        return start(settings, version, clock, List.of());
    }

    /**
     * The same, on sockets that listen already.
     *
     * @param inherited when there are any, the addresses of the settings are not opened
     */
    public static Appliance start(Settings settings, String version, WallClock clock, List<InheritedSocket> inherited)
            throws IOException {
        SelfTest.run();
        Logins logins = Logins.open(settings.security());
        try {
            return start(settings, version, clock, logins, inherited);
        } catch (IOException | RuntimeException e) {
            logins.close();
            throw e;
        }
    }

    private static Appliance start(
            Settings settings, String version, WallClock clock, Logins logins, List<InheritedSocket> inherited)
            throws IOException {
        Settings.Measuring measuring = settings.measuring();
        KeyHash keyHash = measuring.slowMicros() > 0 ? KeyHash.of(measuring.slowSecret()) : null;
        Settings.Tls tls = settings.security().tls();
        Certificates certificates = tls.isEnabled() ? Certificates.open(tls) : null;
        Settings.Peers peers = settings.peers();
        Replication replication = peers == null ? null : Replication.read(peers);
        ItemStore store = ItemStore.open(
                storeSettings(settings, replication == null ? 0 : replication.nodeId()),
                replication == null ? null : replication.tracking());
        try {
            if (settings.memory().preTouch()) {
                store.preTouch();
            }
            if (settings.memory().lock()) {
                MemoryLock.lock(store);
            }
            Appliance appliance =
                    new Appliance(settings, version, clock, store, logins, certificates, replication, keyHash);
            appliance.open(settings, inherited);
            appliance.latencyLogger =
                    appliance.latencyLogger(settings.measuring().hlog(), version);
            return appliance;
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void open(Settings settings, List<InheritedSocket> inherited) throws IOException {
        verbosity(settings.verbosity());
        try {
            if (replication != null) {
                replication.attach(store, clock);
                LevelRequests levels = replication.levels();
                for (int i = 0; i < executors.size(); i++) {
                    executors.get(i).levels(new LevelExecutor(levels, outboxes.get(i)));
                }
            }
            // First, so that somebody can watch how a node becomes warm.
            if (!settings.admin().listeners().isEmpty()) {
                adminServer = AdminServer.open(view, certificates);
            }
            if (replication != null) {
                // Clients come back as soon as the port is open, so what they will ask for comes first.
                replication.start();
            }
            if (inherited.isEmpty()) {
                server.bind(settings.network().udpAddresses());
            } else {
                server.adopt(inherited.stream().map(this::listener).toList());
            }
            isListening = true;
        } catch (IOException e) {
            server.close();
            if (adminServer != null) {
                adminServer.close();
            }
            if (replication != null) {
                replication.close();
            }
            throw e;
        }
        server.everySecond(clock::slew);
    }

    private @Nullable LatencyLogger latencyLogger(Settings.Hlog hlog, String version) {
        Path directory = hlog.directory();
        if (directory == null) {
            return null;
        }
        LoopQuestion loops = new LoopQuestion(this, LOOP_PATIENCE_MILLIS);
        return new LatencyLogger(
                next -> takeLatencies(loops, next),
                directory,
                hlog.sizeMax(),
                hlog.filesMax(),
                hlog.intervalSeconds(),
                "karst " + version);
    }

    /** What the loops have timed since the last time; of a loop that is busy for long, it is there next time. */
    private LatencySnapshot takeLatencies(LoopQuestion loops, LatencySnapshot next) throws InterruptedException {
        List<Integer> silent =
                loops.ask(loop -> latencies.add(loop, executor(loop).timer()));
        if (!silent.isEmpty()) {
            LOGGER.log(Level.DEBUG, "The latency log goes without a loop that does not answer");
        }
        return latencies.takeInterval(next);
    }

    private long latencyLogWritten() {
        LatencyLogger logger = latencyLogger;
        return logger == null ? 0 : logger.written();
    }

    private long latencyLogFailures() {
        LatencyLogger logger = latencyLogger;
        return logger == null ? 0 : logger.failures();
    }

    private static Access access(Settings settings, Logins logins) {
        return logins.access()
                .speaking(
                        switch (settings.commands().protocol()) {
                            case "ascii" -> Dialect.TEXT;
                            case "binary" -> Dialect.BINARY;
                            default -> Dialect.ANY;
                        });
    }

    @Override
    public PolicyKind eviction() {
        return store.policy();
    }

    @Override
    public void eviction(PolicyKind policy) {
        store.policy(policy);
    }

    private static StoreSettings storeSettings(Settings settings, int nodeId) {
        Settings.Memory memory = settings.memory();
        return new StoreSettings(
                memory.limitBytes(),
                memory.itemSizeMax(),
                memory.largePercent() / 100.0,
                memory.itemSizeHint(),
                memory.eviction(),
                nodeId);
    }

    private ServerSettings serverSettings(Settings settings) {
        Settings.Network network = settings.network();
        return new ServerSettings(
                network.listeners().stream().map(this::listener).toList(),
                network.unixSocket(),
                network.unixMask(),
                network.backlog(),
                network.maxConnections(),
                network.refusesAtOnce(),
                network.connectionsPerAddress(),
                settings.commands().threads(),
                network.transport() == Settings.Transport.IO_URING ? Transport.ioUring() : Transport.preferred(),
                limits(settings),
                access(settings, logins));
    }

    private Listener listener(Settings.Listener listener) {
        if (certificates == null || listener.encryption() == Settings.Encryption.NONE) {
            return Listener.inClear(listener.address());
        }
        return new Listener(listener.address(), certificates.handlers(listener.encryption()));
    }

    private InheritedListener listener(InheritedSocket socket) {
        return new InheritedListener(
                socket.descriptor(),
                socket.isUnix(),
                socket.address(),
                certificates == null || socket.isUnix() ? null : certificates.handlers(Settings.Encryption.TLS));
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

    @Override
    public @Nullable Replication replication() {
        return replication;
    }

    /** Where this process's memory lies. */
    HugePages hugePages() {
        return hugePages;
    }

    /** Addresses that clients can connect to. */
    public List<SocketAddress> addresses() {
        return server.addresses();
    }

    /** Addresses of the admin port, in the order of the settings; empty without one. */
    public List<InetSocketAddress> adminAddresses() {
        return adminServer == null ? List.of() : adminServer.addresses();
    }

    /** UDP addresses that clients can send to. */
    public List<SocketAddress> udpAddresses() {
        return server.udpAddresses();
    }

    private long rejectedConnections() {
        return server.rejectedConnections();
    }

    private long rejectedPerAddress() {
        return server.rejectedPerAddress();
    }

    private boolean isAccepting() {
        return server.isAccepting();
    }

    private long listenPauses() {
        return server.listenPauses();
    }

    /**
     * Reads users, certificates and the admin token again, as SIGHUP asks; a file that is wrong changes nothing. Takes
     * milliseconds.
     */
    public void reload() {
        logins.reload();
        if (replication != null) {
            try {
                replication.reload();
            } catch (IOException | ConfigException e) {
                LOGGER.log(Level.ERROR, "peers: nothing changed. {0}", e.getMessage());
            }
        }
        if (certificates != null) {
            certificates.reload();
        }
        if (adminServer != null) {
            adminServer.reload();
        }
    }

    private long certificateAgeSeconds() {
        return certificates == null ? -1 : certificates.ageSeconds();
    }

    @Override
    public void refreshCertificates(Consumer<String> answer) {
        Certificates live = certificates;
        if (live == null) {
            answer.accept("Error TLS not enabled");
        } else {
            live.execute(() -> {
                String error = live.reload();
                answer.accept(error == null ? "OK" : error);
            });
        }
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
    public CommandExecutor executor(int loop) {
        return executors.get(loop);
    }

    @Override
    public void executeOn(int loop, Runnable task) {
        server.executeOn(loop, task);
    }

    @Override
    public void verbosity(int level) {
        for (int i = 0; i < loopCount(); i++) {
            LoopContext loop = loop(i);
            executeOn(i, () -> loop.verbosity(level));
        }
    }

    @Override
    public void refreshWatched(int loop) {
        executors.get(loop).log().refresh();
    }

    private void refreshWatched() {
        for (int i = 0; i < loopCount(); i++) {
            int loop = i;
            try {
                executeOn(loop, () -> refreshWatched(loop));
            } catch (RejectedExecutionException e) {
                // The loops have ended, and with them what there was to watch.
                return;
            }
        }
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
            LatencyLogger logger = latencyLogger;
            if (logger != null) {
                logger.close();
            }
            server.close();
            // After the drain, which it reports, and before the memory goes that it reads.
            if (adminServer != null) {
                adminServer.close();
            }
            if (replication != null) {
                replication.close();
            }
            logins.close();
            if (certificates != null) {
                certificates.close();
            }
            store.close();
        }
    }
}
