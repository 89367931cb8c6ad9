package io.karst.appliance.replication;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Writes that wait until enough nodes have them: from a token to who wants to know. Thread-safe; allocates. */
public final class LevelWaits {
    /** Learns how a write ended, in the agent's thread. */
    @FunctionalInterface
    public interface Listener {
        /** Called once. */
        void done(boolean isReached);
    }

    private final AtomicLong tokens = new AtomicLong();
    private final Map<Long, Listener> waiting = new ConcurrentHashMap<>();

    /** A token for a write to come, above 0. */
    public long begin(Listener listener) {
        long token = tokens.incrementAndGet();
        waiting.put(token, listener);
        return token;
    }

    /** Nobody waits any more. */
    public void forget(long token) {
        waiting.remove(token);
    }

    void done(long token, boolean isReached) {
        Listener listener = waiting.remove(token);
        if (listener != null) {
            listener.done(isReached);
        }
    }

    /** How many wait. */
    public int count() {
        return waiting.size();
    }
}
