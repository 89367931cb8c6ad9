package io.karst.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import net.openhft.chronicle.hash.impl.BigSegmentHeader;
import net.openhft.chronicle.hash.impl.CompactOffHeapLinearHashTable;
import net.openhft.chronicle.hash.impl.VanillaChronicleHash;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import net.openhft.chronicle.map.VanillaChronicleMap;
import org.agrona.UnsafeApi;

/**
 * One Chronicle Map and where its parts lie in memory. Built and sized by Chronicle's builder; the addresses come from its
 * public implementation fields and never change while it is open.
 *
 * <p>A segment (Chronicle says tier; we allow one per segment) is laid out as
 * {@code hash lookup | 64 bytes of counters | free list, a bit per chunk, 1 = in use | entry space}.
 * Source: Chronicle Map 2026.1, spec/3-memory-layout.md. Immutable but for {@link #itemCount}.
 */
final class Arena implements AutoCloseable {
    private static final VarHandle ITEM_COUNT;

    static {
        try {
            ITEM_COUNT = MethodHandles.lookup().findVarHandle(Arena.class, "itemCount", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final ChronicleMap<byte[], byte[]> map;
    final CompactOffHeapLinearHashTable hashLookup;
    final int segmentCount;
    final int segmentBits;
    final int chunkShift;
    final int chunkCount;
    final int entriesMax;
    final int slotSize;
    final int keyBits;
    final long keyMask;
    final long chunkMask;
    final long capacityMask;
    final long freeListOffset;
    final long entrySpaceOffset;
    final int ghostCount;

    private final long firstTier;
    private final long tierStride;
    private final long firstHeader;
    private final long headerStride;
    private final long controlBlock;
    private final int controlStride;
    private final long footprint;

    /** Kept for arenas that count their items exactly, so that a get need not look into an empty one. */
    private volatile long itemCount;

    private Arena(ChronicleMap<byte[], byte[]> map) {
        VanillaChronicleMap<?, ?, ?> hash = (VanillaChronicleMap<?, ?, ?>) map;
        this.map = map;
        this.hashLookup = hash.hashLookup;
        this.segmentCount = hash.actualSegments;
        this.segmentBits = Integer.numberOfTrailingZeros(segmentCount);
        this.chunkShift = Long.numberOfTrailingZeros(hash.chunkSize);
        this.chunkCount = Math.toIntExact(hash.actualChunksPerSegmentTier);
        this.entriesMax = ArenaGeometry.entriesMax(Math.toIntExact(hash.tierHashLookupCapacity));
        this.slotSize = hash.tierHashLookupSlotSize;
        this.keyBits = hash.tierHashLookupKeyBits;
        this.keyMask = (1L << keyBits) - 1;
        this.chunkMask = (1L << hash.tierHashLookupValueBits) - 1;
        this.capacityMask = hash.tierHashLookupCapacity - 1;
        this.freeListOffset = hash.tierHashLookupOuterSize + VanillaChronicleHash.TIER_COUNTERS_AREA_SIZE;
        this.entrySpaceOffset = freeListOffset + hash.tierFreeListOuterSize + hash.tierEntrySpaceInnerOffset;
        this.firstTier = hash.segmentBaseAddr(0);
        this.tierStride = hash.tierSize;
        this.firstHeader = hash.segmentHeaderAddress(0);
        this.headerStride = segmentCount > 1 ? hash.segmentHeaderAddress(1) - firstHeader : 64;
        this.controlStride = SegmentControl.length(chunkCount, hash.tierHashLookupCapacity);
        this.ghostCount = SegmentControl.ghostCount(hash.tierHashLookupCapacity);
        long controlBytes = (long) segmentCount * controlStride;
        this.controlBlock = UnsafeApi.allocateMemory(controlBytes);
        UnsafeApi.setMemory(controlBlock, controlBytes, (byte) 0);
        for (int i = 0; i < segmentCount; i++) {
            SegmentControl.initialize(control(i), chunkCount);
        }
        this.footprint = hash.sizeInBytesWithoutTiers() + controlBytes;
        requireLayout(hash);
    }

    /**
     * Opens an arena in anonymous memory. Chronicle touches the hash lookups and free lists; the entry space is not
     * touched until it is used ({@link #preTouch}).
     */
    static Arena open(String name, ArenaGeometry geometry) {
        ChronicleMap<byte[], byte[]> map = ChronicleMapBuilder.of(byte[].class, byte[].class)
                .name(name)
                .actualSegments(geometry.segmentCount())
                .entriesPerSegment(geometry.entriesPerSegment())
                .actualChunkSize(geometry.chunkSize())
                .actualChunksPerSegmentTier(geometry.chunksPerSegment())
                // Both are needed to forbid growth: by default a map silently takes twice the memory it was given.
                .maxBloatFactor(1)
                .allowSegmentTiering(false)
                .putReturnsNull(true)
                .removeReturnsNull(true)
                .skipCloseOnExitHook(true)
                .create();
        return new Arena(map);
    }

    private void requireLayout(VanillaChronicleMap<?, ?, ?> hash) {
        if (Integer.bitCount(segmentCount) != 1
                || Long.bitCount(hash.chunkSize) != 1
                || hash.alignment != 1
                || hash.checksumEntries
                || (slotSize != 4 && slotSize != 8)) {
            throw new IllegalStateException("Chronicle Map laid the segments out in a way this build does not know: "
                    + segmentCount + " segments, chunk " + hash.chunkSize + ", slot " + slotSize + ", alignment "
                    + hash.alignment);
        }
    }

    long tier(int segment) {
        return firstTier + segment * tierStride;
    }

    long header(int segment) {
        return firstHeader + segment * headerStride;
    }

    long control(int segment) {
        return controlBlock + (long) segment * controlStride;
    }

    /** Everything this arena takes off heap, bytes. */
    long footprint() {
        return footprint;
    }

    /** Bytes of all hash lookups. */
    long hashLookupBytes() {
        return (capacityMask + 1) * slotSize * segmentCount;
    }

    /** Longest entry that can be stored, bytes. */
    long entryLengthMax() {
        return (long) chunkCount << chunkShift;
    }

    /** Items held, exact at rest; walks all segment headers. */
    long countItems() {
        long items = 0;
        for (int i = 0; i < segmentCount; i++) {
            items += BigSegmentHeader.INSTANCE.entries(header(i));
        }
        return items;
    }

    /** Chunks in use over all segments; walks all control areas. */
    long countUsedChunks() {
        long used = 0;
        for (int i = 0; i < segmentCount; i++) {
            used += UnsafeApi.getInt(control(i) + SegmentControl.USED_CHUNKS);
        }
        return used;
    }

    long totalChunks() {
        return (long) segmentCount * chunkCount;
    }

    /** Highest version assigned or applied in any segment. */
    long lastVersion() {
        long last = 0;
        for (int i = 0; i < segmentCount; i++) {
            last = Math.max(last, UnsafeApi.getLongVolatile(null, control(i) + SegmentControl.LAST_VERSION));
        }
        return last;
    }

    /** Whether nothing is stored here, exact under the lock of the key's small segment. */
    boolean isEmpty() {
        return itemCount == 0;
    }

    void addItems(int delta) {
        ITEM_COUNT.getAndAdd(this, (long) delta);
    }

    /** Writes to every page of the entry space, so that the memory is really there. Call before the arena is shared. */
    void preTouch(int pageSize) {
        for (int i = 0; i < segmentCount; i++) {
            long start = tier(i) + entrySpaceOffset;
            long end = start + entryLengthMax();
            for (long page = start; page < end; page += pageSize) {
                UnsafeApi.putByte(page, (byte) 0);
            }
            UnsafeApi.putByte(end - 1, (byte) 0);
        }
    }

    /** Tells the two blocks of memory that this arena is. */
    void forEachRange(MemoryRange visitor) {
        visitor.accept(firstHeader, tier(segmentCount) - firstHeader);
        visitor.accept(controlBlock, (long) segmentCount * controlStride);
    }

    @Override
    public void close() {
        map.close();
        UnsafeApi.freeMemory(controlBlock);
    }
}
