package io.karst.store;

import io.karst.eviction.AccessMetadata;
import io.karst.eviction.EvictionPolicy;
import net.openhft.chronicle.hash.impl.BigSegmentHeader;
import net.openhft.chronicle.hash.impl.CompactOffHeapLinearHashTable;
import org.agrona.UnsafeApi;

/**
 * A flyweight over one segment of an arena: find, place and remove items in Chronicle's memory, without Chronicle's API.
 * {@link #select} points it at the segment of a key's hash; what {@link #find} found stays valid until the next call that
 * places or removes something, or until the lock is given back.
 *
 * <p>Hot path: no allocation. One per session and arena, used by one thread. Everything that changes the segment wants its
 * write lock; {@link #find} wants either.
 */
/*
 * Why not the public API: getUsing and put cost 72 and 190 ns against 46 and 46, an insert that must evict 947 against
 * 314, and the public allocator is first-fit, which keeps 64 % of mixed sizes in use (evidence/chronicle.md sections 2
 * and 3). Why Chronicle at all: format, locks, persistence and recovery are its, and everything written here is
 * readable through it. SelfTest proves that at every start, StoreModelTest for every operation.
 *
 * Room is made from a hand on that walks addresses. Where the policy wants to be asked item by item (CLOCK), an entry that it
 * keeps breaks the run, and the search goes on behind it; what was freed before it stays free and is found later
 * through the block index. Other policies compare whole runs, windows, and empty the cheapest. The hand must only ever
 * stand on the first chunk of an entry or on a free chunk, because the next step parses what it stands on: so an
 * allocation that covers the hand moves it to the allocation's end.
 */
final class Segment {
    /** A run longer than this is taken by address alone: asking the policy would wear out a whole segment for one item. */
    private static final int POLICY_RUN_MAX = 64;

    /** Entries that the policy may spare in one search; the next ones go. Bounds the time under the lock. */
    private static final int SPARED_MAX = 512;

    /** Times the hand may start again from the first chunk; on the last round nothing is spared if anything may go. */
    private static final int WRAPS_MAX = 2;

    /** What a look ahead reads of an entry: a 200-byte item with a 20-byte key. One line gained 1.5, four gained 2.0. */
    private static final int TOUCHED_LINES = 4;

    private static final int TOUCHED_SLOTS = 4;

    /**
     * Keys that a slot cannot tell apart; one more takes the place of one of them. By chance there are hardly ever two in a
     * segment. Somebody who makes such keys on purpose, and has thousands of them compared at every request, would
     * keep everybody else waiting (PROTOCOL section 2, hash flooding).
     */
    private static final int ALIKE_MAX = 16;

    private static final long TOUCHED_AHEAD_MAX = 4096;

    /** Above this many chunks fewer windows are compared: each costs the reading of many entries. */
    private static final int LONG_RUN = 128;

    private static final int LONG_RUN_WINDOWS = 4;
    private static final long CACHE_LINE = 64;

    /** More than any items are worth that could go instead: tombstones go last. */
    private static final int TOMBSTONE_WORTH = 1 << 28;

    private static final BigSegmentHeader HEADER = BigSegmentHeader.INSTANCE;

    final Arena arena;
    private final Moment moment;
    private final StoreCounters counters;
    private final boolean countsItems;
    private final FreeList freeList;
    private final CompactOffHeapLinearHashTable hashLookup;
    private final int segmentMask;
    private final int segmentBits;
    private final int chunkShift;
    private final int chunkCount;
    private final int entriesMax;
    private final int slotSize;
    private final int keyBits;
    private final long keyMask;
    private final long chunkMask;
    private final long capacityMask;
    private final long slotMask;
    private final long entrySpaceOffset;
    private final long ghostOffset;
    private final long ghostMask;

    @SuppressWarnings("UnusedVariable") // written so that the reads of touchAhead are not optimised away
    private long touched;

    private long random = 0x9E3779B97F4A7C15L;

    /** Entries that the search for room under way has asked about and left where they are. */
    private int sparedInSearch;

    private long tier;
    private long header;
    private long control;
    private long slotKey;

    private long slot;
    private int chunk;

    /** Keys met since {@link #select} that look like the one looked for as far as the hash lookup knows, and one of them. */
    private int alikeCount;

    private int alike;
    private long entry;
    private long item;
    private int itemLength;

    /**
     * @param countsItems whether the arena's item count is kept, for arenas that are worth skipping while they are empty
     */
    Segment(Arena arena, Moment moment, StoreCounters counters, boolean countsItems) {
        this.arena = arena;
        this.countsItems = countsItems;
        this.moment = moment;
        this.counters = counters;
        this.freeList = new FreeList(arena);
        this.hashLookup = arena.hashLookup;
        this.segmentMask = arena.segmentCount - 1;
        this.segmentBits = arena.segmentBits;
        this.chunkShift = arena.chunkShift;
        this.chunkCount = arena.chunkCount;
        this.entriesMax = arena.entriesMax;
        this.slotSize = arena.slotSize;
        this.keyBits = arena.keyBits;
        this.keyMask = arena.keyMask;
        this.chunkMask = arena.chunkMask;
        this.capacityMask = arena.capacityMask;
        this.slotMask = arena.capacityMask * slotSize;
        this.entrySpaceOffset = arena.entrySpaceOffset;
        this.ghostOffset = SegmentControl.ghostOffset(arena.chunkCount);
        this.ghostMask = arena.ghostCount - 1L;
    }

    /** Points at the segment that keys of this hash belong to. */
    void select(long hash) {
        selectIndex((int) hash & segmentMask);
        slotKey = slotKey(hash);
        alikeCount = 0;
    }

    /** Points at a segment by its number, for walks. */
    void selectIndex(int index) {
        tier = arena.tier(index);
        header = arena.header(index);
        control = arena.control(index);
    }

    void lockRead() {
        SegmentLock.read(header, counters);
    }

    void unlockRead() {
        SegmentLock.unlockRead(header);
    }

    void lockWrite() {
        SegmentLock.write(header, counters);
    }

    void unlockWrite() {
        SegmentLock.unlockWrite(header);
    }

    /** Length of an entry in bytes, lengths and key included. */
    static int entryLength(int keyLength, int itemLength) {
        return StopBit.size(keyLength) + keyLength + StopBit.size(itemLength) + itemLength;
    }

    // ---- finding ----

    /** Looks a key up in the selected segment; the found item is what the accessors speak of. */
    boolean find(long key, int keyLength) {
        long position = (slotKey & capacityMask) * slotSize;
        while (true) {
            long slotEntry = readSlot(position);
            if (slotEntry == 0) {
                return false;
            }
            if ((slotEntry & keyMask) == slotKey) {
                int candidate = (int) (slotEntry >>> keyBits & chunkMask);
                long at = entryAddress(candidate);
                if (StopBit.read(at) == keyLength) {
                    long storedKey = at + StopBit.size(keyLength);
                    if (equal(storedKey, key, keyLength)) {
                        slot = position;
                        chunk = candidate;
                        entry = at;
                        pointAtItem(storedKey + keyLength);
                        return true;
                    }
                }
                alikeCount++;
                alike = candidate;
            }
            position = (position + slotSize) & slotMask;
        }
    }

    // ---- looking ahead ----

    /** Reads the slot that a lookup of this hash begins with; no lock, the result means nothing. */
    long touchSlot(long hash) {
        long lookup = arena.tier((int) hash & segmentMask);
        return UnsafeApi.getInt(lookup + (slotKey(hash) & capacityMask) * slotSize);
    }

    /**
     * Reads the first cache lines of the entry that a lookup of this hash will most likely find; no lock, so what is read
     * may be anybody's bytes and the result means nothing. Addresses stay inside the segment whatever the slot says.
     */
    long touchEntry(long hash) {
        long lookup = arena.tier((int) hash & segmentMask);
        long wanted = slotKey(hash);
        long position = (wanted & capacityMask) * slotSize;
        for (int probe = 0; probe < TOUCHED_SLOTS; probe++) {
            long slotEntry = slotSize == 4 ? UnsafeApi.getInt(lookup + position) : UnsafeApi.getLong(lookup + position);
            if (slotEntry == 0) {
                return 0;
            }
            int candidate = (int) (slotEntry >>> keyBits & chunkMask);
            if ((slotEntry & keyMask) == wanted && candidate < chunkCount) {
                return touchLines(lookup + entrySpaceOffset, candidate);
            }
            position = (position + slotSize) & slotMask;
        }
        return 0;
    }

    private long touchLines(long entrySpace, int entryChunk) {
        long at = entrySpace + ((long) entryChunk << chunkShift);
        long last = entrySpace + ((long) chunkCount << chunkShift) - 1;
        long sum = 0;
        for (int line = 0; line < TOUCHED_LINES; line++) {
            sum += UnsafeApi.getByte(Math.min(at + line * CACHE_LINE, last));
        }
        return sum;
    }

    /** Points at the entry at a chunk, as {@link #find} does; only its slot remains unknown. */
    private void pointAtEntry(int entryChunk) {
        chunk = entryChunk;
        entry = entryAddress(entryChunk);
        pointAtItem(key() + keyLength());
    }

    /** The chunk behind the entry that is pointed at. */
    private int chunkBehind() {
        return chunk + chunksFor(item + itemLength - entry);
    }

    private void pointAtItem(long lengthAddress) {
        itemLength = StopBit.read(lengthAddress);
        item = lengthAddress + StopBit.size(itemLength);
    }

    /** Address of the found item's header ({@link ItemLayout}). */
    long item() {
        return item;
    }

    /** Header plus value bytes of the found item. */
    int itemLength() {
        return itemLength;
    }

    /** Whether the found item is there no more: expired, or written at or before the last flush. */
    boolean isDead() {
        return isFlushed() || moment.isExpired(item);
    }

    private boolean isFlushed() {
        long version = ItemLayout.version(item);
        ReplicaTracking tracking = moment.tracking;
        return version <= moment.floor
                && (tracking == null || tracking.flushTest.isFlushed(key(), keyLength(), version));
    }

    /** Whether what was found stands for a deleted key. */
    boolean isTombstone() {
        return ItemLayout.isTombstone(item);
    }

    /** Tells the policy that the found item was read, and returns what it knew before. Either lock will do. */
    int recordHit() {
        int before = ItemLayout.metadata(item);
        int after = moment.policy.onHit(before, moment.tick);
        if (after != before) {
            ItemLayout.metadata(item, after);
        }
        return before;
    }

    /** Tells the policy that the found item was used without being read: incr, or an add in vain. Under the write lock. */
    void recordUse() {
        int before = ItemLayout.metadata(item);
        ItemLayout.metadata(item, AccessMetadata.withFetchedOf(moment.policy.onHit(before, moment.tick), before));
    }

    // ---- changing ----

    /** Next version of this segment, which is now its last. */
    long nextVersion() {
        long version = moment.versionAfter(UnsafeApi.getLong(control + SegmentControl.LAST_VERSION));
        UnsafeApi.putLongVolatile(null, control + SegmentControl.LAST_VERSION, version);
        return version;
    }

    long lastVersion() {
        return UnsafeApi.getLong(control + SegmentControl.LAST_VERSION);
    }

    /** Takes a version that was assigned elsewhere, so that the next one here is greater. */
    void observeVersion(long version) {
        if (version > lastVersion()) {
            UnsafeApi.putLongVolatile(null, control + SegmentControl.LAST_VERSION, version);
        }
    }

    /** Removes the found item. */
    void remove() {
        hashLookup.remove(tier, slot);
        release(chunk, chunkBehind() - chunk);
        HEADER.entries(header, entryCount() - 1);
        if (countsItems) {
            arena.addItems(-1);
        }
        counters.add(StoreCounters.BYTES, entry - (item + itemLength));
    }

    /** Removes the item that is pointed at, whose key has this hash and whose slot is not known. */
    private void remove(long hash) {
        slot = slotOf(hash);
        remove();
    }

    /** Removes the found item because it is dead, and counts it as such. */
    void removeDead() {
        countDead();
        if (moment.tracking != null) {
            noteLeft(moment.tracking, XxHash64.hash(key(), keyLength()));
        }
        remove();
    }

    // What was flushed is covered by the flush's version, and needs no mark.
    private void noteLeft(ReplicaTracking tracking, long hash) {
        if (isTombstone()) {
            tracking.addTombstones(-1);
        }
        if (isFlushed()) {
            tracking.changed(hash);
        } else {
            tracking.left(hash, ItemLayout.version(item));
        }
    }

    /** Removes the found tombstone, as one that has served its time. */
    void purge(ReplicaTracking tracking, long hash) {
        noteLeft(tracking, hash);
        remove();
    }

    /**
     * Makes the key hold an item of {@code newItemLength} bytes whose content the caller writes next, at {@link #item}.
     * Room is found in this order: the old entry's own chunks (and free ones behind them), a free run, eviction.
     *
     * @param found whether {@link #find} has just found the key here
     * @return false when there is no room and nothing may be evicted; the old item, if any, is untouched, but must be
     *     found again
     */
    boolean place(long key, int keyLength, int newItemLength, boolean found) {
        int needed = chunksFor(entryLength(keyLength, newItemLength));
        if (found) {
            if (resize(needed, keyLength, newItemLength)) {
                return true;
            }
            if (moment.policy.evicts()) {
                remove();
                return insert(key, keyLength, newItemLength, needed);
            }
            return moveWithoutEviction(key, keyLength, newItemLength, needed);
        }
        return insert(key, keyLength, newItemLength, needed);
    }

    /** Keeps the found entry where it is if its chunks suffice or can be extended into free ones. */
    private boolean resize(int needed, int keyLength, int newItemLength) {
        int oldEntryLength = (int) (item + itemLength - entry);
        int present = chunksFor(oldEntryLength);
        if (needed > present) {
            int more = needed - present;
            if (!freeList.isFree(tier, chunk + present, more)) {
                return false;
            }
            take(chunk + present, more);
        } else if (needed < present) {
            release(chunk + needed, present - needed);
        }
        itemLength = newItemLength;
        item = StopBit.write(entry + StopBit.size(keyLength) + keyLength, newItemLength);
        counters.add(StoreCounters.BYTES, entryLength(keyLength, newItemLength) - oldEntryLength);
        return true;
    }

    private boolean moveWithoutEviction(long key, int keyLength, int newItemLength, int needed) {
        int start = allocate(needed);
        if (start < 0) {
            return false;
        }
        // Making room may have reclaimed dead neighbours and so shifted slots; the key itself is alive and still here.
        if (!find(key, keyLength)) {
            throw new IllegalStateException("a live item vanished although nothing may be evicted");
        }
        remove();
        write(start, key, keyLength, newItemLength);
        return true;
    }

    private boolean insert(long key, int keyLength, int newItemLength, int needed) {
        if (alikeCount >= ALIKE_MAX && moment.policy.evicts()) {
            pointAtEntry(alike);
            evict(true);
        }
        while (entryCount() >= entriesMax) {
            if (!evictOne()) {
                return false;
            }
        }
        int start = allocate(needed);
        if (start < 0) {
            return false;
        }
        write(start, key, keyLength, newItemLength);
        return true;
    }

    private void write(int start, long key, int keyLength, int newItemLength) {
        chunk = start;
        entry = entryAddress(start);
        long at = StopBit.write(entry, keyLength);
        UnsafeApi.copyMemory(key, at, keyLength);
        item = StopBit.write(at + keyLength, newItemLength);
        itemLength = newItemLength;
        long position = (slotKey & capacityMask) * slotSize;
        while (readSlot(position) != 0) {
            position = (position + slotSize) & slotMask;
        }
        slot = position;
        hashLookup.writeEntry(tier, position, hashLookup.entry(slotKey, start));
        HEADER.entries(header, entryCount() + 1);
        if (countsItems) {
            arena.addItems(1);
        }
        counters.add(StoreCounters.BYTES, item + newItemLength - entry);
    }

    // ---- room ----

    /** Start of {@code needed} chunks, now in use, or -1. */
    private int allocate(int needed) {
        int start = freeList.findRun(tier, control, needed);
        if (start < 0) {
            start = makeRoom(needed);
        }
        if (start >= 0) {
            take(start, needed);
        }
        return start;
    }

    /** Has {@code needed} contiguous chunks freed and returns the first; -1 when the policy forbids to evict. */
    private int makeRoom(int needed) {
        if (needed > chunkCount || isKnownFull()) {
            return -1;
        }
        int from = hand();
        freeList.noteBounds(control, from);
        sparedInSearch = 0;
        int start = moment.policy.windowCount() == 0 ? askOneByOne(needed) : emptyCheapestWindow(needed);
        if (start >= 0) {
            // What was freed in front of an entry that stays is shorter, but may have met free chunks in front of the
            // hand.
            int others = sparedInSearch == 0 ? 0 : from - freeList.runStart(tier, from) + needed - 1;
            freeList.restoreBounds(tier, control, start, needed, others);
        }
        return start;
    }

    /*
     * Windows lie one behind the other, from the hand on: it reads memory in order, and no item is looked at twice before
     * all others were. Eight windows at random places cost twice as much and chose no better (evidence/store-paths.md
     * section 3). A window begins with the free chunks in front of it, so that it costs as few items as it can.
     */
    private int emptyCheapestWindow(int needed) {
        EvictionPolicy policy = moment.policy;
        int windows = Math.min(policy.windowCount(), needed > LONG_RUN ? LONG_RUN_WINDOWS : Integer.MAX_VALUE);
        int from = policy.startsAnywhere() ? anyEntry() : hand();
        if (windows > 1) {
            touchAhead(from, windows * needed);
        }
        int cheapest = -1;
        long cheapestWorth = Long.MAX_VALUE;
        int wraps = 0;
        for (int i = 0; i < windows && cheapestWorth > 0; i++) {
            int start = freeList.runStart(tier, from);
            if (start + needed > chunkCount) {
                if (++wraps > 1) {
                    break;
                }
                start = 0;
            }
            int end = start + needed;
            int at = start;
            long worth = 0;
            for (int used = freeList.nextUsed(tier, at, end); used != end; used = freeList.nextUsed(tier, at, end)) {
                pointAtEntry(used);
                worth += pass();
                at = chunkBehind();
            }
            if (worth < cheapestWorth) {
                cheapest = start;
                cheapestWorth = worth;
            }
            from = at;
        }
        int end = cheapest + needed;
        int at = cheapest;
        for (int used = freeList.nextUsed(tier, at, end); used != end; used = freeList.nextUsed(tier, at, end)) {
            pointAtEntry(used);
            at = chunkBehind();
            evict(true);
        }
        if (!policy.startsAnywhere()) {
            setInt(SegmentControl.HAND, from == chunkCount ? 0 : from);
        }
        return cheapest;
    }

    /**
     * Reads a line in 64 bytes of what is about to be looked at, all of it at once: the entries lead to each other, so that their
     * cache misses would come one after the other.
     */
    private void touchAhead(int from, int chunks) {
        long at = entryAddress(from);
        long end = Math.min(at + Math.min((long) chunks << chunkShift, TOUCHED_AHEAD_MAX), entryAddress(chunkCount));
        long sum = 0;
        for (; at < end; at += CACHE_LINE) {
            sum += UnsafeApi.getByte(at);
        }
        touched = sum;
    }

    /** What the item that is pointed at is worth; 0 when it is dead. Tells the policy that it was looked at. */
    private int pass() {
        if (isDead()) {
            return 0;
        }
        if (isTombstone()) {
            return TOMBSTONE_WORTH;
        }
        int metadata = ItemLayout.metadata(item);
        int after = moment.policy.onPass(metadata);
        if (after != metadata) {
            ItemLayout.metadata(item, after);
        }
        return moment.policy.worth(metadata, moment.tick);
    }

    /** The chunk of an entry that was chosen by no rule; the segment must not be empty. */
    private int anyEntry() {
        // Marsaglia's xorshift with the triple (13, 7, 17).
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        long position = (random & capacityMask) * slotSize;
        long slotEntry = readSlot(position);
        while (slotEntry == 0) {
            position = (position + slotSize) & slotMask;
            slotEntry = readSlot(position);
        }
        return (int) (slotEntry >>> keyBits & chunkMask);
    }

    /** Walks the hand until {@code needed} contiguous chunks are free. */
    private int askOneByOne(int needed) {
        EvictionPolicy policy = moment.policy;
        boolean forced = policy.evicts() && needed > POLICY_RUN_MAX;
        int start = hand();
        int at = start;
        int wraps = 0;
        while (true) {
            if (start + needed > chunkCount) {
                if (++wraps > WRAPS_MAX) {
                    setInt(SegmentControl.FRUITLESS_SWEEP, moment.seconds);
                    return -1;
                }
                forced |= policy.evicts() && wraps == WRAPS_MAX;
                start = 0;
                at = 0;
            }
            int used = freeList.nextUsed(tier, at, start + needed);
            if (used == start + needed) {
                setInt(SegmentControl.HAND, start + needed == chunkCount ? 0 : start + needed);
                return start;
            }
            pointAtEntry(used);
            int next = chunkBehind();
            if (!evict(forced)) {
                start = next;
                sparedInSearch++;
                forced = policy.evicts() && sparedInSearch >= SPARED_MAX;
            }
            at = next;
        }
    }

    /** Where nothing may be evicted, a full walk that found nothing dead is not repeated within the same second. */
    private boolean isKnownFull() {
        return !moment.policy.evicts() && getInt(SegmentControl.FRUITLESS_SWEEP) == moment.seconds;
    }

    /** Frees one slot of a full hash lookup; false when the policy forbids to evict and nothing is dead. */
    private boolean evictOne() {
        if (isKnownFull()) {
            return false;
        }
        if (moment.policy.windowCount() == 0) {
            return askForOne();
        }
        evictCheapest();
        return true;
    }

    /** Evicts the cheapest of the next few entries. */
    private void evictCheapest() {
        EvictionPolicy policy = moment.policy;
        int at = policy.startsAnywhere() ? anyEntry() : hand();
        int cheapest = -1;
        int cheapestWorth = Integer.MAX_VALUE;
        for (int i = 0; i < policy.windowCount() && cheapestWorth > 0; i++) {
            int used = freeList.nextUsed(tier, at, chunkCount);
            if (used == chunkCount) {
                used = freeList.nextUsed(tier, 0, chunkCount);
            }
            pointAtEntry(used);
            int worth = pass();
            if (worth < cheapestWorth) {
                cheapest = used;
                cheapestWorth = worth;
            }
            at = chunkBehind();
        }
        pointAtEntry(cheapest);
        evict(true);
        if (!policy.startsAnywhere()) {
            setInt(SegmentControl.HAND, at == chunkCount ? 0 : at);
        }
    }

    /** Walks the hand until one entry is gone. */
    private boolean askForOne() {
        EvictionPolicy policy = moment.policy;
        int at = hand();
        int spared = 0;
        int wraps = 0;
        while (true) {
            int used = freeList.nextUsed(tier, at, chunkCount);
            if (used == chunkCount) {
                if (++wraps > WRAPS_MAX) {
                    setInt(SegmentControl.FRUITLESS_SWEEP, moment.seconds);
                    return false;
                }
                at = 0;
                continue;
            }
            pointAtEntry(used);
            at = chunkBehind();
            boolean gone = evict(policy.evicts() && (spared >= SPARED_MAX || wraps == WRAPS_MAX));
            spared++;
            if (gone) {
                setInt(SegmentControl.HAND, at == chunkCount ? 0 : at);
                return true;
            }
        }
    }

    /** Removes the item that is pointed at if it is dead, unwanted by the policy, or must go; false if it stays. */
    private boolean evict(boolean forced) {
        boolean isDead = isDead();
        if (isDead) {
            counters.add(StoreCounters.RECLAIMED, 1);
            countDead();
        } else if (isTombstone()) {
            if (!forced) {
                return false;
            }
        } else {
            int metadata = ItemLayout.metadata(item);
            if (!forced) {
                int after = moment.policy.onPass(metadata);
                if (after != EvictionPolicy.EVICT) {
                    if (after != metadata) {
                        ItemLayout.metadata(item, after);
                    }
                    return false;
                }
            }
            counters.add(StoreCounters.EVICTIONS, 1);
            counters.set(StoreCounters.EVICTED_IDLE_TICKS, AccessMetadata.idleTicks(metadata, moment.tick));
            if (!AccessMetadata.isFetched(metadata)) {
                counters.add(StoreCounters.EVICTED_UNFETCHED, 1);
            }
            EvictionListener listener = moment.evictionListener;
            if (listener != null) {
                tell(listener, metadata);
            }
        }
        long hash = XxHash64.hash(key(), keyLength());
        if (moment.policy.wantsGhosts() && !isDead) {
            rememberGhost(hash);
        }
        if (moment.tracking != null) {
            noteLeft(moment.tracking, hash);
        }
        remove(hash);
        return true;
    }

    private void tell(EvictionListener listener, int metadata) {
        int control = ItemLayout.control(item);
        // Items are counted in the large arena only.
        listener.evicted(
                countsItems ? SizeBand.LARGE : SizeBand.SMALL,
                key(),
                keyLength(),
                AccessMetadata.isFetched(metadata),
                ItemLayout.expiresAt(item, control),
                moment.idleSeconds(metadata),
                itemLength - ItemLayout.headerLength(control));
    }

    private void countDead() {
        if (!AccessMetadata.isFetched(ItemLayout.metadata(item))) {
            counters.add(StoreCounters.EXPIRED_UNFETCHED, 1);
        }
    }

    /** The slot of the entry that is pointed at. */
    private long slotOf(long hash) {
        long wanted = slotKey(hash);
        long position = (wanted & capacityMask) * slotSize;
        while (true) {
            long slotEntry = readSlot(position);
            if (slotEntry == 0) {
                throw new IllegalStateException("no slot leads to the entry at chunk " + chunk);
            }
            if ((slotEntry & keyMask) == wanted && (int) (slotEntry >>> keyBits & chunkMask) == chunk) {
                return position;
            }
            position = (position + slotSize) & slotMask;
        }
    }

    // ---- ghosts ----

    /*
     * What was evicted and is stored again was worth keeping. A table of 16-bit fingerprints, one place for each, remembers
     * about half as many keys as the segment holds items; a newer ghost takes an older one's place.
     */
    private void rememberGhost(long hash) {
        UnsafeApi.putShort(ghost(hash), fingerprint(hash));
    }

    /** Whether a key of this hash was evicted not long ago; forgets it. */
    boolean takeGhost(long hash) {
        long place = ghost(hash);
        if (UnsafeApi.getShort(place) != fingerprint(hash)) {
            return false;
        }
        UnsafeApi.putShort(place, (short) 0);
        return true;
    }

    private long ghost(long hash) {
        return control + ghostOffset + (hash >>> 32 & ghostMask) * 2;
    }

    private static short fingerprint(long hash) {
        short print = (short) (hash >>> 48);
        return print == 0 ? 1 : print;
    }

    // ---- active expiry ----

    /** Something here will expire at this Unix second, unsigned; 0 for never. Wants the write lock. */
    void noteExpiry(int expiresAt) {
        int earliest = getInt(SegmentControl.EARLIEST_EXPIRY);
        if (expiresAt != 0 && (earliest == 0 || Integer.compareUnsigned(expiresAt, earliest) < 0)) {
            setInt(SegmentControl.EARLIEST_EXPIRY, expiresAt);
        }
    }

    /** Whether an item here may have expired; without a lock, an answer that is wrong is right the next time. */
    boolean mayHaveExpired() {
        int earliest = getInt(SegmentControl.EARLIEST_EXPIRY);
        return earliest != 0 && Integer.compareUnsigned(earliest, moment.seconds) <= 0;
    }

    /** Whether a sweep has begun here and not come to the end. */
    boolean isBeingSwept() {
        return getInt(SegmentControl.SWEEP_HAND) != 0;
    }

    boolean tryLockWrite() {
        return HEADER.tryWriteLock(header);
    }

    /**
     * Looks at the next items in address order and removes the dead; the first call of a walk begins at chunk 0 and forgets
     * when the earliest expires, and each item that stays says it again. Wants the write lock.
     *
     * @return whether the walk has come to the end
     */
    boolean sweep(ExpirySweep tally, int itemsMax) {
        int at = getInt(SegmentControl.SWEEP_HAND);
        if (at == 0) {
            setInt(SegmentControl.EARLIEST_EXPIRY, 0);
        }
        boolean isAtEnd = false;
        int looked = 0;
        int removed = 0;
        while (looked < itemsMax && !isAtEnd) {
            int used = freeList.nextUsed(tier, at, chunkCount);
            isAtEnd = used == chunkCount;
            if (!isAtEnd) {
                pointAtEntry(used);
                at = chunkBehind();
                looked++;
                removed += sweepItem() ? 1 : 0;
            }
        }
        setInt(SegmentControl.SWEEP_HAND, isAtEnd ? 0 : at);
        counters.add(StoreCounters.SWEEP_CHECKED, looked);
        counters.add(StoreCounters.SWEEP_RECLAIMED, removed);
        tally.add(looked, removed);
        return isAtEnd;
    }

    /** Removes the item that is pointed at if it is dead; else notes when it will be. */
    private boolean sweepItem() {
        if (isDead()) {
            countDead();
            long hash = XxHash64.hash(key(), keyLength());
            if (moment.tracking != null) {
                noteLeft(moment.tracking, hash);
            }
            remove(hash);
            return true;
        }
        noteExpiry(ItemLayout.expiresAt(item, ItemLayout.control(item)));
        int metadata = ItemLayout.metadata(item);
        int clamped = AccessMetadata.clamped(metadata, moment.tick);
        if (clamped != metadata) {
            ItemLayout.metadata(item, clamped);
        }
        return false;
    }

    private void take(int start, int count) {
        freeList.take(tier, control, start, count);
        int hand = hand();
        // At the start too: an entry that grows across the hand would leave it on value bytes, and a new item that the
        // hand stands on would be the next victim.
        if (hand >= start && hand < start + count) {
            setInt(SegmentControl.HAND, start + count == chunkCount ? 0 : start + count);
        }
        int sweepHand = getInt(SegmentControl.SWEEP_HAND);
        if (sweepHand > 0 && sweepHand >= start && sweepHand < start + count) {
            setInt(SegmentControl.SWEEP_HAND, start + count);
        }
        if (HEADER.lowestPossiblyFreeChunk(header) == start) {
            HEADER.lowestPossiblyFreeChunk(header, start + count);
        }
    }

    private void release(int start, int count) {
        freeList.release(tier, control, start, count);
        setInt(SegmentControl.FRUITLESS_SWEEP, 0);
        if (start < HEADER.lowestPossiblyFreeChunk(header)) {
            HEADER.lowestPossiblyFreeChunk(header, start);
        }
    }

    // ---- walking ----

    /** Slots of the hash lookup, for walks: any number from 0 on below this. */
    int slotCount() {
        return (int) (capacityMask + 1);
    }

    /** Points at the entry of a slot by its number; false when the slot is empty. Valid under the lock that is held. */
    boolean findSlot(int index) {
        long slotEntry = readSlot((long) index * slotSize);
        if (slotEntry == 0) {
            return false;
        }
        pointAtEntry((int) (slotEntry >>> keyBits & chunkMask));
        return true;
    }

    /** Home of the entry in a slot, the slot where its lookup begins; -1 when the slot is empty. */
    int homeAt(int index) {
        long slotEntry = readSlot((long) index * slotSize);
        return slotEntry == 0 ? -1 : (int) (slotEntry & keyMask & capacityMask);
    }

    /** Whether what a used slot keeps of its key's hash agrees with known low bits of it; all ones may be anything. */
    boolean mayHaveBits(int index, long bits, int bitCount) {
        long kept = readSlot((long) index * slotSize) & keyMask;
        long compared = bitCount >= keyBits ? keyMask : (1L << bitCount) - 1;
        return kept == keyMask || ((kept ^ bits) & compared) == 0;
    }

    /** The slot where lookups of this hash begin. */
    int homeOf(long hash) {
        return (int) (slotKey(hash) & capacityMask);
    }

    /** Length of the found entry's key. */
    int keyLength() {
        return StopBit.read(entry);
    }

    /** Address of the found entry's key. */
    long key() {
        return entry + StopBit.size(keyLength());
    }

    // ---- small things ----

    private long slotKey(long hash) {
        long masked = hash >>> segmentBits & keyMask;
        // Chronicle keeps 0 for an empty slot.
        return masked == 0 ? keyMask : masked;
    }

    private long readSlot(long position) {
        // The sign extension of a four-byte slot is Chronicle's too; the masks take it off.
        return slotSize == 4 ? UnsafeApi.getInt(tier + position) : UnsafeApi.getLong(tier + position);
    }

    private long entryAddress(int entryChunk) {
        return tier + entrySpaceOffset + ((long) entryChunk << chunkShift);
    }

    private int chunksFor(long entryLength) {
        return (int) ((entryLength + (1L << chunkShift) - 1) >>> chunkShift);
    }

    private int entryCount() {
        return (int) HEADER.entries(header);
    }

    private int hand() {
        return getInt(SegmentControl.HAND);
    }

    private int getInt(int field) {
        return UnsafeApi.getInt(control + field);
    }

    private void setInt(int field, int value) {
        UnsafeApi.putInt(control + field, value);
    }

    private static boolean equal(long a, long b, int length) {
        int at = 0;
        for (; at <= length - 8; at += 8) {
            if (UnsafeApi.getLong(a + at) != UnsafeApi.getLong(b + at)) {
                return false;
            }
        }
        for (; at < length; at++) {
            if (UnsafeApi.getByte(a + at) != UnsafeApi.getByte(b + at)) {
                return false;
            }
        }
        return true;
    }
}
