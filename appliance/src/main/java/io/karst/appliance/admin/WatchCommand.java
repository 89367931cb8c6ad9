package io.karst.appliance.admin;

import io.karst.appliance.watch.LogHub;
import io.karst.appliance.watch.LogStream;
import io.karst.appliance.watch.Watcher;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.Command;
import io.karst.protocol.Continuation;
import io.karst.protocol.Progress;
import io.karst.protocol.Reply;
import io.karst.protocol.ReplyWriter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code watch}: answers {@code OK} once every loop knows of the new watcher, so that nothing a client does after it has
 * read that is missing, and turns the connection into a stream of lines.
 */
final class WatchCommand implements Continuation {
    private final Watcher watcher;

    private WatchCommand(Watcher watcher) {
        this.watcher = watcher;
    }

    static Progress begin(
            Command command, ReplyWriter replies, ClientConnection connection, LogHub hub, ServerView server) {
        Watcher watcher = hub.add(connection, streams(command));
        if (watcher == null) {
            replies.line(Reply.WATCHER_TOO_MANY);
            return Progress.DONE;
        }
        AtomicInteger pending = new AtomicInteger(server.loopCount());
        for (int i = 0; i < server.loopCount(); i++) {
            int loop = i;
            server.executeOn(loop, () -> {
                server.refreshWatched(loop);
                if (pending.decrementAndGet() == 0) {
                    connection.resume(new WatchCommand(watcher));
                }
            });
        }
        return Progress.SUSPENDED;
    }

    private static int streams(Command command) {
        int streams = command.argumentCount() == 0 ? LogStream.FETCHERS.bit() : 0;
        for (int i = 0; i < command.argumentCount(); i++) {
            streams |= LogStream.bit(command.argument(i));
        }
        return streams;
    }

    @Override
    public Progress proceed(ReplyWriter replies, ClientConnection connection) {
        replies.line(Reply.OK);
        connection.produce(watcher);
        return Progress.PRODUCING;
    }

    @Override
    public void abandoned() {
        watcher.close();
    }
}
