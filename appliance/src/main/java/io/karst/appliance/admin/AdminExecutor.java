package io.karst.appliance.admin;

import io.karst.appliance.WallClock;
import io.karst.appliance.command.AdminCommands;
import io.karst.appliance.command.CommandExecutor;
import io.karst.appliance.command.PrefixStats;
import io.karst.appliance.config.Settings;
import io.karst.appliance.config.SettingsReport;
import io.karst.appliance.hotkeys.HotKeysReport;
import io.karst.appliance.slow.SlowReport;
import io.karst.appliance.stats.LatencyTotals;
import io.karst.appliance.stats.StatsReport;
import io.karst.appliance.stats.TargetsReport;
import io.karst.appliance.watch.LogHub;
import io.karst.eviction.PolicyKind;
import io.karst.protocol.BinaryCommand;
import io.karst.protocol.BinaryStatus;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.Command;
import io.karst.protocol.Progress;
import io.karst.protocol.Reply;
import io.karst.protocol.ReplyWriter;
import io.karst.store.SizeBand;
import java.lang.System.Logger.Level;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers admin commands as memcached does. What has no counterpart here (slab pages, LRU lists) is accepted where
 * memcached would accept it, so that tools and scripts go on working. One instance for all loops; cold path, allocates.
 */
public final class AdminExecutor implements AdminCommands {
    private static final System.Logger LOGGER = System.getLogger(AdminExecutor.class.getName());
    private static final int SLAB_CLASS_MAX = 63;

    private final Settings settings;
    private final StatsReport report;
    private final PrefixStats prefixes;
    private final WallClock clock;
    private final ServerView server;
    private final LatencyTotals latencies;
    private final LogHub hub;
    private final String version;
    private volatile int verbosity;

    /**
     * An executor for one server.
     *
     * @param latencies of its loops
     * @param version what {@code version} answers
     */
    public AdminExecutor(
            Settings settings,
            StatsReport report,
            PrefixStats prefixes,
            WallClock clock,
            ServerView server,
            LatencyTotals latencies,
            LogHub hub,
            String version) {
        this.settings = settings;
        this.report = report;
        this.prefixes = prefixes;
        this.clock = clock;
        this.server = server;
        this.latencies = latencies;
        this.hub = hub;
        this.version = version;
        this.verbosity = settings.verbosity();
    }

    @Override
    public Progress execute(
            Command command, ReplyWriter replies, ClientConnection connection, CommandExecutor executor) {
        switch (command.opcode()) {
            case STATS -> {
                return stats(command, replies, connection, executor);
            }
            case VERSION -> replies.textLine("VERSION " + version);
            case VERBOSITY -> {
                verbosity = (int) Math.min(command.delta(), Integer.MAX_VALUE);
                server.verbosity(verbosity);
                replies.line(Reply.OK);
            }
            case CACHE_MEMLIMIT ->
                replies.line(
                        command.delta() << 20 == settings.memory().limitBytes()
                                ? Reply.OK
                                : Reply.MEMLIMIT_OUT_OF_BOUNDS);
            case SLABS -> replies.line(isFirst(command, "reassign") ? Reply.SLABS_NO_SPARE : Reply.OK);
            case LRU -> replies.line(Reply.OK);
            case EVICTION -> eviction(command, replies);
            case LRU_CRAWLER -> {
                return lruCrawler(command, replies, connection, executor);
            }
            case WATCH -> {
                if (settings.commands().watchEnabled()) {
                    return WatchCommand.begin(command, replies, connection, hub, server);
                }
                replies.line(Reply.WATCH_NOT_ALLOWED);
            }
            case SHUTDOWN -> shutdown(command, replies, connection);
            case REFRESH_CERTS -> {
                return refreshCertificates(connection);
            }
            case DEBUGTIME -> debugtime(command, replies, executor);
            default -> replies.line(Reply.ERROR);
        }
        return Progress.DONE;
    }

    private Progress lruCrawler(
            Command command, ReplyWriter replies, ClientConnection connection, CommandExecutor executor) {
        boolean isMeta = isFirst(command, "metadump");
        if (isMeta || isFirst(command, "mgdump")) {
            DumpRequest request = DumpRequest.of(command);
            if (!settings.commands().dumpEnabled()) {
                replies.line(isMeta ? Reply.METADUMP_NOT_ALLOWED : Reply.KEY_DUMP_NOT_ALLOWED);
            } else if (request == null) {
                replies.line(Reply.CRAWLER_BAD_CLASS);
            } else {
                boolean casEnabled = settings.commands().casEnabled();
                connection.produce(
                        isMeta
                                ? DumpProducer.metadump(executor, request, casEnabled)
                                : DumpProducer.mgdump(executor, request));
                return Progress.PRODUCING;
            }
        } else {
            boolean isBadClass = isFirst(command, "crawl") && DumpRequest.classes(command.argument(1)) < 0;
            replies.line(isBadClass ? Reply.CRAWLER_BAD_CLASS : Reply.OK);
        }
        return Progress.DONE;
    }

    private static boolean isFirst(Command command, String word) {
        return command.argumentCount() > 0 && command.argument(0).equals(word);
    }

    private void shutdown(Command command, ReplyWriter replies, ClientConnection connection) {
        if (!settings.commands().shutdownEnabled()) {
            replies.line(Reply.SHUTDOWN_NOT_ENABLED);
        } else if (command.argumentCount() > 0 && !isFirst(command, "graceful")) {
            replies.line(Reply.INVALID_SHUTDOWN_MODE);
        } else {
            LOGGER.log(Level.INFO, "Shutting down: a client asked for it client={0}", connection.remoteName());
            connection.closeAfterReplies();
            server.beginShutdown();
        }
    }

    private Progress refreshCertificates(ClientConnection connection) {
        server.refreshCertificates(answer -> connection.resume((replies, same) -> {
            replies.textLine(answer);
            return Progress.DONE;
        }));
        return Progress.SUSPENDED;
    }

    private void eviction(Command command, ReplyWriter replies) {
        PolicyKind policy = PolicyKind.of(command.argument(0));
        if (policy == null) {
            replies.line(Reply.UNKNOWN_EVICTION_POLICY);
            return;
        }
        server.eviction(policy);
        replies.line(Reply.OK);
    }

    private void debugtime(Command command, ReplyWriter replies, CommandExecutor executor) {
        if (!settings.commands().debugEnabled()) {
            replies.line(Reply.ERROR);
            return;
        }
        clock.advance(command.delta());
        // The rest of this burst may be what the test wants to see expired.
        executor.advanceTo(System.nanoTime());
        replies.line(Reply.OK);
    }

    // ---- stats ----

    private Progress stats(
            Command command, ReplyWriter replies, ClientConnection connection, CommandExecutor executor) {
        String group = command.argumentCount() == 0 ? "" : command.argument(0);
        switch (group) {
            case "conns" -> {
                return ConnectionsReport.begin(server, connection);
            }
            case "reset" -> {
                reset();
                replies.line(Reply.RESET);
            }
            case "detail" -> detail(command, replies);
            case "cachedump" -> {
                return cachedump(command, replies, connection, executor);
            }
            default -> {
                Progress progress = statistics(group, replies, connection, executor);
                if (progress != null) {
                    return progress;
                }
                replies.line(Reply.ERROR);
            }
        }
        return Progress.DONE;
    }

    /** The groups that both protocols have, or null for another one. */
    private @Nullable Progress statistics(
            String group, ReplyWriter replies, ClientConnection connection, CommandExecutor executor) {
        switch (group) {
            case "" -> report.general(replies::stat);
            case "items" -> report.items(replies::stat);
            case "slabs" -> report.slabs(replies::stat);
            case "settings" -> settings(replies::stat);
            case "advise" -> report.advise(replies::stat);
            case "replication" -> ReplicationReport.write(server.replication(), replies::stat);
            case "latency" -> {
                return LatencyCommand.begin(server, latencies, connection, latencies::write);
            }
            case "slo" -> {
                return LatencyCommand.begin(
                        server,
                        latencies,
                        connection,
                        rows -> TargetsReport.write(
                                settings.measuring().targets(),
                                report.measured(
                                        latencies,
                                        server.eviction(),
                                        ReplicationReport.lagP99Micros(server.replication())),
                                rows));
            }
            case "hotkeys" -> {
                if (settings.showsHotKeys()) {
                    return hotKeys(connection);
                }
                replies.stat("hotkeys_status", settings.measuring().hotKeys() == 0 ? "disabled" : "not_allowed");
            }
            case "slow" -> {
                if (settings.measuring().slowMicros() > 0) {
                    return slow(connection);
                }
                replies.stat("slow_status", "disabled");
            }
            case "sizes" -> {
                if (settings.commands().trackSizes()) {
                    connection.produce(new SizesProducer(executor.session()));
                    return Progress.PRODUCING;
                }
                replies.stat("sizes_status", "disabled");
            }
            default -> {
                return null;
            }
        }
        replies.endStats();
        return Progress.DONE;
    }

    private Progress hotKeys(ClientConnection asking) {
        HotKeysReport hotKeys = new HotKeysReport();
        return ReportFromLoops.begin(
                server, asking, loop -> server.executor(loop).addHotKeys(hotKeys), hotKeys::write);
    }

    private Progress slow(ClientConnection asking) {
        SlowReport slow = new SlowReport(settings.measuring().slowMicros());
        return ReportFromLoops.begin(
                server, asking, loop -> server.executor(loop).addSlowBursts(slow), slow::write);
    }

    private void reset() {
        report.reset();
        prefixes.clear();
        LatencyCommand.reset(server, latencies);
        EveryLoop.run(server, loop -> server.executor(loop).forgetUses(), () -> {});
    }

    @Override
    public Progress binaryStat(
            BinaryCommand command, ReplyWriter replies, ClientConnection connection, CommandExecutor executor) {
        String group = command.key();
        Progress progress = statistics(group, replies, connection, executor);
        if (progress != null) {
            return progress;
        }
        switch (group) {
            case "reset" -> reset();
            case "detail on" -> prefixes.enable(true);
            case "detail off" -> prefixes.enable(false);
            case "detail dump" -> {
                StringBuilder dump = new StringBuilder();
                prefixes.dump(line -> dump.append(line).append("\r\n"));
                replies.stat("detailed", dump.append("END\r\n"));
            }
            default -> {
                replies.binaryError(command, BinaryStatus.NOT_FOUND);
                return Progress.DONE;
            }
        }
        replies.endStats();
        return Progress.DONE;
    }

    @Override
    public String version() {
        return version;
    }

    /** The rows of {@code stats settings}, as they are now. Thread-safe. */
    public void settings(BiConsumer<String, String> rows) {
        SettingsReport.write(settings, live(), rows);
    }

    /** What {@code stats latency} adds up. */
    public LatencyTotals latencies() {
        return latencies;
    }

    private SettingsReport.Live live() {
        return new SettingsReport.Live(
                settings.memory().limitBytes(),
                server.eviction(),
                server.tcpPort(),
                verbosity,
                prefixes.isEnabled(),
                0);
    }

    private void detail(Command command, ReplyWriter replies) {
        String what = command.argumentCount() > 1 ? command.argument(1) : "";
        switch (what) {
            case "on", "off" -> {
                prefixes.enable(what.equals("on"));
                replies.line(Reply.OK);
            }
            case "dump" -> {
                prefixes.dump(replies::textLine);
                replies.line(Reply.END);
            }
            default -> replies.line(Reply.STATS_DETAIL_USAGE);
        }
    }

    private Progress cachedump(
            Command command, ReplyWriter replies, ClientConnection connection, CommandExecutor executor) {
        if (!settings.commands().dumpEnabled()) {
            replies.line(Reply.STATS_CACHEDUMP_NOT_ALLOWED);
        } else if (command.argumentCount() < 3) {
            replies.line(Reply.BAD_COMMAND_LINE);
        } else {
            int slabClass = unsigned(command.argument(1));
            int limit = unsigned(command.argument(2));
            if (slabClass < 0 || limit < 0) {
                replies.line(Reply.BAD_FORMAT);
            } else if (slabClass > SLAB_CLASS_MAX) {
                replies.line(Reply.ILLEGAL_SLAB_ID);
            } else if (slabClass < 1 || slabClass > SizeBand.values().length) {
                replies.line(Reply.END);
            } else {
                SizeBand band = SizeBand.values()[slabClass - 1];
                connection.produce(new CachedumpProducer(executor.session(), band, limit));
                return Progress.PRODUCING;
            }
        }
        return Progress.DONE;
    }

    private static int unsigned(String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }
}
