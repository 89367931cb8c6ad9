package io.karst.appliance.replication;

import io.karst.protocol.ClientConnection;
import io.karst.protocol.Progress;
import io.karst.replication.Level;
import io.karst.replication.ReadAnswer;
import io.karst.replication.ReplicationAgent;
import io.karst.store.ReplicaSession;
import io.karst.store.ReplicaTracking;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.jspecify.annotations.Nullable;

/** Requests of all loops that wait for peers. Thread-safe; allocates for each request. */
public final class LevelRequests {
    private final LevelWaits waits;
    private final ReplicationAgent agent;
    private final Level writeLevel;
    private final int timeoutMs;

    LevelRequests(LevelWaits waits, ReplicationAgent agent, Level writeLevel, int timeoutMs) {
        this.waits = waits;
        this.agent = agent;
        this.writeLevel = writeLevel;
        this.timeoutMs = timeoutMs;
    }

    /** A write that waits: its answer comes from the loop, its outcome from the agent, in either order. */
    public static final class Write {
        private final byte[] failure;
        private final ClientConnection connection;
        private long token;
        private byte @Nullable [] answer;
        private @Nullable Boolean isReached;

        private Write(byte[] failure, ClientConnection connection) {
            this.failure = failure;
            this.connection = connection;
        }

        /** Its number for the outbox. */
        public long token() {
            return token;
        }

        /** What the client is told when the level is not reached. */
        public byte[] failure() {
            return failure;
        }

        /** What the client is told when it is. */
        public synchronized void answer(byte[] bytes) {
            answer = bytes;
            resumeIfComplete();
        }

        private synchronized void done(boolean reached) {
            isReached = reached;
            resumeIfComplete();
        }

        private void resumeIfComplete() {
            byte[] bytes = answer;
            Boolean reached = isReached;
            if (bytes != null && reached != null) {
                byte[] said = reached ? bytes : failure;
                connection.resume((replies, same) -> {
                    replies.bytes(said);
                    return Progress.DONE;
                });
            }
        }
    }

    /** The level of writes that say none. */
    public Level writeLevel() {
        return writeLevel;
    }

    /** When a request of now is given up, by the node's clock. */
    public long deadlineMs(long unixMicros) {
        return (unixMicros - ReplicaSession.EPOCH_MICROS) / 1000 + timeoutMs;
    }

    /** Begins a write. */
    public Write beginWrite(byte[] failure, ClientConnection connection) {
        Write write = new Write(failure, connection);
        write.token = waits.begin(write::done);
        return write;
    }

    /** Nobody waits for this write any more. */
    public void forget(Write write) {
        waits.forget(write.token);
    }

    /** Asks the nodes of a key; the answer comes in the agent's thread. */
    public void read(long key, int keyLength, Level level, long unixMicros, ReadAnswer answer) {
        byte[] copy = new byte[keyLength];
        UnsafeApi.copyMemory(null, key, copy, BufferUtil.ARRAY_BASE_OFFSET, keyLength);
        long hash = ReplicaTracking.publicHash(key, keyLength);
        long deadlineMs = deadlineMs(unixMicros);
        agent.execute(() -> agent.node().read(copy, keyLength, hash, level, deadlineMs, answer));
    }
}
