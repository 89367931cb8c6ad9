package io.karst.appliance.replication;

import io.karst.replication.LoopOutbox;
import io.karst.replication.ReplicaRecord;
import io.karst.store.ChangeListener;
import io.karst.store.ReplicaSession;
import io.karst.store.ReplicaTracking;
import io.karst.store.StoreSession;

/** Hands what a loop's session changes to the loop's outbox. Hot path: allocates nothing. */
public final class OutboxListener implements ChangeListener {
    private final StoreSession session;
    private final LoopOutbox outbox;

    /** For a session of a store with tracking, and the outbox of the same loop. */
    public OutboxListener(StoreSession session, LoopOutbox outbox) {
        this.session = session;
        this.outbox = outbox;
    }

    @Override
    public void stored(long hash, long key, int keyLength) {
        outbox.offer(
                ReplicaRecord.VALUE,
                session.version(),
                ReplicaSession.micros(session.expiry()),
                session.flags(),
                ReplicaSession.marksOf(session),
                ReplicaTracking.publicHash(hash),
                key,
                keyLength,
                session.valueAddress(),
                session.valueLength());
    }

    @Override
    public void deleted(long hash, long key, int keyLength, long version) {
        outbox.offer(ReplicaRecord.DELETE, version, 0, 0, 0, ReplicaTracking.publicHash(hash), key, keyLength, key, 0);
    }
}
