package io.karst.bench.load;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.agrona.UnsafeApi;

/*
 * A generator that shares a machine with its server must cost less than the server, or it measures itself. So: one
 * thread, epoll and sockets through Netty's natives without Netty's channels, requests written into one buffer that
 * stays in the first-level cache, one clock reading per read, replies checked where they lie, nothing allocated. Two
 * system calls per request that is not pipelined, plus a share of one wait: the least that sockets allow.
 *
 * Closed loop: every connection sends `depth` requests in one piece and sends the next ones after the last reply. It
 * finds the highest throughput, and it lies about latency: while the server stalls, nothing is sent, so a stall of 50 ms
 * is one slow request per connection. (Topping up after each reply instead turns pipelining into one system call per
 * request as soon as the server answers in small pieces, which memcached 1.6.18 does.)
 *
 * Open loop: requests arrive at times drawn beforehand, whatever the server does. Each arrival is a burst of `depth`
 * requests for one connection. The connection that has been free longest takes it; when none is free the arrival waits
 * in the backlog, and its latency counts from the time it was intended (Tene, "How not to measure latency", 2013). The
 * thread sleeps only when the next arrival is further away than a timer is imprecise (50 µs), otherwise it polls.
 */

/**
 * Sends requests, checks every byte of every reply, and measures. One run at a time per instance; the calling thread
 * does all the work.
 */
public final class LoadGenerator {
    private static final int RECEIVE_LENGTH = 256 << 10;
    private static final int SHARED_BUFFER_MAX = 1 << 20;
    private static final int LARGE_REQUEST = 64 << 10;
    private static final int EVENTS_MAX = 1024;
    private static final int BACKLOG_MAX = 1 << 20;
    private static final int CARRY_LENGTH = LoadConnection.LINE_MAX + 8;
    private static final long CONNECT_NS = 10_000_000_000L;
    private static final long SLEEP_MIN_NS = 50_000;
    private static final long TURN_NS = 100_000_000;
    private static final long SECOND_NS = 1_000_000_000L;

    private final LoadPlan plan;
    private final Dataset dataset;
    private final RequestSource source;
    private final LoadObserver observer;
    private final Wire wire;
    private final LoadCounters counters = new LoadCounters();
    private final LatencyLog latencies = new LatencyLog();
    private final LoadConnection[] connections;
    private final long receiveBuffer = UnsafeApi.allocateMemory(RECEIVE_LENGTH + 8);
    private final long carries;
    private final int bufferLength;
    private final boolean sharedBuffer;
    private final long sendBuffer;
    private final Epoll epoll;
    private LoadConnection[] byFd = new LoadConnection[64];
    private int openCount;

    // Open loop: connections without a request, and arrivals without a connection, both first in, first out.
    private final int[] free;
    private long freeHead;
    private long freeTail;
    private final long[] backlog;
    private long backlogHead;
    private long backlogTail;
    private long refused;

    // Measured window.
    private boolean begun;
    private boolean stopping;
    private LoadCounters atBegin = counters;
    private LoadCounters atEnd = counters;
    private long beginNs;
    private long endNs;
    private long cpuNs;

    private LoadGenerator(LoadPlan plan, Dataset dataset, RequestSource source, LoadObserver observer)
            throws IOException {
        this.epoll = new Epoll(EVENTS_MAX);
        this.plan = plan;
        this.wire = plan.protocol().wire();
        this.dataset = dataset;
        this.source = source;
        this.observer = observer;
        this.connections = new LoadConnection[plan.connections()];
        this.carries = UnsafeApi.allocateMemory((long) CARRY_LENGTH * plan.connections());
        int requestLength = Math.max(
                wire.getBound(dataset.keys(), source.keysPerRequest()),
                wire.setBound(dataset.keys(), dataset.valueLengthMax()));
        this.bufferLength = Math.addExact(Math.multiplyExact(requestLength, plan.depth()), 256);
        this.sharedBuffer = requestLength <= LARGE_REQUEST && bufferLength <= SHARED_BUFFER_MAX;
        this.sendBuffer = UnsafeApi.allocateMemory(sharedBuffer ? bufferLength : 8);
        this.free = new int[plan.isOpen() ? plan.connections() : 0];
        this.backlog = new long[plan.isOpen() ? BACKLOG_MAX : 0];
        if (observer.wantsIntervals()) {
            latencies.keepIntervals();
        }
    }

    /**
     * One whole run: connects, warms up, measures, waits for the last replies, disconnects.
     *
     * @throws IOException when the server cannot be reached
     */
    public static LoadResult run(LoadPlan plan, Dataset dataset, RequestSource source, LoadObserver observer)
            throws IOException {
        io.netty.channel.epoll.Epoll.ensureAvailability();
        LoadGenerator generator = new LoadGenerator(plan, dataset, source, observer);
        try {
            generator.connect();
            return generator.measure();
        } finally {
            generator.close();
        }
    }

    private void connect() throws IOException {
        for (int i = 0; i < connections.length; i++) {
            Socket socket = openSocket(plan.address());
            LoadConnection connection = new LoadConnection(
                    i,
                    socket,
                    wire,
                    dataset,
                    source,
                    counters,
                    latencies,
                    plan.depth(),
                    carries + (long) i * CARRY_LENGTH);
            connections[i] = connection;
            int fd = socket.intValue();
            if (fd >= byFd.length) {
                byFd = Arrays.copyOf(byFd, Math.max(fd + 1, byFd.length * 2));
            }
            byFd[fd] = connection;
            epoll.add(socket);
            openCount++;
        }
    }

    private static Socket openSocket(SocketAddress address) throws IOException {
        boolean unix = address instanceof DomainSocketAddress;
        Socket socket = unix ? Socket.newSocketDomain() : Socket.newSocketStream();
        boolean connected = false;
        try {
            if (!unix) {
                socket.setTcpNoDelay(true);
            }
            connected = socket.connect(address);
            long deadlineNs = System.nanoTime() + CONNECT_NS;
            while (!connected && System.nanoTime() < deadlineNs) {
                connected = socket.finishConnect();
                LockSupport.parkNanos(20_000);
            }
        } finally {
            if (!connected) {
                socket.close();
            }
        }
        if (!connected) {
            throw new ConnectException("no answer from " + address);
        }
        return socket;
    }

    private LoadResult measure() throws IOException {
        long startNs = System.nanoTime();
        long measureNs = startNs + plan.warmupNs();
        long stopNs = measureNs + plan.durationNs();
        Progress progress = new Progress(startNs);
        if (plan.isOpen()) {
            openLoop(progress, startNs, measureNs, stopNs);
        } else {
            closedLoop(progress, startNs, measureNs, stopNs);
        }
        drain();
        progress.reportRest(System.nanoTime());
        counters.lost += outstandingCount();
        return new LoadResult(
                counters,
                atEnd.since(atBegin),
                Math.max(1, endNs - beginNs),
                cpuNs,
                latencies.total(),
                backlogTail - backlogHead + refused);
    }

    private void closedLoop(Progress progress, long startNs, long measureNs, long stopNs) throws IOException {
        window(startNs, measureNs, stopNs);
        for (LoadConnection connection : connections) {
            refill(connection, System.nanoTime());
        }
        long nowNs = startNs;
        while (!stopping && openCount > 0) {
            nowNs = turn(TURN_NS);
            window(nowNs, measureNs, stopNs);
            progress.report(nowNs);
            if (source.isExhausted() && outstandingCount() == 0) {
                break;
            }
        }
        window(nowNs, Long.MIN_VALUE, Long.MIN_VALUE);
    }

    private void openLoop(Progress progress, long startNs, long measureNs, long stopNs) throws IOException {
        PoissonArrivals arrivals = new PoissonArrivals(plan.ratePerSecond() / plan.depth(), startNs, plan.seed());
        for (int i = 0; i < connections.length; i++) {
            free[(int) freeTail++] = i;
        }
        long nowNs = startNs;
        while (!stopping && openCount > 0) {
            for (; arrivals.nextNs() <= nowNs && arrivals.nextNs() < stopNs; arrivals.advance()) {
                arrive(arrivals.nextNs());
            }
            long gapNs = Math.min(arrivals.nextNs(), stopNs) - nowNs;
            nowNs = turn(gapNs > 2 * SLEEP_MIN_NS ? gapNs - SLEEP_MIN_NS : 0);
            window(nowNs, measureNs, stopNs);
            progress.report(nowNs);
        }
        window(nowNs, Long.MIN_VALUE, Long.MIN_VALUE);
    }

    /** Begins and ends the measured window when it is time. */
    private void window(long nowNs, long measureNs, long stopNs) {
        if (!begun && nowNs >= measureNs) {
            begun = true;
            beginNs = nowNs;
            atBegin = counters.copy();
            observer.begin();
            cpuNs = CpuTime.ofSelfNs();
            latencies.begin(Math.max(nowNs, measureNs));
        }
        if (!stopping && nowNs >= stopNs) {
            stopping = true;
            endNs = nowNs;
            cpuNs = CpuTime.ofSelfNs() - cpuNs;
            observer.end();
            atEnd = counters.copy();
            latencies.end(nowNs);
        }
    }

    /** Waits for sockets and serves those that are ready; returns the time after that. */
    private long turn(long timeoutNs) throws IOException {
        int ready = epoll.await(timeoutNs);
        for (int i = 0; i < ready; i++) {
            if (epoll.isTimeout(i)) {
                continue;
            }
            LoadConnection connection = byFd[epoll.fd(i)];
            if (connection.isClosed()) {
                continue;
            }
            try {
                if (epoll.isWritable(i) && connection.flush()) {
                    epoll.watchWritable(connection.socket(), false);
                }
                if (epoll.isReadable(i)) {
                    receive(connection);
                }
            } catch (IOException e) {
                // A reset by the server; what it owed is lost, and counted.
                abandon(connection);
            }
        }
        return System.nanoTime();
    }

    private void receive(LoadConnection connection) throws IOException {
        int n = connection.socket().recvAddress(receiveBuffer, 0, RECEIVE_LENGTH);
        if (n < 0) {
            abandon(connection);
            return;
        }
        long nowNs = System.nanoTime();
        counters.bytesIn += n;
        connection.read(receiveBuffer, receiveBuffer + n, nowNs);
        if (connection.isBroken()) {
            abandon(connection);
        } else if (plan.isOpen()) {
            if (connection.isIdle() && n > 0) {
                nextArrival(connection);
            }
        } else if (!stopping) {
            refill(connection, nowNs);
        }
    }

    private void refill(LoadConnection connection, long intendedNs) throws IOException {
        if (connection.hasUnsent() || !connection.isIdle()) {
            return;
        }
        connection.refill(sharedBuffer ? sendBuffer : connection.ownBuffer(bufferLength), intendedNs);
        if (connection.hasUnsent()) {
            epoll.watchWritable(connection.socket(), true);
        }
    }

    private void abandon(LoadConnection connection) throws IOException {
        openCount--;
        epoll.remove(connection.socket());
        connection.close();
    }

    private void arrive(long intendedNs) throws IOException {
        while (freeHead != freeTail) {
            LoadConnection connection = connections[free[(int) (freeHead++ % free.length)]];
            if (!connection.isClosed()) {
                refill(connection, intendedNs);
                return;
            }
        }
        if (backlogTail - backlogHead == BACKLOG_MAX) {
            refused++;
        } else {
            backlog[(int) (backlogTail++ & BACKLOG_MAX - 1)] = intendedNs;
        }
    }

    private void nextArrival(LoadConnection connection) throws IOException {
        if (backlogHead != backlogTail) {
            refill(connection, backlog[(int) (backlogHead++ & BACKLOG_MAX - 1)]);
        } else {
            free[(int) (freeTail++ % free.length)] = connection.index();
        }
    }

    /** Waits for the replies that are due, and in an open loop serves what still waits in the backlog. */
    private void drain() throws IOException {
        long deadlineNs = System.nanoTime() + plan.drainNs();
        long nowNs = System.nanoTime();
        while (nowNs < deadlineNs && openCount > 0 && (outstandingCount() > 0 || backlogHead != backlogTail)) {
            nowNs = turn(Math.min(TURN_NS, deadlineNs - nowNs));
        }
    }

    private long outstandingCount() {
        return counters.requests - counters.replies - counters.lost;
    }

    private void close() throws IOException {
        LoadCounters verdict = counters.copy();
        for (LoadConnection connection : connections) {
            if (connection != null) {
                connection.close();
            }
        }
        counters.lost = verdict.lost;
        epoll.close();
        UnsafeApi.freeMemory(receiveBuffer);
        UnsafeApi.freeMemory(carries);
        UnsafeApi.freeMemory(sendBuffer);
    }

    /** Tells the observer about once a second. */
    private final class Progress {
        private final long startNs;
        private long lastNs;
        private LoadCounters last = counters.copy();

        Progress(long startNs) {
            this.startNs = startNs;
            this.lastNs = startNs;
        }

        void report(long nowNs) {
            if (nowNs - lastNs >= SECOND_NS) {
                reportRest(nowNs);
            }
        }

        void reportRest(long nowNs) {
            observer.progress(nowNs - startNs, nowNs - lastNs, counters.since(last), latencies.takeInterval());
            last = counters.copy();
            lastNs = nowNs;
        }
    }
}
