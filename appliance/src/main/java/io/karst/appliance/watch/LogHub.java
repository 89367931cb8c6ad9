package io.karst.appliance.watch;

import io.karst.protocol.ClientConnection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Who watches what. Event loops publish lines ({@link LoopLog}), {@link Watcher}s take those of their streams. Thread-safe,
 * never blocks.
 *
 * <p>Nobody watching costs the loops one read of a plain field per command: each keeps the set of watched streams for
 * itself, and is told by a task of its own when that changes.
 */
public final class LogHub {
    /** memcached's limit. */
    private static final int WATCHERS_MAX = 20;

    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final AtomicLong lines = new AtomicLong();
    private final LongAdder sent = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final Runnable onChange;

    /** @param onChange has every loop ask for {@link #streams} again; any thread, must not block */
    public LogHub(Runnable onChange) {
        this.onChange = onChange;
    }

    /** A watcher of some streams for a connection, or null when there are too many. */
    public synchronized @Nullable Watcher add(ClientConnection connection, int streams) {
        if (watchers.size() >= WATCHERS_MAX) {
            return null;
        }
        Watcher watcher = new Watcher(this, connection, streams);
        watchers.add(watcher);
        return watcher;
    }

    synchronized void remove(Watcher watcher) {
        if (watchers.remove(watcher)) {
            onChange.run();
        }
    }

    /** The streams that anybody watches. */
    public int streams() {
        int streams = 0;
        for (Watcher watcher : watchers) {
            streams |= watcher.streams();
        }
        return streams;
    }

    /** Number of the next line, ascending over all loops. */
    long nextLine() {
        return lines.incrementAndGet();
    }

    /** Hands a line, its line feed included, to everybody who watches its stream. */
    void publish(LogStream stream, String line) {
        for (Watcher watcher : watchers) {
            if ((watcher.streams() & stream.bit()) != 0) {
                if (watcher.offer(line)) {
                    sent.increment();
                } else {
                    skipped.increment();
                }
            }
        }
    }

    /** {@code log_watchers}. */
    public int watcherCount() {
        return watchers.size();
    }

    /** {@code log_watcher_sent}: lines that watchers were given. */
    public long sent() {
        return sent.sum();
    }

    /** {@code log_watcher_skipped}: lines that found a watcher's buffer full. */
    public long skipped() {
        return skipped.sum();
    }

    /** {@code log_worker_written}: lines that loops wrote. */
    public long written() {
        return lines.get();
    }
}
