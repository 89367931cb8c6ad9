package io.karst.appliance.fuzz;

import io.karst.appliance.WallClock;
import io.karst.appliance.admin.AdminExecutor;
import io.karst.appliance.admin.ServerView;
import io.karst.appliance.command.CommandExecutor;
import io.karst.appliance.command.FlushSchedule;
import io.karst.appliance.command.PrefixStats;
import io.karst.appliance.config.Environment;
import io.karst.appliance.config.Hosts;
import io.karst.appliance.config.Settings;
import io.karst.appliance.config.Start;
import io.karst.appliance.replication.Replication;
import io.karst.appliance.stats.LatencyTotals;
import io.karst.appliance.stats.StatsReport;
import io.karst.appliance.stats.StatsSources;
import io.karst.appliance.watch.LogHub;
import io.karst.eviction.PolicyKind;
import io.karst.protocol.LoopContext;
import io.karst.protocol.ProtocolLimits;
import io.karst.protocol.WireCounter;
import io.karst.store.ItemStore;
import io.karst.store.StoreSettings;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A server without sockets and threads: one event loop's context with the executors that a real one has, over a store of 4
 * MiB, on a clock that stands still unless told to go. Made once; inputs follow each other on it, each of them on an empty
 * cache, but in segments that the others left behind. One thread.
 */
final class FuzzNode implements ServerView {
    /** {@code -I}: just above the bound between small and large items. */
    static final int ITEM_SIZE_MAX = 20 << 10;

    /** Held, because a logger that nobody holds forgets its handlers. */
    private static final Logger SERVER_LOG = Logger.getLogger("io.karst");

    private static final long MEMORY = 4 << 20;
    private static final long UNIX_MICROS = 1_700_000_000_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int REQUESTS_PER_EVENT = 5;
    private static final long IN_FLIGHT_BUDGET = 48 << 10;

    /** A store is compared with itself after so many inputs. */
    private static final int INPUTS_PER_CHECK = 1024;

    /** More turns than any input needs. */
    private static final int TURNS_MAX = 100_000;

    /** Exact: what is in use is counted to the byte. Its buffers are tracked by the leak detector, too. */
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, false);

    final LoopContext context;
    private final ItemStore store;
    private final PrefixStats prefixes;
    private final LogHub logs;
    private final List<CommandExecutor> executors = new ArrayList<>();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final FuzzConnection bystander;
    private long nowNs = System.nanoTime() + SECOND_NS;
    private long inputs;
    private @Nullable Throwable logged;

    FuzzNode() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        catchLogs();
        Settings settings = settings();
        WallClock clock = new WallClock(() -> UNIX_MICROS + nowNs / 1000, () -> nowNs);
        store = ItemStore.open(new StoreSettings(MEMORY, ITEM_SIZE_MAX, 0.3, 1000, PolicyKind.DENSITY, 0));
        prefixes = new PrefixStats(':', false);
        logs = new LogHub(() -> tasks.add(() -> refreshWatched(0)));
        List<LoopContext> loops = new ArrayList<>();
        StatsSources sources = new StatsSources(
                store,
                clock,
                loops,
                executors,
                logs,
                () -> 0,
                () -> 0,
                () -> true,
                () -> 0,
                () -> -1,
                () -> 0,
                StatsSources.LatencyLog.NONE,
                "test",
                1024);
        AdminExecutor admin = new AdminExecutor(
                settings, new StatsReport(sources), prefixes, clock, this, new LatencyTotals(1), logs, "1.6.45");
        CommandExecutor.Shared shared = new CommandExecutor.Shared(
                store, clock, new FlushSchedule(), prefixes, admin, logs, true, true, settings.measuring(), null);
        ProtocolLimits limits = new ProtocolLimits(
                ITEM_SIZE_MAX, REQUESTS_PER_EVENT, IN_FLIGHT_BUDGET, 30 * SECOND_NS, 60 * SECOND_NS, 1 << 20, 0);
        context = new LoopContext(0, limits, () -> nowNs, allocator, loop -> {
            CommandExecutor executor = new CommandExecutor(shared, 0, 1);
            executors.add(executor);
            return executor;
        });
        loops.add(context);
        bystander = new FuzzConnection(this);
    }

    private static Settings settings() {
        Environment environment = new Environment(false, Map.of(), Hosts.system(), "test");
        Start start = Start.from(List.of("-p", "-1", "-A", "-t", "1", "-o", "track_sizes"), environment);
        return ((Start.Serve) start).settings();
    }

    /** What the server would write to its log: exceptions are findings, the rest is nobody's business. */
    private void catchLogs() {
        SERVER_LOG.setUseParentHandlers(false);
        SERVER_LOG.addHandler(new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
                    logged = entry.getThrown() == null ? new AssertionError(entry.getMessage()) : entry.getThrown();
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }

    /** Empties the cache and undoes what commands have set. */
    void begin() {
        pass(0, 1);
        bystander.exchange("flush_all\r\n", "OK\r\n");
        store.policy(PolicyKind.DENSITY);
        context.maintain();
        prefixes.enable(false);
        prefixes.clear();
        context.verbosity(0);
    }

    /** Holds the node to what is true between two inputs, when all of the input's connections have gone. */
    void end() {
        require(context.counters().get(WireCounter.IN_FLIGHT_BYTES) == 0, "half-received bytes without a connection");
        require(context.counters().get(WireCounter.CURR_CONNECTIONS) == 1, "connections are counted wrong");
        require(context.connections().size() == 1, "a closed connection is listed");
        require(logs.streams() == 0 && logs.watcherCount() == 0, "a closed connection watches");
        long items = store.itemCount();
        require(items >= 0 && items < MEMORY / 16, "items: " + items);
        context.release();
        long leaked = allocator.metric().usedDirectMemory();
        require(leaked == 0, "bytes not given back: " + leaked);
        require(allocator.metric().usedHeapMemory() == 0, "heap buffers not given back");
        if (++inputs % INPUTS_PER_CHECK == 0) {
            store.check();
        }
    }

    /** Fails on an exception that the loop had to catch. */
    void requireNoFailure() {
        Throwable cause = logged;
        if (cause != null || context.counters().get(WireCounter.HANDLER_FAILURES) != 0) {
            throw new AssertionError("an exception on the event loop", cause);
        }
    }

    /** Connections that were closed in the middle of something, because they broke a deadline. */
    long kicks() {
        return context.counters().get(WireCounter.SLOW_READER_KICKS)
                + context.counters().get(WireCounter.PARTIAL_KICKS);
    }

    /** Another connection answers. */
    void probeBystander() {
        bystander.exchange("mn\r\n", "MN\r\n");
    }

    static void require(boolean isTrue, String otherwise) {
        if (!isTrue) {
            throw new AssertionError(otherwise);
        }
    }

    /** For what is asked often: the words are made only when it is not true. */
    static void require(boolean isTrue, Supplier<String> otherwise) {
        if (!isTrue) {
            throw new AssertionError(otherwise.get());
        }
    }

    void pass(int seconds, int millis) {
        nowNs += seconds * SECOND_NS + millis * (SECOND_NS / 1000);
    }

    void attach(EmbeddedChannel channel) {
        channels.add(channel);
    }

    void detach(EmbeddedChannel channel) {
        channels.remove(channel);
    }

    /** Runs the loop until it has nothing to do. */
    void settle() {
        for (int turn = 0; turn < TURNS_MAX; turn++) {
            boolean isIdle = true;
            for (int i = 0; i < channels.size(); i++) {
                EmbeddedChannel channel = channels.get(i);
                channel.runPendingTasks();
                isIdle &= channel.runScheduledPendingTasks() != 0;
            }
            Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            } else if (isIdle && !hasTasks()) {
                requireNoFailure();
                return;
            }
        }
        throw new AssertionError("the loop does not come to rest");
    }

    private boolean hasTasks() {
        for (int i = 0; i < channels.size(); i++) {
            if (channels.get(i).hasPendingTasks()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable Replication replication() {
        return null;
    }

    @Override
    public int loopCount() {
        return 1;
    }

    @Override
    public LoopContext loop(int loop) {
        return context;
    }

    @Override
    public CommandExecutor executor(int loop) {
        return executors.get(loop);
    }

    @Override
    public void executeOn(int loop, Runnable task) {
        tasks.add(task);
    }

    @Override
    public List<String> listeners() {
        return List.of("tcp:127.0.0.1:11211");
    }

    @Override
    public int tcpPort() {
        return 11211;
    }

    @Override
    public void refreshWatched(int loop) {
        executors.get(loop).log().refresh();
    }

    @Override
    public void verbosity(int level) {
        tasks.add(() -> context.verbosity(level));
    }

    @Override
    public void beginShutdown() {
        // The next input wants a server, too.
    }

    @Override
    public void refreshCertificates(Consumer<String> answer) {
        tasks.add(() -> answer.accept("Error TLS not enabled"));
    }

    @Override
    public PolicyKind eviction() {
        return store.policy();
    }

    @Override
    public void eviction(PolicyKind policy) {
        store.policy(policy);
    }
}
