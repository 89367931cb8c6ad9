package io.karst.store;

import io.karst.eviction.AccessMetadata;
import org.agrona.UnsafeApi;
import org.jspecify.annotations.Nullable;

/**
 * One thread's way to the store. Keys and values come and go as raw addresses and lengths in bytes; results are
 * {@link StoreResult}s. The owner tells the time with {@link #advanceTo}, once per burst of requests.
 *
 * <p>An item that {@link #acquire} or {@link #acquireForTouch} found is read in place, under its segment's lock: copy it
 * out and call {@link #release} soon, without I/O in between. No other method may be called meanwhile.
 *
 * <p>Hot path: no allocation (the scratch memory for append and the like grows to the longest item and stays). Used by one
 * thread only; different sessions of a store work at the same time.
 */
public final class StoreSession {
    private static final int SCRATCH_MIN = 4096;

    private final ItemStore store;
    private final StoreCounters smallCounters = new StoreCounters();
    private final StoreCounters largeCounters = new StoreCounters();
    private final Moment moment;
    private final Segment small;
    private final @Nullable Segment large;
    private final StoreScan scan;

    private @Nullable ChangeListener changeListener;
    private Change change = Change.NONE;
    private long changeHash;
    private long changeKey;
    private int changeKeyLength;
    private long changeVersion;

    private boolean isLargeWriteLocked;
    private boolean isTombstoneFound;
    private Shown shown = Shown.LIVING;
    private @Nullable Segment readLocked;
    private boolean isWriteAcquired;

    private SizeBand band = SizeBand.SMALL;
    private int control;
    private long item;
    private long value;
    private int valueLength;

    private final ItemAttributes attributes = new ItemAttributes();
    private long lockedHash;
    private long lockedKey;
    private int lockedKeyLength;
    private @Nullable Segment lockedIn;
    private int metadataBefore;

    private final long[] batchHashes = new long[BATCH_MAX];

    @SuppressWarnings("UnusedVariable") // written so that the reads of touchBatch are not optimised away
    private long touched;

    private long number;
    private long scratch;
    private int scratchLength;

    StoreSession(ItemStore store, int nodeId) {
        this.store = store;
        this.moment = new Moment(store.policy().policy(), nodeId, store.tracking());
        this.small = new Segment(store.small, moment, smallCounters, false);
        this.large = store.large == null ? null : new Segment(store.large, moment, largeCounters, true);
        this.scan = new StoreScan(this, small, large);
        moment.set(Moment.EPOCH_MICROS);
    }

    /**
     * Tells the session what time it is.
     *
     * @param unixMicros microseconds since the Unix epoch, from a clock that never runs backwards
     */
    public void advanceTo(long unixMicros) {
        moment.set(unixMicros);
        moment.policy = store.policy().policy();
    }

    /** The time as last told, Unix seconds, unsigned. */
    public int nowSeconds() {
        return moment.seconds;
    }

    /** The time as last told, Unix time in 1/256 s. */
    public long nowFractions() {
        return fractions(moment.seconds) + moment.fraction;
    }

    /** Has a listener told of what this session changes, if the store is tracked; null for none. */
    public void onChange(@Nullable ChangeListener listener) {
        changeListener = listener;
    }

    /** Has a listener told of the items that this session evicts; null for none. */
    public void onEviction(@Nullable EvictionListener listener) {
        moment.evictionListener = listener;
    }

    /** What this session counted in an arena. */
    public StoreCounters counters(SizeBand band) {
        return band == SizeBand.SMALL ? smallCounters : largeCounters;
    }

    /** Which arena the last operation that met an item met it in; during a scan, the shown item's. */
    public SizeBand band() {
        return band;
    }

    // ---- looking ahead ----

    /** Most keys that one batch can hold. */
    public static final int BATCH_MAX = 64;

    /**
     * Notes key i of a batch of reads to come; all keys first, then {@link #touchBatch}, then
     * {@link #acquireBatched} for each.
     *
     * @param i 0..{@link #BATCH_MAX} - 1
     */
    public void noteBatched(int i, long key, int keyLength) {
        batchHashes[i] = XxHash64.hash(key, keyLength);
    }

    /*
     * A get of a cold item waits for memory twice, for its slot and for its entry, one after the other. Over a batch the
     * waits of different keys can overlap: one pass reads all slots, the next all entries, and the locked lookups then
     * find everything in the cache. 4 M items: 260 ns per key become 129 with 100 keys, 281 become 179 with 4; 2 ns lost
     * when all is hot (evidence/store-paths.md section 2). Two passes are not enough: 1.15 instead of 2.0.
     */

    /** Brings what the reads of a batch will need closer, all of it at once; worth it from about four keys on. */
    public void touchBatch(int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += small.touchSlot(batchHashes[i]);
        }
        for (int i = 0; i < count; i++) {
            sum += small.touchEntry(batchHashes[i]);
        }
        touched = sum;
    }

    /** {@link #acquire} of key i of the batch. */
    public boolean acquireBatched(int i, long key, int keyLength) {
        return acquire(batchHashes[i], key, keyLength);
    }

    // ---- reading ----

    /**
     * Finds a live item and holds its segment's shared lock until {@link #release}.
     *
     * @return false on a miss, with no lock held
     */
    public boolean acquire(long key, int keyLength) {
        return acquire(XxHash64.hash(key, keyLength), key, keyLength);
    }

    private boolean acquire(long hash, long key, int keyLength) {
        moment.floor = store.floor();
        small.select(hash);
        small.lockRead();
        if (small.find(key, keyLength)) {
            if (moment.tracking != null && small.isTombstone()) {
                small.unlockRead();
                return false;
            }
            return acquired(small, key, keyLength);
        }
        if (large == null || large.arena.isEmpty()) {
            small.unlockRead();
            return false;
        }
        large.select(hash);
        large.lockRead();
        boolean found = large.find(key, keyLength);
        small.unlockRead();
        if (!found) {
            large.unlockRead();
            return false;
        }
        return acquired(large, key, keyLength);
    }

    private boolean acquired(Segment segment, long key, int keyLength) {
        if (segment.isDead()) {
            countDeadGet(segment);
            segment.unlockRead();
            reap(segment, key, keyLength);
            return false;
        }
        metadataBefore = segment.recordHit();
        pointAt(segment);
        readLocked = segment;
        return true;
    }

    private void countDeadGet(Segment segment) {
        boolean flushed = ItemLayout.version(segment.item()) <= moment.floor;
        countersOf(segment).add(flushed ? StoreCounters.GET_FLUSHED : StoreCounters.GET_EXPIRED, 1);
    }

    /** Lazy expiry: gives a dead item's room back. Between the locks it may have been replaced, so it is found again. */
    private static void reap(Segment segment, long key, int keyLength) {
        segment.lockWrite();
        try {
            if (segment.find(key, keyLength) && segment.isDead()) {
                segment.removeDead();
            }
        } finally {
            segment.unlockWrite();
        }
    }

    /**
     * Finds a live item and holds its segment's write lock until {@link #release}, so that {@link #lockedTouch} can give it
     * another exptime once there is room for its value in the answer.
     *
     * @return false on a miss, with no lock held
     */
    public boolean acquireForTouch(long key, int keyLength) {
        boolean found = lock(key, keyLength);
        if (!found) {
            release();
        }
        return found;
    }

    /**
     * Touches the item: a new exptime, and a reader. The CAS token stays.
     *
     * @param expiresAt Unix seconds, 0 for never ({@link Exptime#resolve})
     * @return false when it had to grow and could not
     */
    public boolean lockedTouch(int expiresAt) {
        lockedHit();
        return lockedExpiry(fractions(expiresAt));
    }

    /** Takes the acquired item's access back: its reader got no answer yet, and will come again. */
    public void forgetAccess() {
        ItemLayout.metadata(item, metadataBefore);
    }

    /** Gives back what {@link #acquire} or {@link #acquireForTouch} holds; the item must not be looked at any more. */
    public void release() {
        Segment segment = readLocked;
        if (segment != null) {
            readLocked = null;
            segment.unlockRead();
        } else if (isWriteAcquired) {
            isWriteAcquired = false;
            unlockAfterChange();
        }
    }

    /** Address of the acquired item's value bytes. */
    public long valueAddress() {
        return value;
    }

    /** Length of the acquired item's value, bytes. */
    public int valueLength() {
        return valueLength;
    }

    /** Client flags of the acquired item, unsigned. */
    public int flags() {
        return ItemLayout.flags(item, control);
    }

    /** Version of the acquired item. */
    public long version() {
        return ItemLayout.version(item);
    }

    /** CAS token of the acquired item, unsigned. */
    public long cas() {
        return ItemLayout.cas(item, control);
    }

    /** When the acquired item expires, Unix seconds, unsigned; 0 for never. */
    public int expiresAt() {
        return ItemLayout.expiresAt(item, control);
    }

    /** When the acquired item expires, Unix time in 1/256 s; 0 for never. */
    public long expiry() {
        return ItemLayout.expiry(item, control);
    }

    /** Whether the acquired item was marked stale. */
    public boolean isStale() {
        return (control & ItemLayout.STALE) != 0;
    }

    /** Whether a reader of the acquired item was already told to refresh it. */
    public boolean isWon() {
        return (control & ItemLayout.WON) != 0;
    }

    /** Whether the acquired item's key travels in base64. */
    public boolean isKeyEncoded() {
        return ItemLayout.isKeyEncoded(item, control);
    }

    /** Whether the acquired item had been read before this access, since it was stored. */
    public boolean wasFetched() {
        return AccessMetadata.isFetched(metadataBefore);
    }

    /** Seconds between the acquired item's last access, this one not counted, and now; what exceeds 19 hours wraps. */
    public int idleSeconds() {
        return moment.idleSeconds(metadataBefore);
    }

    private StoreCounters countersOf(Segment segment) {
        return segment == small ? smallCounters : largeCounters;
    }

    private void pointAt(Segment segment) {
        band = segment == small ? SizeBand.SMALL : SizeBand.LARGE;
        item = segment.item();
        control = ItemLayout.control(item);
        int headerLength = ItemLayout.headerLength(control);
        value = item + headerLength;
        valueLength = segment.itemLength() - headerLength;
    }

    // ---- scanning ----

    /** Sees items during a scan: the session's accessors speak of the item, under its segment's shared lock. */
    @FunctionalInterface
    public interface ItemVisitor {
        /** Called for one live item; must not call the session's operations, and be quick. */
        void visit(long key, int keyLength);
    }

    /**
     * Shows live items to a visitor, a bounded number at a time, in no order. An item whose key is present from the first
     * step to the last is shown exactly once, even if it is overwritten or others come and go meanwhile; one that was
     * stored or removed during the scan is shown once or not at all.
     *
     * @param cursor 0 to begin, then what the last step returned; anything from 0 to {@link #scanEnd} is a position
     * @param homesMax positions to look at under one lock; about every second one has an item
     * @param only the arena to look at, or null for both
     * @return where to go on, or -1 at the end
     */
    public long scan(long cursor, int homesMax, @Nullable SizeBand only, ItemVisitor visitor) {
        long end = scan.end();
        if (cursor < 0 || cursor >= end) {
            return -1;
        }
        moment.floor = store.floor();
        long next = scan.step(cursor, homesMax, only, visitor);
        return next < end ? next : -1;
    }

    /**
     * Shows every item and tombstone of a bucket that is not dead to a visitor, under shared locks; the visitor asks
     * {@link #isTombstoneShown}.
     */
    void walkBucket(int bucket, ItemVisitor visitor) {
        walk(bucket, Shown.LIVING_AND_TOMBSTONES, visitor);
    }

    /** Shows what {@link #walkBucket} does not: the dead of a bucket. */
    void walkDead(int bucket, ItemVisitor visitor) {
        walk(bucket, Shown.DEAD, visitor);
    }

    private void walk(int bucket, Shown wanted, ItemVisitor visitor) {
        moment.floor = store.floor();
        shown = wanted;
        try {
            scan.bucket(bucket, visitor);
        } finally {
            shown = Shown.LIVING;
        }
    }

    /** Removes what is under a key if it is dead, item or tombstone. */
    void reap(long key, int keyLength) {
        lock(key, keyLength);
        if (isTombstoneFound && small.isDead()) {
            lockedPurge();
        }
        release();
    }

    private enum Shown {
        LIVING,
        LIVING_AND_TOMBSTONES,
        DEAD
    }

    /** Whether the shown entry is a tombstone, of which only the version and the receipt time can be asked. */
    boolean isTombstoneShown() {
        return ItemLayout.isTombstone(item);
    }

    /** When the shown tombstone was received. */
    long shownReceivedMs() {
        return ItemLayout.receivedMs(item);
    }

    /** The floor at or below which items may be flushed; 0 when all of them have been settled. */
    long floor() {
        return store.floor();
    }

    /** Positions of a scan. */
    public long scanEnd() {
        return scan.end();
    }

    /** Shows the item that the segment points at, if it lives. */
    void show(Segment segment, ItemVisitor visitor) {
        boolean isHidden = shown == Shown.LIVING && moment.tracking != null && segment.isTombstone();
        if (segment.isDead() == (shown == Shown.DEAD) && !isHidden) {
            pointAt(segment);
            metadataBefore = ItemLayout.metadata(item);
            visitor.visit(segment.key(), segment.keyLength());
        }
    }

    /**
     * A sweep of one part of the segments for dead items; the parts of all sessions together are the store.
     *
     * @param part 0..{@code parts} - 1
     */
    public ExpirySweep expirySweep(int part, int parts) {
        return new ExpirySweep(this, small, large, part, parts);
    }

    /** Reads the flush floor, for a sweep. */
    long refreshFloor() {
        moment.floor = store.floor();
        return moment.floor;
    }

    // ---- changing ----

    /**
     * Stores a value.
     *
     * @param flags client flags, unsigned; ignored by append and prepend
     * @param expiresAt Unix seconds, 0 for never ({@link Exptime#resolve}); ignored by append and prepend
     * @param newValue address of the value bytes, outside the store
     * @param cas the token to compare with; only CAS looks at it
     * @return STORED; NOT_STORED (add, replace, append, prepend); EXISTS or NOT_FOUND (cas); TOO_LARGE or NO_MEMORY, after
     *     which a SET has removed the old item, so that nobody reads a value that was meant to be replaced
     */
    public StoreResult store(
            StoreMode mode, long key, int keyLength, int flags, int expiresAt, long newValue, int newLength, long cas) {
        long hash = XxHash64.hash(key, keyLength);
        lockForChange(hash);
        try {
            Segment current = findForChange(hash, key, keyLength);
            switch (mode) {
                case SET -> {}
                case ADD -> {
                    if (current != null) {
                        current.recordUse();
                        return StoreResult.NOT_STORED;
                    }
                }
                case REPLACE -> {
                    if (current == null) {
                        return StoreResult.NOT_STORED;
                    }
                }
                case APPEND, PREPEND -> {
                    return current == null
                            ? StoreResult.NOT_STORED
                            : extend(hash, current, mode == StoreMode.APPEND, key, keyLength, newValue, newLength);
                }
                case CAS -> {
                    if (current == null) {
                        return StoreResult.NOT_FOUND;
                    }
                    pointAt(current);
                    if (cas() != cas) {
                        return StoreResult.EXISTS;
                    }
                }
            }
            attributes.clear().flags(flags).expiresAt(expiresAt);
            return put(hash, current, mode == StoreMode.SET, 0, key, keyLength, attributes, newValue, newLength);
        } finally {
            unlockAfterChange();
        }
    }

    /** Removes an item: STORED, or NOT_FOUND. */
    public StoreResult delete(long key, int keyLength) {
        long hash = XxHash64.hash(key, keyLength);
        lockForChange(hash);
        try {
            Segment current = findForChange(hash, key, keyLength);
            if (current == null) {
                noteMissedDelete(hash, key, keyLength);
                return StoreResult.NOT_FOUND;
            }
            pointAt(current);
            remove(hash, current, key, keyLength);
            return StoreResult.STORED;
        } finally {
            unlockAfterChange();
        }
    }

    /** Gives an item a new exptime: STORED, NOT_FOUND or (only where nothing may be evicted) NO_MEMORY. */
    public StoreResult touch(long key, int keyLength, int expiresAt) {
        long hash = XxHash64.hash(key, keyLength);
        lockForChange(hash);
        try {
            Segment current = findForChange(hash, key, keyLength);
            if (current == null) {
                return StoreResult.NOT_FOUND;
            }
            return touch(hash, current, key, keyLength, fractions(expiresAt))
                    ? StoreResult.STORED
                    : StoreResult.NO_MEMORY;
        } finally {
            unlockAfterChange();
        }
    }

    /**
     * Adds to or subtracts from a number in ASCII digits, modulo 2^64 upwards and down to 0 at most. A result with fewer
     * digits is padded with spaces behind, in place, as memcached does.
     *
     * @return STORED ({@link #number} is the result), NOT_FOUND, NON_NUMERIC or NO_MEMORY
     */
    public StoreResult addDelta(long key, int keyLength, boolean increment, long delta) {
        long hash = XxHash64.hash(key, keyLength);
        lockForChange(hash);
        try {
            Segment current = findForChange(hash, key, keyLength);
            if (current == null) {
                return StoreResult.NOT_FOUND;
            }
            pointAt(current);
            return addDelta(hash, current, key, keyLength, increment, delta, attributes.copyOf(item, control));
        } finally {
            unlockAfterChange();
        }
    }

    /** Changes the number that {@link #pointAt} points at; the attributes are the changed item's. */
    private StoreResult addDelta(
            long hash,
            Segment current,
            long key,
            int keyLength,
            boolean increment,
            long delta,
            ItemAttributes changed) {
        if (!Decimal.isNumber(value, valueLength)) {
            return StoreResult.NON_NUMERIC;
        }
        long old = Decimal.read(value, valueLength);
        number = increment ? old + delta : Long.compareUnsigned(old, delta) < 0 ? 0 : old - delta;
        current.recordUse();
        int digits = Decimal.digitCount(number);
        if (digits <= valueLength && !changed.hasExplicitCas && (control & ItemLayout.HAS_EXPLICIT_CAS) == 0) {
            Decimal.write(value, number, digits);
            UnsafeApi.setMemory(value + digits, valueLength - digits, (byte) ' ');
            ItemLayout.version(item, nextVersion(current));
            noteStored(hash, key, keyLength);
            return StoreResult.STORED;
        }
        if (digits > valueLength) {
            // As in extend: a number that outgrows its item gets a new one.
            changed.stale(false).won(false).keyEncoded(false);
        }
        reserveScratch(Math.max(Decimal.DIGITS_MAX, valueLength));
        Decimal.write(scratch, number, digits);
        int length = Math.max(digits, valueLength);
        UnsafeApi.setMemory(scratch + digits, length - digits, (byte) ' ');
        return put(hash, current, false, 0, key, keyLength, changed, scratch, length);
    }

    /** The number that the last successful {@link #addDelta} arrived at, unsigned. */
    public long number() {
        return number;
    }

    /** Kills everything stored so far, by whichever session; O(segments). */
    public void flushAll() {
        store.flush(moment.stamp());
    }

    private StoreResult extend(
            long hash, Segment current, boolean append, long key, int keyLength, long more, int moreLength) {
        pointAt(current);
        attributes.copyOf(item, control);
        return extend(hash, current, append, key, keyLength, attributes, more, moreLength);
    }

    private StoreResult extend(
            long hash,
            Segment current,
            boolean append,
            long key,
            int keyLength,
            ItemAttributes extended,
            long more,
            int moreLength) {
        long length = (long) valueLength + moreLength;
        if (StoreSettings.memcachedLength(keyLength, flags(), length)
                > store.settings().itemSizeMax()) {
            return StoreResult.TOO_LARGE;
        }
        // memcached makes a new item of it, and that one is neither stale nor won nor keyed in base64.
        extended.stale(false).won(false).keyEncoded(false);
        reserveScratch((int) length);
        UnsafeApi.copyMemory(value, append ? scratch : scratch + moreLength, valueLength);
        UnsafeApi.copyMemory(more, append ? scratch + valueLength : scratch, moreLength);
        return put(hash, current, false, 0, key, keyLength, extended, scratch, (int) length);
    }

    /** Sets the exptime of the item in {@code current} and points at it; false when it had to grow and could not. */
    private boolean touch(long hash, Segment current, long key, int keyLength, long expiry) {
        metadataBefore = current.recordHit();
        pointAt(current);
        return setExpiry(hash, current, key, keyLength, expiry);
    }

    private boolean setExpiry(long hash, Segment current, long key, int keyLength, long expiry) {
        boolean isTracked = moment.tracking != null;
        boolean isCasApart = (control & ItemLayout.HAS_EXPLICIT_CAS) != 0;
        if (ItemLayout.hasRoomFor(control, expiry) && (isCasApart || !isTracked)) {
            ItemLayout.expiry(item, control, expiry);
            current.noteExpiry(ItemLayout.expiresAt(item, control));
            if (isTracked) {
                ItemLayout.version(item, nextVersion(current));
                noteStored(hash, key, keyLength);
            }
            return true;
        }
        // Peers learn of it by a new version, which must not be another CAS token.
        attributes.copyOf(item, control).expiry(expiry);
        if (isTracked || isCasApart) {
            attributes.explicitCas(cas());
        }
        reserveScratch(valueLength);
        UnsafeApi.copyMemory(value, scratch, valueLength);
        long version = isTracked ? nextVersion(current) : ItemLayout.version(item);
        return put(hash, current, false, version, key, keyLength, attributes, scratch, valueLength)
                == StoreResult.STORED;
    }

    private static long fractions(int unixSeconds) {
        return Integer.toUnsignedLong(unixSeconds) * ItemAttributes.FRACTIONS_PER_SECOND;
    }

    /**
     * Writes an item, in the arena that its length asks for, and points at it.
     *
     * @param current where the key is now, found there; null when it is nowhere
     * @param dropsOldOnFailure whether an old item must not outlive a failure
     * @param keptVersion the version to keep, or 0 for a new one
     */
    private StoreResult put(
            long hash,
            @Nullable Segment current,
            boolean dropsOldOnFailure,
            long keptVersion,
            long key,
            int keyLength,
            ItemAttributes written,
            long newValue,
            int newLength) {
        int newControl = written.control();
        if (!moment.policy.evicts() && (newControl & ItemLayout.EXPTIME_MASK) == ItemLayout.EXPTIME_ABSENT) {
            // Where no room can be made, touch and gat must never need any: the field is there from the start.
            newControl |= ItemLayout.EXPTIME_SECONDS;
        }
        int headerLength = ItemLayout.headerLength(newControl);
        int newItemLength = headerLength + newLength;
        int entryLength = Segment.entryLength(keyLength, newItemLength);
        Segment target = entryLength <= ArenaGeometry.SMALL_ENTRY_MAX ? small : lockLarge(hash);
        if (target == null || newLength > store.settings().itemSizeMax()) {
            return failed(StoreResult.TOO_LARGE, hash, current, dropsOldOnFailure, key, keyLength);
        }
        int metadata = metadataAfter(hash, target, current, keptVersion != 0);
        // A tombstone's place is taken as an old item's is.
        long buried = isTombstoneFound ? ItemLayout.version(small.item()) : 0;
        Segment old = isTombstoneFound ? small : current;
        boolean moves = old != null && old != target;
        if (!target.place(key, keyLength, newItemLength, old == target)) {
            countersOf(target).add(StoreCounters.NO_MEMORY, 1);
            noteLostTombstone(hash, buried, key, keyLength);
            return failed(StoreResult.NO_MEMORY, hash, current, dropsOldOnFailure, key, keyLength);
        }
        if (moves) {
            target.observeVersion(old.lastVersion());
            old.remove();
        }
        if (isTombstoneFound) {
            isTombstoneFound = false;
            tracking().addTombstones(-1);
        }
        long version = keptVersion != 0 ? keptVersion : nextVersion(target);
        ItemLayout.writeHeader(target.item(), newControl, metadata, version, written);
        UnsafeApi.copyMemory(newValue, target.item() + headerLength, newLength);
        target.noteExpiry(ItemLayout.expiresAt(target.item(), newControl));
        if (keptVersion == 0) {
            countersOf(target).add(StoreCounters.TOTAL_ITEMS, 1);
        }
        pointAt(target);
        noteStored(hash, key, keyLength);
        return StoreResult.STORED;
    }

    /**
     * The version of a change in {@code target}. What the large arena assigns, the key's small segment has seen too, and
     * the other way round: else a key that is deleted in one arena and stored in the other within one microsecond would
     * get its old CAS token again.
     */
    private long nextVersion(Segment target) {
        if (target == small) {
            return small.nextVersion();
        }
        target.observeVersion(small.lastVersion());
        long version = target.nextVersion();
        small.observeVersion(version);
        return version;
    }

    private int metadataAfter(long hash, Segment target, @Nullable Segment current, boolean sameValue) {
        if (current == null) {
            boolean ghost = moment.policy.wantsGhosts() && target.takeGhost(hash);
            return moment.policy.onInsert(ghost, moment.tick);
        }
        int fresh = moment.policy.onInsert(false, moment.tick);
        int old = ItemLayout.metadata(current.item());
        // An overwrite is no reason to forget how popular the key is.
        return sameValue ? old : AccessMetadata.withFrequency(fresh, AccessMetadata.frequency(old));
    }

    private StoreResult failed(
            StoreResult reason, long hash, @Nullable Segment current, boolean dropsOld, long key, int keyLength) {
        if (dropsOld && current != null && current.find(key, keyLength)) {
            remove(hash, current, key, keyLength);
        }
        return reason;
    }

    // A tombstone that could not even be replaced by an item may have gone while room was made.
    private void noteLostTombstone(long hash, long version, long key, int keyLength) {
        if (version != 0 && !small.find(key, keyLength)) {
            isTombstoneFound = false;
            tracking().addTombstones(-1);
            tracking().left(hash, version);
        }
    }

    /** Removes an item because a client wants it gone; where there are peers, a tombstone takes its place. */
    private void remove(long hash, Segment current, long key, int keyLength) {
        // So that a set with an older stamp cannot come after this delete in the order of versions.
        long version = nextVersion(current);
        current.remove();
        if (moment.tracking != null) {
            bury(hash, key, keyLength, version, moment.millis());
            note(Change.DELETED, hash, key, keyLength);
            changeVersion = version;
        }
    }

    /** A peer may still have what is gone here, so the delete is buried and told like any other. */
    private void noteMissedDelete(long hash, long key, int keyLength) {
        if (moment.tracking != null) {
            changeVersion = small.nextVersion();
            if (isTombstoneFound) {
                ItemLayout.writeTombstone(small.item(), 0, changeVersion, moment.millis());
                moment.tracking.changed(hash);
            } else {
                bury(hash, key, keyLength, changeVersion, moment.millis());
            }
            note(Change.DELETED, hash, key, keyLength);
        }
    }

    /*
     * Invalidations of keys that were never here would fill a cache with tombstones, so there is a limit. Beyond it the
     * bucket's mark stands for the tombstone, for which other items of the bucket may pay: what a peer wrote a moment
     * before is then not filled in.
     */
    /** Puts a tombstone where the key is not; where there is no room for it, the bucket's mark stands for it. */
    private void bury(long hash, long key, int keyLength, long version, long receivedMs) {
        int length = ItemLayout.OPTIONAL_OFFSET + ItemLayout.TOMBSTONE_VALUE_LENGTH;
        boolean isRoom = tracking().tombstoneCount() < store.tombstonesMax();
        if (isRoom && small.place(key, keyLength, length, false)) {
            ItemLayout.writeTombstone(small.item(), 0, version, receivedMs);
            tracking().addTombstones(1);
            tracking().changed(hash);
        } else {
            tracking().left(hash, version);
        }
    }

    private ReplicaTracking tracking() {
        ReplicaTracking tracking = moment.tracking;
        if (tracking == null) {
            throw new IllegalStateException("the store was opened without tracking");
        }
        return tracking;
    }

    // ---- telling of changes ----

    private enum Change {
        NONE,
        STORED,
        DELETED
    }

    private void noteStored(long hash, long key, int keyLength) {
        if (moment.tracking != null) {
            moment.tracking.changed(hash);
            note(Change.STORED, hash, key, keyLength);
        }
    }

    private void note(Change what, long hash, long key, int keyLength) {
        change = what;
        changeHash = hash;
        changeKey = key;
        changeKeyLength = keyLength;
    }

    private void tellChange() {
        Change what = change;
        change = Change.NONE;
        ChangeListener listener = changeListener;
        if (listener == null) {
            return;
        }
        if (what == Change.STORED) {
            listener.stored(changeHash, changeKey, changeKeyLength);
        } else {
            listener.deleted(changeHash, changeKey, changeKeyLength, changeVersion);
        }
    }

    // ---- of peers ----

    /** What {@link #lockForRemote} found. */
    enum Found {
        NOTHING,
        ITEM,
        TOMBSTONE
    }

    /**
     * Locks a key for a change that was made elsewhere, until {@link #release}; {@link #lockedVersion} is what is there.
     * The change is told to nobody.
     */
    Found lockForRemote(long key, int keyLength) {
        if (lock(key, keyLength)) {
            return Found.ITEM;
        }
        return isTombstoneFound ? Found.TOMBSTONE : Found.NOTHING;
    }

    /** Has the accessors of a shown entry speak of the tombstone that {@link #lockForRemote} found. */
    void pointAtTombstone() {
        pointAt(small);
    }

    /** The version of the item or tombstone that {@link #lockForRemote} found. */
    long lockedVersion() {
        return isTombstoneFound ? ItemLayout.version(small.item()) : ItemLayout.version(item);
    }

    /** Stores a value under the locked key with the version that it has elsewhere; with no room for it, a mark instead. */
    void lockedStoreRemote(ItemAttributes written, long version, long newValue, int newLength) {
        small.observeVersion(version);
        StoreResult result =
                put(lockedHash, lockedIn, false, version, lockedKey, lockedKeyLength, written, newValue, newLength);
        change = Change.NONE;
        if (result != StoreResult.STORED) {
            // Nobody may read what peers know to be old.
            lockedIn = findForChange(lockedHash, lockedKey, lockedKeyLength);
            lockedPurge();
            tracking().left(lockedHash, version);
        }
        lockedIn = null;
    }

    /** Deletes the locked key with the version that the delete has elsewhere. */
    void lockedBuryRemote(long version, long receivedMs) {
        small.observeVersion(version);
        Segment current = lockedIn;
        if (isTombstoneFound) {
            ItemLayout.writeTombstone(small.item(), 0, version, receivedMs);
            tracking().changed(lockedHash);
        } else {
            if (current != null) {
                current.remove();
            }
            bury(lockedHash, lockedKey, lockedKeyLength, version, receivedMs);
        }
        lockedIn = null;
    }

    /** Removes what is under the locked key, item or tombstone; with a mark, unless it was flushed. */
    void lockedPurge() {
        Segment current = isTombstoneFound ? small : lockedIn;
        if (current != null) {
            current.purge(tracking(), lockedHash);
        }
        lockedIn = null;
    }

    // ---- changing in steps, under the key's lock ----

    /**
     * Takes the write lock of a key and keeps it until {@link #release}: for changes that depend on what is there in a way
     * that none of the operations above knows. Between the two only the accessors of an acquired item (after true) and the
     * {@code locked...} operations may be called; no I/O.
     *
     * @return whether a live item is there; the accessors speak of it
     */
    public boolean lock(long key, int keyLength) {
        long hash = XxHash64.hash(key, keyLength);
        lockForChange(hash);
        boolean located = false;
        try {
            Segment current = findForChange(hash, key, keyLength);
            lockedIn = current;
            lockedHash = hash;
            lockedKey = key;
            lockedKeyLength = keyLength;
            if (current != null) {
                pointAt(current);
                metadataBefore = ItemLayout.metadata(item);
            }
            located = true;
            isWriteAcquired = true;
            return current != null;
        } finally {
            if (!located) {
                unlockAfterChange();
            }
        }
    }

    /** Counts the lock's holder as a reader of the item. */
    public void lockedHit() {
        locked().recordHit();
    }

    /** Counts the lock's holder as one who uses the item without reading it. */
    public void lockedUse() {
        locked().recordUse();
    }

    /** Marks the item stale, won, both or neither; its value and CAS token stay. */
    public void lockedMark(boolean isStale, boolean isWon) {
        ItemLayout.marks(item, control, (isStale ? ItemLayout.STALE : 0) | (isWon ? ItemLayout.WON : 0));
        control = ItemLayout.control(item);
    }

    /** Gives the item an exptime, Unix time in 1/256 s, 0 for never; false when it had to grow and could not. */
    public boolean lockedExpiry(long expiry) {
        boolean isSet = setExpiry(lockedHash, locked(), lockedKey, lockedKeyLength, expiry);
        lockedIn = isSet ? holderOfItem() : lockedIn;
        return isSet;
    }

    /**
     * Gives the item a new version and so a new CAS token, or the one that the client chose.
     *
     * @param hasCas whether {@code cas} is to be the token
     * @return false when the item had to grow for it and could not
     */
    public boolean lockedRenew(boolean hasCas, long cas) {
        Segment current = locked();
        if (!hasCas && (control & ItemLayout.HAS_EXPLICIT_CAS) == 0) {
            ItemLayout.version(item, nextVersion(current));
            noteStored(lockedHash, lockedKey, lockedKeyLength);
            return true;
        }
        attributes.copyOf(item, control);
        if (hasCas) {
            attributes.explicitCas(cas);
        }
        reserveScratch(valueLength);
        UnsafeApi.copyMemory(value, scratch, valueLength);
        return lockedStore(attributes, false, scratch, valueLength) == StoreResult.STORED;
    }

    /**
     * Stores a value under the locked key, whatever is there.
     *
     * @param dropsOldOnFailure whether an old item must not outlive a failure
     * @param newValue address of the value bytes, outside the store
     * @return STORED, after which the accessors speak of the new item; TOO_LARGE or NO_MEMORY, after which only
     *     {@link #release} is allowed
     */
    public StoreResult lockedStore(ItemAttributes written, boolean dropsOldOnFailure, long newValue, int newLength) {
        StoreResult result = put(
                lockedHash, lockedIn, dropsOldOnFailure, 0, lockedKey, lockedKeyLength, written, newValue, newLength);
        lockedIn = result == StoreResult.STORED ? holderOfItem() : null;
        return result;
    }

    /** {@link #lockedStore} of a decimal number, unsigned. */
    public StoreResult lockedStoreNumber(ItemAttributes written, long unsigned) {
        reserveScratch(Decimal.DIGITS_MAX);
        int digits = Decimal.digitCount(unsigned);
        Decimal.write(scratch, unsigned, digits);
        return lockedStore(written, false, scratch, digits);
    }

    /**
     * Adds bytes before or behind the item's value; flags and exptime stay, marks do not.
     *
     * @param hasCas whether {@code cas} is to be the new CAS token
     * @return as {@link #lockedStore}
     */
    public StoreResult lockedExtend(boolean append, boolean hasCas, long cas, long more, int moreLength) {
        attributes.copyOf(item, control);
        if (hasCas) {
            attributes.explicitCas(cas);
        }
        StoreResult result =
                extend(lockedHash, locked(), append, lockedKey, lockedKeyLength, attributes, more, moreLength);
        lockedIn = result == StoreResult.STORED ? holderOfItem() : lockedIn;
        return result;
    }

    /** {@link #addDelta} on the item; {@code hasCas} and {@code cas} as in {@link #lockedExtend}. */
    public StoreResult lockedAddDelta(boolean increment, long delta, boolean hasCas, long cas) {
        attributes.copyOf(item, control);
        if (hasCas) {
            attributes.explicitCas(cas);
        }
        StoreResult result = addDelta(lockedHash, locked(), lockedKey, lockedKeyLength, increment, delta, attributes);
        lockedIn = result == StoreResult.STORED ? holderOfItem() : lockedIn;
        return result;
    }

    /** Nothing was to be removed; peers may have something. Only {@link #release} is allowed afterwards. */
    public void lockedRemoveNothing() {
        noteMissedDelete(lockedHash, lockedKey, lockedKeyLength);
    }

    /** Removes the item; only {@link #release} is allowed afterwards. */
    public void lockedRemove() {
        Segment current = locked();
        remove(lockedHash, current, lockedKey, lockedKeyLength);
        lockedIn = null;
    }

    private @Nullable Segment holderOfItem() {
        return band == SizeBand.SMALL ? small : large;
    }

    private Segment locked() {
        Segment current = lockedIn;
        if (current == null) {
            throw new IllegalStateException("no item under the lock");
        }
        return current;
    }

    // ---- locks ----

    private void lockForChange(long hash) {
        small.select(hash);
        small.lockWrite();
        isTombstoneFound = false;
        moment.floor = store.floor();
        moment.versionFloor = store.versionFloor();
    }

    /** The segment that holds the live item, found there and write-locked; a dead one is removed on the way. */
    private @Nullable Segment findForChange(long hash, long key, int keyLength) {
        if (small.find(key, keyLength)) {
            isTombstoneFound = moment.tracking != null && small.isTombstone();
            return isTombstoneFound ? null : live(small);
        }
        if (large == null || large.arena.isEmpty()) {
            return null;
        }
        // Most keys are not there: a shared lock first, so that inserts of small items do not queue for the large one.
        large.select(hash);
        large.lockRead();
        boolean found = large.find(key, keyLength);
        large.unlockRead();
        if (!found) {
            return null;
        }
        lockLarge(hash);
        // Our small lock kept others from adding the key; only the large arena's eviction may have come in between.
        return large.find(key, keyLength) ? live(large) : null;
    }

    private static @Nullable Segment live(Segment segment) {
        if (segment.isDead()) {
            segment.removeDead();
            return null;
        }
        return segment;
    }

    private @Nullable Segment lockLarge(long hash) {
        if (large != null && !isLargeWriteLocked) {
            large.select(hash);
            large.lockWrite();
            isLargeWriteLocked = true;
        }
        return large;
    }

    private void unlockAfterChange() {
        if (change != Change.NONE) {
            tellChange();
        }
        if (large != null && isLargeWriteLocked) {
            isLargeWriteLocked = false;
            large.unlockWrite();
        }
        small.unlockWrite();
    }

    private void reserveScratch(int length) {
        if (length > scratchLength) {
            UnsafeApi.freeMemory(scratch);
            scratchLength = Math.max(SCRATCH_MIN, Integer.highestOneBit(length - 1) << 1);
            scratch = UnsafeApi.allocateMemory(scratchLength);
        }
    }

    /** Frees the scratch memory; called by the store. */
    void close() {
        UnsafeApi.freeMemory(scratch);
        scratch = 0;
        scratchLength = 0;
    }
}
