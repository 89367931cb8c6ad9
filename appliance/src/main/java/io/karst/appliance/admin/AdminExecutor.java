package io.karst.appliance.admin;

import io.karst.appliance.WallClock;
import io.karst.appliance.command.AdminCommands;
import io.karst.appliance.command.CommandExecutor;
import io.karst.appliance.command.PrefixStats;
import io.karst.appliance.config.Settings;
import io.karst.appliance.config.SettingsReport;
import io.karst.appliance.stats.StatsReport;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.Command;
import io.karst.protocol.Progress;
import io.karst.protocol.Reply;
import io.karst.protocol.ReplyWriter;
import io.karst.store.SizeBand;
import java.lang.System.Logger.Level;

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
    private final String version;
    private volatile int verbosity;

    /**
     * An executor for one server.
     *
     * @param version what {@code version} answers
     */
    public AdminExecutor(
            Settings settings,
            StatsReport report,
            PrefixStats prefixes,
            WallClock clock,
            ServerView server,
            String version) {
        this.settings = settings;
        this.report = report;
        this.prefixes = prefixes;
        this.clock = clock;
        this.server = server;
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
                replies.line(Reply.OK);
            }
            case CACHE_MEMLIMIT ->
                replies.line(
                        command.delta() << 20 == settings.memory().limitBytes()
                                ? Reply.OK
                                : Reply.MEMLIMIT_OUT_OF_BOUNDS);
            case SLABS -> replies.line(isFirst(command, "reassign") ? Reply.SLABS_NO_SPARE : Reply.OK);
            case LRU -> replies.line(Reply.OK);
            case LRU_CRAWLER -> replies.line(isDump(command) ? Reply.ERROR : Reply.OK);
            case WATCH -> replies.line(settings.commands().watchEnabled() ? Reply.ERROR : Reply.WATCH_NOT_ALLOWED);
            case SHUTDOWN -> shutdown(command, replies, connection);
            case REFRESH_CERTS -> {
                return refreshCertificates(connection);
            }
            case DEBUGTIME -> debugtime(command, replies, executor);
            default -> replies.line(Reply.ERROR);
        }
        return Progress.DONE;
    }

    /** Key dumps and {@code watch} are not there yet: an honest ERROR makes a tool say so. */
    private static boolean isDump(Command command) {
        return isFirst(command, "metadump") || isFirst(command, "mgdump");
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

    private void debugtime(Command command, ReplyWriter replies, CommandExecutor executor) {
        if (!settings.commands().debugEnabled()) {
            replies.line(Reply.ERROR);
            return;
        }
        clock.advance(command.delta());
        // The rest of this burst may be what the test wants to see expired.
        executor.onBurst(System.nanoTime());
        replies.line(Reply.OK);
    }

    // ---- stats ----

    private Progress stats(
            Command command, ReplyWriter replies, ClientConnection connection, CommandExecutor executor) {
        String group = command.argumentCount() == 0 ? "" : command.argument(0);
        switch (group) {
            case "" -> report.general(replies::stat);
            case "items" -> report.items(replies::stat);
            case "slabs" -> report.slabs(replies::stat);
            case "settings" -> SettingsReport.write(settings, live(), replies::stat);
            case "sizes" -> {
                if (settings.commands().trackSizes()) {
                    connection.produce(new SizesProducer(executor.session()));
                    return Progress.PRODUCING;
                }
                replies.stat("sizes_status", "disabled");
            }
            case "conns" -> {
                return ConnectionsReport.begin(server, connection);
            }
            case "reset" -> {
                report.reset();
                prefixes.clear();
                replies.line(Reply.RESET);
                return Progress.DONE;
            }
            case "detail" -> {
                detail(command, replies);
                return Progress.DONE;
            }
            case "cachedump" -> {
                return cachedump(command, replies, connection, executor);
            }
            default -> {
                replies.line(Reply.ERROR);
                return Progress.DONE;
            }
        }
        replies.line(Reply.END);
        return Progress.DONE;
    }

    private SettingsReport.Live live() {
        return new SettingsReport.Live(
                settings.memory().limitBytes(), server.tcpPort(), verbosity, prefixes.isEnabled(), 0);
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
