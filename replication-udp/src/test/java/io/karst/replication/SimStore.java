package io.karst.replication;

import io.karst.ring.Placement;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A store in a map, with versions, expiry, eviction and tombstones as the appliance's has them, and a memory for the
 * judge.
 */
final class SimStore implements ReplicaStore {
    /** One version of a key. */
    record Item(String key, int type, long version, long expiryMicros, String value, long receivedMs) {
        boolean isExpired(long clockMicros) {
            return expiryMicros != 0 && expiryMicros <= clockMicros;
        }
    }

    private static final int BUCKET_COUNT = 8;

    private final int node;
    private final Placement placement;
    private final BitSet changed = new BitSet(BucketDigests.BUCKET_COUNT);
    private final Map<Integer, Long> marks = new HashMap<>();
    private final int capacity;
    private final Map<String, Item> items = new TreeMap<>();
    private final Map<String, Long> newestSeen = new HashMap<>();
    private final Set<Long> deletes = new HashSet<>();
    private final Map<String, Long> newestLost = new HashMap<>();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
    private long lastVersion;

    SimStore(int node, Placement placement, int capacity) {
        this.node = node;
        this.placement = placement;
        this.capacity = capacity;
    }

    /** Few buckets, so that keys share marks and digests. */
    static long hash(String key) {
        long mixed = key.hashCode() * 0x9E37_79B9_7F4A_7C15L;
        return (Math.floorMod(key.hashCode(), BUCKET_COUNT) * 8191L) << 48 | mixed >>> 16;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private int primary(String key) {
        return placement.primary(bytes(key), 0, key.length());
    }

    /** The version of the next local write: later than all that this store has seen. */
    long nextVersion(long clockMicros) {
        long version = (Math.max(clockMicros << 12, lastVersion + 256) & ~0xFFL) | node;
        lastVersion = version;
        return version;
    }

    /** Writes as a client does, and shows the record to be sent. */
    void write(Item item, Visitor sent) {
        put(item);
        show(item, sent);
    }

    /** Gives the item of a key a new expiry, if there is one, and shows the record to be sent. */
    void touch(String key, long version, long expiryMicros, Visitor sent) {
        Item old = items.get(key);
        if (old != null && old.type == ReplicaRecord.VALUE) {
            put(new Item(key, old.type, version, expiryMicros, old.value, 0));
            byte[] touched = new byte[8];
            new UnsafeBuffer(touched).putLong(0, old.version, ByteOrder.LITTLE_ENDIAN);
            int length = ReplicaRecord.encode(
                    buffer, 0, ReplicaRecord.TOUCH, version, expiryMicros, 0, hash(key), bytes(key), touched);
            ReplicaRecord touch = new ReplicaRecord();
            touch.wrap(buffer, 0, length);
            sent.visit(touch);
        }
    }

    private void put(Item item) {
        items.put(item.key, item);
        lastVersion = Math.max(lastVersion, item.version);
        newestSeen.merge(item.key, item.version, Math::max);
        if (item.type == ReplicaRecord.DELETE) {
            deletes.add(item.version);
        }
        changed(item);
        while (items.size() > capacity) {
            // Values before tombstones, the oldest first.
            items.values().stream()
                    .min(Comparator.comparingInt(Item::type).thenComparingLong(Item::version))
                    .ifPresent(this::lose);
        }
    }

    /** Evicts the item of a key that is there. */
    void evict(String key) {
        lose(Objects.requireNonNull(items.get(key)));
    }

    private void lose(Item item) {
        newestLost.merge(item.key, item.version, Math::max);
        leave(item);
    }

    private void leave(Item item) {
        items.remove(item.key);
        marks.merge(bucket(item.key), item.version, Math::max);
        changed(item);
    }

    private static int bucket(String key) {
        return BucketDigests.bucketOf(hash(key));
    }

    private void changed(Item item) {
        changed.set(bucket(item.key));
    }

    @Override
    public int takeChanged(int from) {
        int bucket = changed.nextSetBit(from);
        if (bucket >= 0) {
            changed.clear(bucket);
        }
        return bucket;
    }

    @Override
    public long mark(int bucket) {
        return marks.getOrDefault(bucket, 0L);
    }

    @Override
    public Outcome apply(ReplicaRecord record, long absentFloor, long nowMs) {
        byte[] key = new byte[record.keyLength()];
        record.key(key);
        String name = new String(key, StandardCharsets.ISO_8859_1);
        Item old = items.get(name);
        long floor = old == null ? absentFloor : old.version;
        if (record.version() <= floor) {
            return Outcome.STALE;
        }
        if (record.type() != ReplicaRecord.TOUCH) {
            byte[] value = new byte[record.valueLength()];
            record.value(value);
            String text = new String(value, StandardCharsets.ISO_8859_1);
            put(new Item(name, record.type(), record.version(), record.expiryMicros(), text, nowMs));
            return Outcome.APPLIED;
        }
        if (old == null || old.version != record.touchedVersion()) {
            return Outcome.NOT_HERE;
        }
        put(new Item(name, old.type, record.version(), record.expiryMicros(), old.value, nowMs));
        return Outcome.APPLIED;
    }

    @Override
    public void walk(int bucket, Visitor visitor) {
        for (Item item : List.copyOf(items.values())) {
            if (BucketDigests.bucketOf(hash(item.key)) == bucket) {
                show(item, visitor);
            }
        }
    }

    private void show(Item item, Visitor visitor) {
        UnsafeBuffer copy =
                new UnsafeBuffer(new byte[ReplicaRecord.HEADER_LENGTH + item.key.length() + item.value.length()]);
        int length = ReplicaRecord.encode(
                copy,
                0,
                item.type,
                item.version,
                item.expiryMicros,
                0,
                hash(item.key),
                bytes(item.key),
                bytes(item.value));
        ReplicaRecord record = new ReplicaRecord();
        record.wrap(copy, 0, length);
        visitor.visit(record);
    }

    @Override
    public void read(byte[] key, int keyLength, Visitor visitor) {
        Item item = items.get(new String(key, 0, keyLength, StandardCharsets.ISO_8859_1));
        if (item != null) {
            show(item, visitor);
        }
    }

    @Override
    public void flush(int primary, long version) {
        lastVersion = Math.max(lastVersion, version);
        for (Item item : select(item -> item.version <= version && primary(item.key) == primary)) {
            items.remove(item.key);
            changed(item);
        }
    }

    /** Takes away what has expired. */
    void sweep(long clockMicros) {
        select(item -> item.isExpired(clockMicros)).forEach(this::lose);
    }

    @Override
    public long tombstoneCount() {
        return items.values().stream()
                .filter(item -> item.type == ReplicaRecord.DELETE)
                .count();
    }

    @Override
    public void purgeTombstones(long receivedBeforeMs) {
        select(item -> item.type == ReplicaRecord.DELETE && item.receivedMs < receivedBeforeMs)
                .forEach(this::leave);
    }

    private List<Item> select(Predicate<Item> condition) {
        return new ArrayList<>(items.values().stream().filter(condition).toList());
    }

    @Override
    public void clear() {
        items.values().forEach(this::changed);
        items.clear();
        marks.clear();
        newestSeen.clear();
        newestLost.clear();
        deletes.clear();
    }

    /** The item of a key, tombstones included, or null. */
    @Nullable
    Item item(String key) {
        return items.get(key);
    }

    int size() {
        return items.size();
    }

    /** The newest version of a key that was ever in this life of the store, 0: none. */
    long newestSeen(String key) {
        return newestSeen.getOrDefault(key, 0L);
    }

    /** Whether a version was a delete. */
    boolean isDelete(long version) {
        return deletes.contains(version);
    }

    /** The newest version of a key that left by eviction or expiry in this life of the store, 0: none. */
    long newestLost(String key) {
        return newestLost.getOrDefault(key, 0L);
    }

    @Override
    public String toString() {
        return items.values().toString();
    }
}
