package io.karst.appliance.replication;

import io.karst.replication.Members;
import io.karst.store.ReplicaTracking;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;

/**
 * Up to which version each node's items are flushed, for all threads: {@code flush_all} on a node empties what clients
 * place on it, and leaves the copies of other nodes' items alone.
 */
final class FlushTable implements ReplicaTracking.FlushTest {
    private static final int KEY_MAX = 250;
    private static final ThreadLocal<byte[]> KEY = ThreadLocal.withInitial(() -> new byte[KEY_MAX]);

    private final int self;
    private final AtomicLongArray versions = new AtomicLongArray(PeersFile.NODES_MAX);
    private volatile Members members;

    FlushTable(Members members, int self) {
        this.members = members;
        this.self = self;
    }

    /** Goes by other members from now on. */
    void members(Members next) {
        members = next;
    }

    @Override
    public boolean isFlushed(long key, int keyLength, long version) {
        byte[] bytes = KEY.get();
        UnsafeApi.copyMemory(null, key, bytes, BufferUtil.ARRAY_BASE_OFFSET, keyLength);
        return version <= versions.get(members.primary(bytes, keyLength));
    }

    @Override
    public void flushed(long version) {
        raise(self, version);
    }

    /** Raises the version of a node. */
    void raise(int node, long version) {
        versions.accumulateAndGet(node, version, Math::max);
    }

    /** Up to which version the items of this node are flushed. */
    long own() {
        return versions.get(self);
    }
}
