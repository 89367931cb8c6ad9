package io.karst.protocol;

import io.netty.buffer.ByteBufAllocator;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.NanoClock;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Everything the connections of one event loop share: command flyweight, reply writer, handler, inbox, counters. Used on
 * that loop's thread only, except where a method says any thread.
 */
public final class LoopContext {
    private static final Logger LOGGER = System.getLogger(LoopContext.class.getName());
    private static final long LOG_INTERVAL_NS = 10_000_000_000L;
    /** A client that has not read for less than this is not called slow. */
    private static final long SLOW_NS = 1_000_000_000L;

    private static final int INBOX_CHUNK = 256;
    /** Answers taken from the inbox per turn of the loop. */
    private static final int INBOX_BATCH = 256;

    private record Resumption(MemcacheConnection connection, Continuation continuation) {}

    final Command command = new Command();
    final ReplyWriter replies;
    final BinaryCommand binaryCommand = new BinaryCommand();
    final TextDecoder textDecoder;
    final BinaryDecoder binaryDecoder;
    final ByteBufAllocator allocator;

    /** Where to tell what clients say, or null while nobody wants to know. */
    @Nullable
    WireLog wireLog;

    private final int index;
    private final ProtocolLimits limits;
    private final Access access;
    private final NanoClock clock;
    private final LoopCounters counters = new LoopCounters();
    private final List<MemcacheConnection> connections = new ArrayList<>();
    private final MpscUnboundedArrayQueue<Resumption> inbox = new MpscUnboundedArrayQueue<>(INBOX_CHUNK);
    private final AtomicBoolean inboxScheduled = new AtomicBoolean();
    private final Runnable drainInbox = this::drainInbox;
    private final Runnable makeRoom = this::makeRoom;
    private final CommandHandler handler;
    private @Nullable Executor executor;
    private long nowNs;
    private long lastLogNs;
    private long unloggedFailures;

    /** The context of a loop whose connections need no login. */
    public LoopContext(
            int index,
            ProtocolLimits limits,
            NanoClock clock,
            ByteBufAllocator allocator,
            CommandHandler.Factory handlers) {
        this(index, limits, Access.OPEN, clock, allocator, handlers);
    }

    /**
     * The context of one loop.
     *
     * @param index which loop, from 0
     * @param access who must log in
     * @param allocator of the buffers for replies and half-received values
     */
    public LoopContext(
            int index,
            ProtocolLimits limits,
            Access access,
            NanoClock clock,
            ByteBufAllocator allocator,
            CommandHandler.Factory handlers) {
        this.index = index;
        this.limits = limits;
        this.access = access;
        this.clock = clock;
        this.allocator = allocator;
        this.nowNs = clock.nanoTime();
        this.lastLogNs = nowNs - LOG_INTERVAL_NS;
        this.replies = new ReplyWriter(allocator, counters);
        this.textDecoder = new TextDecoder(command, replies, limits);
        this.binaryDecoder = new BinaryDecoder(binaryCommand, replies, limits);
        this.handler = handlers.create(this);
    }

    /** Which loop, from 0. Any thread. */
    public int index() {
        return index;
    }

    /** What one client may cost. Any thread. */
    public ProtocolLimits limits() {
        return limits;
    }

    /** Who must log in. Any thread. */
    public Access access() {
        return access;
    }

    /** The wire's counters of this loop. Any thread may read. */
    public LoopCounters counters() {
        return counters;
    }

    /** The loop's handler. */
    public CommandHandler handler() {
        return handler;
    }

    /** Tells what clients say: 0 nothing, 1 what is refused, 2 and more everything. */
    public void verbosity(int level) {
        wireLog = level > 0 ? new WireLog(level) : null;
    }

    /** The clock as last read: once per burst and per tick. */
    public long nowNs() {
        return nowNs;
    }

    /** The connections open on this loop; a live view, for statistics. */
    public List<? extends ClientConnection> connections() {
        return connections;
    }

    /**
     * Enforces the deadlines of every connection. The server calls it about once a second on the loop.
     *
     * @return connections closed
     */
    public int tick() {
        long now = refreshClock();
        // The other half of the network's memory is for what is half received.
        int closed = closeSlowReaders(limits.inFlightBudget(), SLOW_NS);
        // Backwards: closing moves the last connection into the gap.
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (connections.get(i).enforceDeadlines(now)) {
                closed++;
            }
        }
        return closed;
    }

    /** Does a bounded piece of the handler's housekeeping; returns nanoseconds until the next is due. */
    public long maintain() {
        try {
            return handler.maintain(refreshClock());
        } catch (RuntimeException cause) {
            failed(cause);
            return Long.MAX_VALUE;
        }
    }

    /**
     * Closes clients that do not read, those first that have not for longest, until the output that waits on this loop is at
     * most {@code bytesMax}: together they would take the memory that everybody's requests and replies need.
     *
     * @param slowNs how long they must not have read
     * @return connections closed
     */
    private int closeSlowReaders(long bytesMax, long slowNs) {
        long bytes = pendingBytes();
        if (bytes <= bytesMax) {
            return 0;
        }
        List<MemcacheConnection> slow = new ArrayList<>();
        for (MemcacheConnection connection : connections) {
            if (connection.unreadNs(nowNs) >= slowNs) {
                slow.add(connection);
            }
        }
        slow.sort(Comparator.comparingLong(connection -> -connection.unreadNs(nowNs)));
        int closed = 0;
        while (bytes > bytesMax && closed < slow.size()) {
            bytes -= slow.get(closed).pendingBytes();
            slow.get(closed).kickSlowReader();
            closed++;
        }
        return closed;
    }

    /**
     * Network memory has run out between two ticks: whoever does not read gives back half of what he holds, and what exceeds
     * the share that output may have. From within a connection's work; one that is working stays.
     *
     * @return whether a client was closed
     */
    boolean makeRoom() {
        refreshClock();
        return closeSlowReaders(Math.min(limits.inFlightBudget(), pendingBytes() / 2), 0) > 0;
    }

    /** Output of all connections that the network has not taken yet, bytes. */
    private long pendingBytes() {
        long bytes = 0;
        for (MemcacheConnection connection : connections) {
            bytes += connection.pendingBytes();
        }
        return bytes;
    }

    /** Has every connection answer what it has received, and close then; nothing more is read. */
    public void drain() {
        // One that is answered may have others closed, which moves the last ones into the gaps.
        for (int i = connections.size() - 1; i >= 0; i = Math.min(i, connections.size()) - 1) {
            connections.get(i).drain();
        }
    }

    /** Gives the loop's buffers back; after its last connection closed. */
    public void release() {
        for (Resumption left = inbox.poll(); left != null; left = inbox.poll()) {
            left.continuation().abandoned();
        }
        replies.release();
    }

    long refreshClock() {
        nowNs = clock.nanoTime();
        return nowNs;
    }

    boolean reserve(long bytes) {
        if (counters.get(WireCounter.IN_FLIGHT_BYTES) + bytes > limits.inFlightBudget()) {
            counters.increment(WireCounter.IN_FLIGHT_REFUSED);
            return false;
        }
        counters.add(WireCounter.IN_FLIGHT_BYTES, bytes);
        return true;
    }

    /** A reservation that memory did not keep. */
    void giveBack(long bytes) {
        unreserve(bytes);
        counters.increment(WireCounter.IN_FLIGHT_REFUSED);
    }

    void unreserve(long bytes) {
        counters.add(WireCounter.IN_FLIGHT_BYTES, -bytes);
    }

    /** Returns the connection's place in the list. */
    int opened(MemcacheConnection connection, Executor loop) {
        executor = loop;
        connections.add(connection);
        counters.increment(WireCounter.TOTAL_CONNECTIONS);
        counters.increment(WireCounter.CURR_CONNECTIONS);
        return connections.size() - 1;
    }

    void closed(int place) {
        MemcacheConnection last = connections.remove(connections.size() - 1);
        if (place < connections.size()) {
            connections.set(place, last);
            last.moved(place);
        }
        counters.add(WireCounter.CURR_CONNECTIONS, -1);
    }

    /** Any thread. */
    void post(MemcacheConnection connection, Continuation continuation, Executor loop) {
        inbox.offer(new Resumption(connection, continuation));
        if (inboxScheduled.compareAndSet(false, true)) {
            scheduleInbox(loop);
        }
    }

    private void scheduleInbox(Executor loop) {
        try {
            loop.execute(drainInbox);
        } catch (RejectedExecutionException e) {
            // The loop has shut down: release() will abandon what is left.
            LOGGER.log(Level.DEBUG, "Answer for a closed event loop dropped loop={0}", index);
        }
    }

    private void drainInbox() {
        inboxScheduled.set(false);
        for (int i = 0; i < INBOX_BATCH; i++) {
            Resumption next = inbox.poll();
            if (next == null) {
                return;
            }
            next.connection().resumed(next.continuation());
        }
        Executor loop = executor;
        if (loop != null && inboxScheduled.compareAndSet(false, true)) {
            scheduleInbox(loop);
        }
    }

    /** Counts one of our bugs, and logs the first of an interval. */
    void failed(Throwable cause) {
        counters.increment(WireCounter.HANDLER_FAILURES);
        Executor loop = executor;
        if (cause instanceof OutOfMemoryError && loop != null) {
            // Not here: somebody may be walking over the connections.
            loop.execute(makeRoom);
        }
        unloggedFailures++;
        if (nowNs - lastLogNs >= LOG_INTERVAL_NS) {
            LOGGER.log(
                    Level.ERROR,
                    "Unexpected error on event loop " + index + ", its connection was closed failures="
                            + unloggedFailures,
                    cause);
            lastLogNs = nowNs;
            unloggedFailures = 0;
        }
    }
}
