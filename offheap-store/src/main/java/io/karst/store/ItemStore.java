package io.karst.store;

import io.karst.eviction.PolicyKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * All items of a node, off heap. Threads work on it through sessions of their own ({@link #openSession}); what is here is
 * shared: the two arenas, the flush floor, and the sums for statistics.
 *
 * <p>Thread-safe. {@link #close} must come after the last operation of every session.
 */
/*
 * Two arenas. Items up to 16 KiB live in segments of at most 1 MiB with 16-byte chunks; the rest in large segments with
 * 4 KiB chunks. One mixed-in item of 1 MB would evict 840 to 1,600 small ones under one lock (evidence/store-paths.md
 * section 4); apart, it takes 42 us. A key lives in one arena only. Whoever changes a key first takes the write lock of
 * its small segment, then, if need be, that of its large one; so under the small lock nobody else can add the key to
 * the large arena, only the eviction there can remove it. A get keeps the small segment's shared lock while it looks into
 * the large arena, so that a key on the move is never missed.
 *
 * Flush is a version: everything written at or below the floor is dead. The floor is at least the last version of every
 * segment, and a later write's version is at least floor + 1, so a set right after a flush is never born dead, whichever
 * loop it comes through.
 */
public final class ItemStore implements AutoCloseable {
    private static final int TOMBSTONE_BYTES = 64;
    private static final int TOMBSTONE_SHARE = 8;

    private static final VarHandle FLOOR;
    private static final VarHandle VERSION_FLOOR;

    static {
        try {
            FLOOR = MethodHandles.lookup().findVarHandle(ItemStore.class, "floor", long.class);
            VERSION_FLOOR = MethodHandles.lookup().findVarHandle(ItemStore.class, "versionFloor", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Arena small;
    final @Nullable Arena large;
    private final StoreSettings settings;
    private final List<StoreSession> sessions = new CopyOnWriteArrayList<>();

    private volatile long floor;
    private volatile long versionFloor;
    private volatile PolicyKind policy;
    private final @Nullable ReplicaTracking tracking;

    private ItemStore(StoreSettings settings, Arena small, @Nullable Arena large, @Nullable ReplicaTracking tracking) {
        this.settings = settings;
        this.tracking = tracking;
        this.policy = settings.policy();
        this.small = small;
        this.large = large;
    }

    /**
     * Opens an empty store in anonymous memory.
     *
     * @throws IllegalArgumentException when the memory is too small to be cut into segments
     */
    public static ItemStore open(StoreSettings settings) {
        return open(settings, null);
    }

    /** The same for a node with peers: deletes leave tombstones, and every change is noted in {@code tracking}. */
    public static ItemStore open(StoreSettings settings, @Nullable ReplicaTracking tracking) {
        long largeBudget = largeBudget(settings);
        Arena small =
                Arena.open("small", ArenaGeometry.small(settings.memoryLimit() - largeBudget, settings.itemSizeHint()));
        Arena large =
                largeBudget == 0 ? null : Arena.open("large", ArenaGeometry.large(largeBudget, settings.itemSizeMax()));
        ItemStore store = new ItemStore(settings, small, large, tracking);
        if (store.footprint() > settings.memoryLimit()) {
            long footprint = store.footprint();
            store.close();
            throw new IllegalStateException(
                    "the store took " + footprint + " bytes of the " + settings.memoryLimit() + " that it may");
        }
        return store;
    }

    /** The asked share, but enough for two of the largest items if that is at most 40 %, and for one in any case. */
    private static long largeBudget(StoreSettings settings) {
        if (settings.itemSizeMax() <= ArenaGeometry.SMALL_ENTRY_MAX) {
            return 0;
        }
        long one = ArenaGeometry.largeSegmentFor(settings.itemSizeMax()) + 64 * 1024;
        long asked = (long) (settings.memoryLimit() * settings.largeShare());
        return Math.max(Math.max(asked, one), Math.min(2 * one, settings.memoryLimit() * 2 / 5));
    }

    /** A session for one thread. Sessions are never given back: open one per event loop. */
    public StoreSession openSession() {
        StoreSession session = new StoreSession(this, settings.nodeId());
        sessions.add(session);
        return session;
    }

    /** The way of a node's replication to the items, for one thread; only where there is tracking. */
    public ReplicaSession openReplicaSession() {
        if (tracking == null) {
            throw new IllegalStateException("the store was opened without tracking");
        }
        return new ReplicaSession(this, tracking, openSession());
    }

    /** Who makes room at present. */
    public PolicyKind policy() {
        return policy;
    }

    /** Has another policy make room; every session follows when it is told the time the next time. Any thread. */
    public void policy(PolicyKind next) {
        policy = next;
    }

    /** What the store was opened with; the policy may have changed since. */
    public StoreSettings settings() {
        return settings;
    }

    /** Bytes off heap that the arenas take, headers and indexes included; at most {@code memoryLimit}. */
    public long footprint() {
        return small.footprint() + (large == null ? 0 : large.footprint());
    }

    /** Touches every page, so that the memory is really there: call before the store is used. */
    public void preTouch() {
        int pageSize = 4096;
        small.preTouch(pageSize);
        if (large != null) {
            large.preTouch(pageSize);
        }
    }

    /** Tells where the items, their index and the ghosts lie: all but some kilobytes of {@link #footprint}. */
    public void forEachRange(MemoryRange visitor) {
        small.forEachRange(visitor);
        if (large != null) {
            large.forEachRange(visitor);
        }
    }

    /**
     * Kills everything that has been written so far.
     *
     * @param stamp the caller's time as a version
     */
    void flush(long stamp) {
        long target = Math.max(stamp, small.lastVersion());
        if (large != null) {
            target = Math.max(target, large.lastVersion());
        }
        if (tracking != null) {
            tracking.flushTest.flushed(target);
        }
        raiseFloor(target);
    }

    /** Has everything at or below a version looked at as flushed, if the flush test says so, too. */
    void raiseFloor(long target) {
        raise(VERSION_FLOOR, target);
        raise(FLOOR, target);
    }

    private void raise(VarHandle field, long target) {
        long seen = (long) field.getVolatile(this);
        while (seen < target && !field.compareAndSet(this, seen, target)) {
            seen = (long) field.getVolatile(this);
        }
    }

    /** Nothing at or below this floor is flushed any more, unless it has been raised since. */
    void settleFloor(long settled) {
        FLOOR.compareAndSet(this, settled, 0L);
    }

    /** Tombstones that may be here, an eighth of the memory at 64 bytes each. */
    long tombstonesMax() {
        return settings.memoryLimit() / TOMBSTONE_BYTES / TOMBSTONE_SHARE;
    }

    long versionFloor() {
        return versionFloor;
    }

    /** What is kept for replication; null without peers. */
    public @Nullable ReplicaTracking tracking() {
        return tracking;
    }

    long floor() {
        return floor;
    }

    /** Items held, dead ones that nobody met yet included, tombstones not; walks all segment headers. */
    public long itemCount() {
        long entries = small.countItems() + (large == null ? 0 : large.countItems());
        return tracking == null ? entries : Math.max(0, entries - tracking.tombstoneCount());
    }

    /** Sum of one of {@link StoreCounters}' counters over all sessions and both arenas. */
    public long counter(int counter) {
        return counter(SizeBand.SMALL, counter) + counter(SizeBand.LARGE, counter);
    }

    /** Sum of one of {@link StoreCounters}' counters over all sessions; for a reading, the highest. */
    public long counter(SizeBand band, int counter) {
        long sum = 0;
        long highest = 0;
        for (StoreSession session : sessions) {
            long value = session.counters(band).get(counter);
            sum += value;
            highest = Math.max(highest, value);
        }
        return counter == StoreCounters.EVICTED_IDLE_TICKS ? highest : sum;
    }

    /** How one arena is cut, and how full it is; walks its segments. Null when there is no such arena. */
    public @Nullable ArenaReport report(SizeBand band) {
        Arena arena = band == SizeBand.SMALL ? small : large;
        return arena == null
                ? null
                : new ArenaReport(
                        arena.segmentCount,
                        1 << arena.chunkShift,
                        arena.chunkCount,
                        arena.countUsedChunks(),
                        arena.countItems(),
                        arena.footprint(),
                        arena.hashLookupBytes());
    }

    /** What other settings would make of what is stored; null without a large arena. Walks the segments' counters. */
    public @Nullable StoreAdvice advise() {
        StoreAdvice.Pressure smallPressure = pressure(SizeBand.SMALL);
        StoreAdvice.Pressure largePressure = pressure(SizeBand.LARGE);
        return smallPressure == null || largePressure == null
                ? null
                : StoreAdvice.of(
                        settings,
                        settings.memoryLimit() - largeBudget(settings),
                        (double) small.entriesMax / (small.capacityMask + 1),
                        smallPressure,
                        largePressure);
    }

    private StoreAdvice.@Nullable Pressure pressure(SizeBand band) {
        ArenaReport report = report(band);
        return report == null
                ? null
                : new StoreAdvice.Pressure(
                        report,
                        counter(band, StoreCounters.EVICTIONS),
                        counter(band, StoreCounters.EVICTED_IDLE_TICKS));
    }

    /**
     * Compares everything the store tells twice, segment by segment; for tests and soaks.
     *
     * @throws IllegalStateException naming the first difference
     */
    public void check() {
        StoreCheck.check(small);
        if (large != null) {
            StoreCheck.check(large);
        }
    }

    @Override
    public void close() {
        small.close();
        if (large != null) {
            large.close();
        }
        sessions.forEach(StoreSession::close);
    }
}
