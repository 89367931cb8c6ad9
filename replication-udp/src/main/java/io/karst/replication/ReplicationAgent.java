package io.karst.replication;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * The one thread of replication: takes what the loops have written, gives it to the node, and turns the node. It sleeps for
 * up to a millisecond when there is nothing to do. An exception is logged and counted, and the thread goes on.
 */
public final class ReplicationAgent implements AutoCloseable {
    /** Told the time at the beginning of each turn. */
    @FunctionalInterface
    public interface TimeListener {
        /** Milliseconds of the node's clock, and microseconds since 2024-01-01. */
        void advanceTo(long nowMs, long clockMicros);
    }

    /** How it stood a moment ago. */
    public record Report(boolean isWarm, List<PeerReport> peers, long failures) {}

    private static final System.Logger LOGGER = System.getLogger(ReplicationAgent.class.getName());

    private static final long REPORT_MS = 250;
    private static final long CLOSE_SECONDS = 5;
    private static final int DRAINS_PER_TURN = 8;

    private volatile ReplicationNode node;
    private final List<LoopOutbox> outboxes;
    private final LongSupplier clockMicros;
    private final TimeListener time;
    private final AutoCloseable transport;
    private final LoopOutbox.Handler records;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final IdleStrategy idle =
            new BackoffIdleStrategy(20, 20, TimeUnit.MICROSECONDS.toNanos(20), TimeUnit.MILLISECONDS.toNanos(1));
    private final Thread thread = new Thread(this::run, "karst-replication");
    private volatile boolean isStopping;
    private volatile Report report;
    private long reportedMs;
    private long failures;
    private int work;

    /**
     * An agent that does not run yet.
     *
     * @param clockMicros a clock that never steps, microseconds since 2024-01-01
     * @param transport is closed with the agent, in its thread
     */
    public ReplicationAgent(
            ReplicationNode node,
            List<LoopOutbox> outboxes,
            LongSupplier clockMicros,
            TimeListener time,
            AutoCloseable transport) {
        this.node = node;
        this.outboxes = List.copyOf(outboxes);
        this.clockMicros = clockMicros;
        this.time = time;
        this.transport = transport;
        records = (item, level, token, deadlineMs) -> {
            work++;
            // The field: after a change of members it is another one than this constructor was given.
            this.node.write(item, level, token, deadlineMs);
        };
        report = new Report(false, node.report(), 0);
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** Runs a task in the agent's thread, soon. Any thread; allocates. */
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** How it stood a moment ago; any thread. */
    public Report report() {
        return report;
    }

    /** Has another node take the place of the present one; in the agent's thread. */
    public void replace(ReplicationNode next) {
        node.handOver(next);
        node = next;
        report = new Report(false, next.report(), failures);
    }

    /** The node, for its counters and for tasks in the agent's thread. */
    public ReplicationNode node() {
        return node;
    }

    private void run() {
        while (!isStopping) {
            try {
                idle.idle(turn());
            } catch (RuntimeException | StackOverflowError e) {
                if (failures++ == 0) {
                    LOGGER.log(Level.ERROR, "replication failed, and goes on", e);
                }
            }
        }
        try {
            transport.close();
        } catch (Exception e) {
            LOGGER.log(Level.WARNING, "replication: {0}", e.getMessage());
        }
    }

    private int turn() {
        work = 0;
        long micros = clockMicros.getAsLong();
        long nowMs = micros / 1000;
        time.advanceTo(nowMs, micros);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            work++;
        }
        for (int i = 0; i < outboxes.size(); i++) {
            drain(outboxes.get(i));
        }
        work += node.turn(nowMs, micros);
        if (nowMs - reportedMs >= REPORT_MS) {
            reportedMs = nowMs;
            Report before = report;
            report = new Report(node.isWarm(), node.report(), failures);
            PeerLog.tell(before.peers(), report.peers());
        }
        return work;
    }

    private void drain(LoopOutbox outbox) {
        for (int i = 0; i < DRAINS_PER_TURN && outbox.drain(records) > 0; i++) {
            // As much as there is, up to a bound.
        }
        for (int bucket = outbox.takeLost(0); bucket >= 0; bucket = outbox.takeLost(bucket + 1)) {
            node.lost(bucket);
            if (bucket + 1 == BucketDigests.BUCKET_COUNT) {
                break;
            }
        }
    }

    /** Ends the thread, and waits for it. */
    @Override
    public void close() {
        isStopping = true;
        if (thread.isAlive()) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
