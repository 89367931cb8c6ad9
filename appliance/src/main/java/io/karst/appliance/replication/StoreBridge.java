package io.karst.appliance.replication;

import io.karst.replication.ReplicaRecord;
import io.karst.replication.ReplicaStore;
import io.karst.store.ItemStore;
import io.karst.store.ReplicaSession;
import io.karst.store.ReplicaTracking;
import org.agrona.ExpandableArrayBuffer;

/** The item store as replication sees it. For the agent's thread. */
final class StoreBridge implements ReplicaStore {
    /** Buckets looked at for old tombstones per call, of 65,536; the node calls five times a second. */
    private static final int PURGED_BUCKETS = 256;

    private final ReplicaTracking tracking;
    private final FlushTable flushes;
    private final ReplicaSession walker;
    private final ReplicaSession session;
    private final byte[] key = new byte[256];
    private final ReplicaRecord walked = new ReplicaRecord();
    private final ExpandableArrayBuffer walkedBuffer = new ExpandableArrayBuffer(4096);
    private final ReplicaRecord read = new ReplicaRecord();
    private final ExpandableArrayBuffer readBuffer = new ExpandableArrayBuffer(4096);

    StoreBridge(ItemStore store, ReplicaTracking tracking, FlushTable flushes) {
        this.tracking = tracking;
        this.flushes = flushes;
        walker = store.openReplicaSession();
        session = store.openReplicaSession();
    }

    /** Tells the time, and goes on with what there is to clean up. */
    void advanceTo(long unixMicros) {
        walker.advanceTo(unixMicros);
        session.advanceTo(unixMicros);
        session.settleFlush();
    }

    @Override
    public Outcome apply(ReplicaRecord item, long absentFloor, long nowMs) {
        int keyLength = item.key(key);
        ReplicaSession.Outcome outcome = switch (item.type()) {
            case ReplicaRecord.VALUE ->
                session.applyValue(
                        key,
                        keyLength,
                        item.version(),
                        item.expiryMicros(),
                        item.flags(),
                        item.marks(),
                        item.buffer(),
                        item.valueOffset(),
                        item.valueLength(),
                        absentFloor);
            case ReplicaRecord.DELETE -> session.applyDelete(key, keyLength, item.version(), absentFloor, nowMs);
            default -> null;
        };
        // A touch of a version that may not be here: nodes of ours send the whole item instead.
        if (outcome == null) {
            return Outcome.NOT_HERE;
        }
        return outcome == ReplicaSession.Outcome.APPLIED ? Outcome.APPLIED : Outcome.STALE;
    }

    @Override
    public void walk(int bucket, Visitor visitor) {
        walker.walk(bucket, entry -> {
            encode(entry, walkedBuffer, walked);
            visitor.visit(walked);
        });
    }

    @Override
    public void read(byte[] wanted, int keyLength, Visitor visitor) {
        if (session.read(wanted, keyLength)) {
            encode(session, readBuffer, read);
            visitor.visit(read);
        }
    }

    private static void encode(ReplicaSession entry, ExpandableArrayBuffer target, ReplicaRecord record) {
        int keyLength = entry.keyLength();
        int valueLength = entry.isValueHere() ? entry.valueLength() : 0;
        int type = entry.isTombstone()
                ? ReplicaRecord.DELETE
                : entry.isValueHere() ? ReplicaRecord.VALUE : ReplicaRecord.REFERENCE;
        ReplicaRecord.encodeHeader(
                target,
                0,
                type,
                entry.version(),
                entry.expiryMicros(),
                entry.flags(),
                entry.marks(),
                entry.hash(),
                keyLength,
                valueLength);
        target.putBytes(ReplicaRecord.HEADER_LENGTH, entry.buffer(), entry.keyOffset(), keyLength + valueLength);
        record.wrap(target, 0, ReplicaRecord.HEADER_LENGTH + keyLength + valueLength);
    }

    @Override
    public void flush(int primary, long version) {
        flushes.raise(primary, version);
        session.flush(version);
    }

    @Override
    public int takeChanged(int from) {
        return from < ReplicaTracking.BUCKET_COUNT ? tracking.takeChanged(from) : -1;
    }

    @Override
    public long mark(int bucket) {
        return tracking.mark(bucket);
    }

    @Override
    public long tombstoneCount() {
        return tracking.tombstoneCount();
    }

    @Override
    public void purgeTombstones(long receivedBeforeMs) {
        session.purgeTombstones(receivedBeforeMs, PURGED_BUCKETS);
    }

    @Override
    public void clear() {
        session.clear();
    }
}
