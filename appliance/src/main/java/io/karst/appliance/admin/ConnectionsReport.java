package io.karst.appliance.admin;

import io.karst.protocol.ClientConnection;
import io.karst.protocol.LoopContext;
import io.karst.protocol.Progress;
import io.karst.protocol.Reply;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * {@code stats conns}: each loop lists its own connections on its own thread, and the last one to finish hands the answer
 * back to the asking connection, which waits meanwhile.
 */
public final class ConnectionsReport {
    private final ServerView server;
    private final ClientConnection asking;
    private final AtomicReferenceArray<String> parts;

    private ConnectionsReport(ServerView server, ClientConnection asking) {
        this.server = server;
        this.asking = asking;
        this.parts = new AtomicReferenceArray<>(server.loopCount());
    }

    static Progress begin(ServerView server, ClientConnection asking) {
        ConnectionsReport report = new ConnectionsReport(server, asking);
        EveryLoop.run(server, report::collect, report::answer);
        return Progress.SUSPENDED;
    }

    private void collect(int loop) {
        StringBuilder rows = new StringBuilder();
        for (ClientConnection connection : server.loop(loop).connections()) {
            describe(
                    connection,
                    (key, value) -> rows.append("STAT ")
                            .append(key)
                            .append(' ')
                            .append(value)
                            .append("\r\n"));
        }
        parts.set(loop, rows.toString());
    }

    private void answer() {
        asking.resume((replies, connection) -> {
            listeners(replies::text);
            for (int i = 0; i < parts.length(); i++) {
                replies.text(parts.get(i));
            }
            replies.line(Reply.END);
            return Progress.DONE;
        });
    }

    private void listeners(Consumer<String> rows) {
        int id = 0;
        for (String listener : server.listeners()) {
            // Listening sockets have no number of ours; memcached shows file descriptors, and so low ones.
            String prefix = "STAT L" + id++ + ":";
            rows.accept(prefix + "addr " + listener + "\r\n" + prefix + "state conn_listening\r\n");
        }
    }

    /** Gives the rows of one connection, key and value, to {@code rows}. On the thread of the connection's loop. */
    public static void describe(ClientConnection connection, BiConsumer<String, String> rows) {
        LoopContext loop = connection.loop();
        String prefix = connection.id() + ":";
        long silent = TimeUnit.NANOSECONDS.toSeconds(loop.nowNs() - connection.lastCommandNs());
        rows.accept(prefix + "addr", connection.remoteName());
        rows.accept(prefix + "listen_addr", connection.localName());
        rows.accept(prefix + "state", connection.stateName());
        rows.accept(prefix + "secs_since_last_cmd", Long.toString(Math.max(0, silent)));
    }
}
