package io.karst.store;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How replication reads and changes the items: by version, in buckets, tombstones included. Versions and hashes are as
 * peers know them ({@link ReplicaTracking#publicHash}), expiries microseconds since 2024-01-01, 0 for never.
 *
 * <p>One thread, which tells the time with {@link #advanceTo}. Allocates only to make its buffers grow.
 */
public final class ReplicaSession {
    /** What became of a change that was made elsewhere. */
    public enum Outcome {
        /** It is here. */
        APPLIED,
        /** The same or a later version is here, or was. */
        STALE
    }

    /** Sees the entries of a bucket, no lock being held. */
    @FunctionalInterface
    public interface EntryVisitor {
        /** Called with the session pointing at one entry. */
        void visit(ReplicaSession entry);
    }

    /** Longer values are left out of a walk, so that a bucket of them does not fill the heap: read them one by one. */
    private static final int WALKED_VALUE_MAX = 64 * 1024;

    private static final int SETTLED_PER_STEP = 256;

    /** Microseconds from the Unix epoch to 2024-01-01, from where versions and expiries count. */
    public static final long EPOCH_MICROS = Moment.EPOCH_MICROS;

    /** Mark of an item that is stale. */
    public static final int STALE = 1;

    /** Mark of an item of which a reader was told to refresh it. */
    public static final int WON = 2;

    private static final int KEY_ENCODED = 4;

    // A walked entry: hash, version, expiry, receipt, flags, value length, marks, type, key length, key, value.
    private static final int ENTRY_HEADER = 8 * 4 + 4 * 2 + 4;

    private final ItemStore store;
    private final ReplicaTracking tracking;
    private final StoreSession session;
    private final ItemAttributes attributes = new ItemAttributes();
    private final UnsafeBuffer key = new UnsafeBuffer(BufferUtil.allocateDirectAligned(256, 64));
    private UnsafeBuffer walked = new UnsafeBuffer(BufferUtil.allocateDirectAligned(64 * 1024, 64));
    private UnsafeBuffer incoming = new UnsafeBuffer(BufferUtil.allocateDirectAligned(64 * 1024, 64));
    private int walkedLength;
    private int at;
    private int settledTo;
    private long settling;
    private int purgedTo;

    ReplicaSession(ItemStore store, ReplicaTracking tracking, StoreSession session) {
        this.store = store;
        this.tracking = tracking;
        this.session = session;
    }

    /** Tells the time; as {@link StoreSession#advanceTo}. */
    public void advanceTo(long unixMicros) {
        session.advanceTo(unixMicros);
    }

    // ---- changing ----

    /**
     * Stores a value that was written elsewhere, unless what is here is as new.
     *
     * @param absentFloor when the key is absent, versions up to this one are stale
     * @param marks 1 stale, 2 won, 4 the key travels in base64
     */
    public Outcome applyValue(
            byte[] keyBytes,
            int keyLength,
            long version,
            long expiryMicros,
            int flags,
            int marks,
            DirectBuffer value,
            int valueOffset,
            int valueLength,
            long absentFloor) {
        incoming = atLeast(incoming, valueLength);
        value.getBytes(valueOffset, incoming, 0, valueLength);
        if (!lockNewer(keyBytes, keyLength, version, absentFloor)) {
            return Outcome.STALE;
        }
        try {
            attributes.clear().flags(flags).expiry(fractions(expiryMicros));
            attributes.stale((marks & STALE) != 0).won((marks & WON) != 0).keyEncoded((marks & KEY_ENCODED) != 0);
            session.lockedStoreRemote(attributes, version, incoming.addressOffset(), valueLength);
            return Outcome.APPLIED;
        } finally {
            session.release();
        }
    }

    /** Deletes a key that was deleted elsewhere, unless what is here is as new. */
    public Outcome applyDelete(byte[] keyBytes, int keyLength, long version, long absentFloor, long receivedMs) {
        if (!lockNewer(keyBytes, keyLength, version, absentFloor)) {
            return Outcome.STALE;
        }
        session.lockedBuryRemote(version, receivedMs);
        session.release();
        return Outcome.APPLIED;
    }

    private boolean lockNewer(byte[] keyBytes, int keyLength, long version, long absentFloor) {
        StoreSession.Found found = lock(keyBytes, keyLength);
        long floor = found == StoreSession.Found.NOTHING ? absentFloor : session.lockedVersion();
        if (version <= floor) {
            session.release();
            return false;
        }
        return true;
    }

    private StoreSession.Found lock(byte[] keyBytes, int keyLength) {
        key.putBytes(0, keyBytes, 0, keyLength);
        return session.lockForRemote(key.addressOffset(), keyLength);
    }

    // ---- reading ----

    /**
     * Points at the item or tombstone of a key, whatever its length; false when there is none. No lock is held
     * afterwards.
     */
    public boolean read(byte[] keyBytes, int keyLength) {
        walkedLength = 0;
        at = 0;
        StoreSession.Found found = lock(keyBytes, keyLength);
        try {
            if (found == StoreSession.Found.TOMBSTONE) {
                session.pointAtTombstone();
            }
            if (found != StoreSession.Found.NOTHING) {
                copy(key.addressOffset(), keyLength, Integer.MAX_VALUE);
            }
            return found != StoreSession.Found.NOTHING;
        } finally {
            session.release();
        }
    }

    /** Shows every item and tombstone of a bucket that lives. The visitor may read, but not walk. */
    public void walk(int bucket, EntryVisitor visitor) {
        walkedLength = 0;
        session.walkBucket(bucket, (address, length) -> copy(address, length, WALKED_VALUE_MAX));
        forEachWalked(visitor);
    }

    private void forEachWalked(EntryVisitor visitor) {
        int end = walkedLength;
        int entry = 0;
        while (entry < end) {
            at = entry;
            entry += ENTRY_HEADER + keyLength() + (isValueHere() ? valueLength() : 0);
            visitor.visit(this);
        }
    }

    private void copy(long keyAddress, int keyLength, int valueMax) {
        boolean isTombstone = session.isTombstoneShown();
        int valueLength = isTombstone ? 0 : session.valueLength();
        int copied = valueLength <= valueMax ? valueLength : 0;
        int length = ENTRY_HEADER + keyLength + copied;
        walked = atLeast(walked, walkedLength + length);
        int to = walkedLength;
        walked.putLong(to, ReplicaTracking.publicHash(XxHash64.hash(keyAddress, keyLength)), LITTLE_ENDIAN);
        walked.putLong(to + 8, session.version(), LITTLE_ENDIAN);
        walked.putLong(to + 16, isTombstone ? 0 : micros(session.expiry()), LITTLE_ENDIAN);
        walked.putLong(to + 24, isTombstone ? session.shownReceivedMs() : 0, LITTLE_ENDIAN);
        walked.putInt(to + 32, isTombstone ? 0 : session.flags(), LITTLE_ENDIAN);
        walked.putInt(to + 36, valueLength, LITTLE_ENDIAN);
        walked.putByte(to + 40, (byte) (isTombstone ? 0 : marksOf(session)));
        walked.putByte(to + 41, (byte) (isTombstone ? 1 : copied == valueLength ? 0 : 2));
        walked.putShort(to + 42, (short) keyLength, LITTLE_ENDIAN);
        UnsafeApi.copyMemory(keyAddress, walked.addressOffset() + to + ENTRY_HEADER, keyLength);
        if (copied > 0) {
            UnsafeApi.copyMemory(
                    session.valueAddress(), walked.addressOffset() + to + ENTRY_HEADER + keyLength, copied);
        }
        walkedLength += length;
    }

    /** The marks of the item that a session points at, as {@link #applyValue} takes them. */
    public static int marksOf(StoreSession session) {
        return (session.isStale() ? STALE : 0)
                | (session.isWon() ? WON : 0)
                | (session.isKeyEncoded() ? KEY_ENCODED : 0);
    }

    /** Hash of the entry's key, as peers know it. */
    public long hash() {
        return walked.getLong(at, LITTLE_ENDIAN);
    }

    /** The entry's version. */
    public long version() {
        return walked.getLong(at + 8, LITTLE_ENDIAN);
    }

    /** When the item expires. */
    public long expiryMicros() {
        return walked.getLong(at + 16, LITTLE_ENDIAN);
    }

    /** When the tombstone was received, milliseconds of the node's clock. */
    public long receivedMs() {
        return walked.getLong(at + 24, LITTLE_ENDIAN);
    }

    /** Client flags. */
    public int flags() {
        return walked.getInt(at + 32, LITTLE_ENDIAN);
    }

    /** Length of the value in bytes; 0 for a tombstone. */
    public int valueLength() {
        return walked.getInt(at + 36, LITTLE_ENDIAN);
    }

    /** Marks, as {@link #applyValue} takes them. */
    public int marks() {
        return walked.getByte(at + 40);
    }

    /** Whether the key was deleted. */
    public boolean isTombstone() {
        return walked.getByte(at + 41) == 1;
    }

    /** Whether the value was copied; a long one was not, by a walk. */
    public boolean isValueHere() {
        return walked.getByte(at + 41) == 0;
    }

    /** Length of the key in bytes. */
    public int keyLength() {
        return walked.getShort(at + 42, LITTLE_ENDIAN);
    }

    /** Where key and value lie, one behind the other, from {@link #keyOffset} on. */
    public DirectBuffer buffer() {
        return walked;
    }

    /** Offset of the key in {@link #buffer}. */
    public int keyOffset() {
        return at + ENTRY_HEADER;
    }

    // ---- taking away ----

    /** Makes the flush test be asked for everything up to a version. */
    public void flush(long version) {
        store.raiseFloor(version);
    }

    /**
     * Takes flushed items away, a bounded number of buckets at a time, so that in the end the flush test need not be asked
     * any more.
     */
    public void settleFlush() {
        long floor = session.floor();
        if (floor == 0) {
            return;
        }
        if (floor != settling) {
            settling = floor;
            settledTo = 0;
        }
        int end = Math.min(ReplicaTracking.BUCKET_COUNT, settledTo + SETTLED_PER_STEP);
        for (; settledTo < end; settledTo++) {
            removeFlushed(settledTo);
        }
        if (end == ReplicaTracking.BUCKET_COUNT) {
            settling = 0;
            store.settleFloor(floor);
        }
    }

    private void removeFlushed(int bucket) {
        walkedLength = 0;
        session.walkDead(bucket, (address, length) -> copy(address, length, 0));
        forEachWalked(entry -> {
            key.putBytes(0, walked, entry.keyOffset(), entry.keyLength());
            session.reap(key.addressOffset(), entry.keyLength());
        });
    }

    /**
     * Takes tombstones away that were received before a time, in the next buckets; their versions are marked.
     *
     * @param bucketsMax how many buckets to look at
     */
    public void purgeTombstones(long receivedBeforeMs, int bucketsMax) {
        for (int i = 0; i < bucketsMax && tracking.tombstoneCount() > 0; i++) {
            int bucket = purgedTo++ & (ReplicaTracking.BUCKET_COUNT - 1);
            walk(bucket, entry -> {
                if (entry.isTombstone() && entry.receivedMs() < receivedBeforeMs) {
                    purge(entry);
                }
            });
        }
    }

    private void purge(ReplicaSession entry) {
        long version = entry.version();
        key.putBytes(0, walked, entry.keyOffset(), entry.keyLength());
        StoreSession.Found found = session.lockForRemote(key.addressOffset(), entry.keyLength());
        if (found == StoreSession.Found.TOMBSTONE && session.lockedVersion() == version) {
            session.lockedPurge();
        }
        session.release();
    }

    /** Takes everything away, and forgets what had left. Writes that come meanwhile may stay. */
    public void clear() {
        for (int bucket = 0; bucket < ReplicaTracking.BUCKET_COUNT; bucket++) {
            walk(bucket, entry -> {
                key.putBytes(0, walked, entry.keyOffset(), entry.keyLength());
                session.lockForRemote(key.addressOffset(), entry.keyLength());
                session.lockedPurge();
                session.release();
            });
        }
        tracking.clearMarks();
    }

    // ---- small things ----

    private static UnsafeBuffer atLeast(UnsafeBuffer buffer, int length) {
        if (length <= buffer.capacity()) {
            return buffer;
        }
        UnsafeBuffer longer = new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(Math.max(length, Integer.highestOneBit(length) * 2), 64));
        longer.putBytes(0, buffer, 0, buffer.capacity());
        return longer;
    }

    /** Microseconds since 2024-01-01 of Unix time in 1/256 s; 0 stays 0. */
    public static long micros(long unixFractions) {
        return unixFractions == 0 ? 0 : Math.max(1, unixFractions * 15_625 / 4 - Moment.EPOCH_MICROS);
    }

    // A 256th of a second is 3,906.25 microseconds, which was rounded down, so this rounds up.
    private static long fractions(long micros) {
        return micros == 0 ? 0 : ((micros + Moment.EPOCH_MICROS) * 4 + 15_624) / 15_625;
    }
}
