package io.karst.appliance.admin;

import io.karst.appliance.command.CommandExecutor;
import io.karst.appliance.replication.Replication;
import io.karst.eviction.PolicyKind;
import io.karst.protocol.LoopContext;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What admin commands need of the running server. Thread-safe, never blocks. */
public interface ServerView {
    /** Number of event loops. */
    int loopCount();

    /** The context of an event loop. */
    LoopContext loop(int loop);

    /** Runs a task on an event loop. */
    void executeOn(int loop, Runnable task);

    /** What executes a loop's commands; what it knows belongs to that loop's thread. */
    CommandExecutor executor(int loop);

    /** The sockets that listen, in {@code stats conns}' form: {@code tcp:127.0.0.1:11211}, {@code unix:/path}. */
    List<String> listeners();

    /** First TCP port in use, 0 without TCP. */
    int tcpPort();

    /** Has a loop ask anew what is watched; on that loop's thread. */
    void refreshWatched(int loop);

    /** Has every loop log what clients say, as {@code -v} given so many times; takes effect soon. */
    void verbosity(int level);

    /** Begins an orderly stop, after the answer to the asking client. */
    void beginShutdown();

    /** Reads certificates and key again; the answer, memcached's words for a client, comes on any thread, now or later. */
    void refreshCertificates(Consumer<String> answer);

    /** What copies items to peers, or null for a node by itself. */
    @Nullable
    Replication replication();

    /** Who makes room at present. */
    PolicyKind eviction();

    /** Has this policy make room from now on. */
    void eviction(PolicyKind policy);
}
