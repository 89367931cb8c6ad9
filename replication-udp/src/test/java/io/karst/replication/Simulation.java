package io.karst.replication;

import io.karst.ring.Placement;
import io.karst.ring.PlacementKind;
import io.karst.ring.RingNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in one thread, with clients that write to any node, until everything that can go wrong by its seed has gone
 * wrong; then it heals, and two periods of anti-entropy later the {@link SimJudge} looks at what is left.
 */
final class Simulation {
    static final int STEP_MS = 20;
    static final int CHAOS_MS = 30_000;
    static final long ANTI_ENTROPY_MS = 2_000;
    static final int WINDOW_BATCHES = 8;
    static final int WINDOW_BYTES = 16_384;
    static final long RETENTION_MS = 4_000;
    private static final int KEY_COUNT = 24;
    private static final int READ_EVERY = 20;
    private static final int DROP_EVERY = 50;
    private static final int MAX_FRAME_LENGTH = 2_200;
    private static final KeyRing KEYS = new KeyRing(Map.of(0, new SessionKeys(new byte[16])), 0);

    /** The purge rule of a node. */
    interface PurgeRule extends Function<ReplicationConfig, TombstonePurge> {}

    final Random random;
    final SimFaults faults;
    final Placement placement;
    final SimNetwork network;
    final List<ReplicationNode> nodes = new ArrayList<>();
    final List<SimStore> stores = new ArrayList<>();
    final List<String> keys = new ArrayList<>();
    final int replicaCount;
    private final PurgeRule purgeRule;
    private final long[] skewMicros;
    private final Map<Long, String> waiting = new HashMap<>();

    /** Reads at QUORUM that were answered with something older than what was acknowledged when they began. */
    final List<String> staleReads = new ArrayList<>();

    int readCount;

    /** The newest version of each key that was acknowledged at QUORUM. */
    final Map<String, Long> acknowledged = new HashMap<>();

    private long nowMs;
    int restartCount;
    private int lossCount;
    private long rebuildCount;

    Simulation(long seed, PurgeRule purgeRule, SimFaults faults) {
        this.random = new Random(seed);
        this.purgeRule = purgeRule;
        this.faults = faults;
        int nodeCount = 2 + random.nextInt(3);
        replicaCount = Math.min(nodeCount, 2 + random.nextInt(2));
        List<RingNode> ring = new ArrayList<>();
        for (int i = 0; i < nodeCount; i++) {
            ring.add(RingNode.of("10.0.0." + (i + 1) + ":11211", 1));
        }
        placement = new SimPlacement(PlacementKind.SPY_REDISTRIBUTE.placement(ring));
        network = new SimNetwork(nodeCount, random, MAX_FRAME_LENGTH);
        skewMicros = new long[nodeCount];
        Arrays.setAll(skewMicros, i -> faults.skewMicros(random));
        for (int i = 0; i < KEY_COUNT; i++) {
            keys.add("key:" + i);
        }
        for (int i = 0; i < nodeCount; i++) {
            stores.add(null);
            nodes.add(node(i));
        }
    }

    private ReplicationNode node(int i) {
        ReplicationConfig config = new ReplicationConfig(
                i,
                replicaCount,
                7,
                200,
                8,
                300,
                3,
                WINDOW_BATCHES,
                WINDOW_BYTES,
                20_000,
                1 << 20,
                ANTI_ENTROPY_MS,
                faults.retentionMs(),
                faults.tombstoneLimit(),
                5_000);
        SimStore store = new SimStore(i, placement, faults.capacity());
        stores.set(i, store);
        return new ReplicationNode(
                config,
                Members.of(placement),
                transport(i),
                store,
                this::boot,
                new AckTracker((token, isReached) -> answer(token, isReached)),
                purgeRule.apply(config),
                nowMs);
    }

    private void answer(long version, boolean isReached) {
        String key = waiting.remove(version);
        if (isReached && key != null) {
            acknowledged.merge(key, version, Math::max);
        }
    }

    private Transport transport(int node) {
        Transport transport = network.transport(node);
        return faults.sealed()
                ? new SealedTransport(transport, KEYS, Members.of(placement), node, this::salt)
                : transport;
    }

    private byte[] salt() {
        byte[] salt = new byte[SessionKeys.SALT_LENGTH];
        random.nextBytes(salt);
        return salt;
    }

    private long boot() {
        return random.nextLong() >>> 1 | 1;
    }

    long clockMicros(int node) {
        return 60_000_000_000_000L + nowMs * 1000 + skewMicros[node];
    }

    long nowMs() {
        return nowMs;
    }

    int nodeCount() {
        return nodes.size();
    }

    /** The whole story: chaos, heal, quiet. */
    void run() {
        chaos(faults.chaosMs());
        heal();
        // What is ahead of a clock that was wrong gets applied once the others have caught up.
        quiet(faults.maxSkewMs() + 2 * ANTI_ENTROPY_MS + 3_000);
    }

    /** As much of the chaos as {@code ms} milliseconds hold; false when it is over. */
    boolean chaos(long ms) {
        for (long end = Math.min(nowMs + ms, faults.chaosMs()); nowMs < end; step()) {
            faults.strike(this, nowMs);
            for (int i = 0; i < nodeCount(); i++) {
                if (random.nextInt(faults.writeEvery()) == 0) {
                    write(i);
                }
                if (random.nextInt(READ_EVERY) == 0) {
                    read(i);
                }
            }
        }
        return nowMs < faults.chaosMs();
    }

    void heal() {
        network.mend();
        network.weather(0, 0, 0, 5);
        Arrays.fill(skewMicros, 0);
    }

    void quiet(long ms) {
        for (long end = nowMs + ms; nowMs < end; ) {
            step();
        }
    }

    void step() {
        nowMs += STEP_MS;
        network.clock(nowMs);
        for (int i = 0; i < nodeCount(); i++) {
            stores.get(i).sweep(clockMicros(i));
            nodes.get(i).turn(nowMs, clockMicros(i));
        }
        long rebuilds = nodes.stream()
                .mapToLong(node -> node.counters().get(ReplicationCounter.REBUILDS))
                .sum();
        if (rebuilds != rebuildCount) {
            rebuildCount = rebuilds;
            lose();
        }
    }

    private void write(int node) {
        String key = keys.get(random.nextInt(keys.size()));
        // Clients mostly ask one of the key's nodes.
        if (!isReplica(key, node) && random.nextInt(8) != 0) {
            return;
        }
        SimStore store = stores.get(node);
        ReplicationNode sender = nodes.get(node);
        int kind = random.nextInt(100);
        long version = store.nextVersion(clockMicros(node));
        long expiry = faults.expiryMicros(random, clockMicros(node));
        if (kind < 60) {
            String value = "v" + version + "x".repeat(random.nextInt(60));
            store.write(new SimStore.Item(key, ReplicaRecord.VALUE, version, expiry, value, nowMs), sent(node, key));
        } else if (kind < 92) {
            store.write(new SimStore.Item(key, ReplicaRecord.DELETE, version, 0, "", nowMs), sent(node, key));
        } else if (kind < 99) {
            store.touch(key, version, expiry, sender::write);
        } else if (faults.flushes()) {
            sender.flush(version);
        }
    }

    /** At QUORUM, through any node. */
    private void read(int node) {
        String key = keys.get(random.nextInt(keys.size()));
        long acknowledgedBefore = acknowledged.getOrDefault(key, 0L);
        int before = lossCount;
        byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        nodes.get(node)
                .read(bytes, bytes.length, SimStore.hash(key), Level.QUORUM, nowMs + 1_000, (isReached, newest) -> {
                    readCount += isReached ? 1 : 0;
                    boolean isCounted = isReached && before == lossCount;
                    if (isCounted && newest != null && newest.version() < acknowledgedBefore) {
                        staleReads.add(key + " at " + nowMs + ": " + newest.version() + " is read through " + node
                                + " after " + acknowledgedBefore + " was acknowledged");
                    }
                });
    }

    /** Every third write is at QUORUM. */
    private ReplicaStore.Visitor sent(int node, String key) {
        Level level = random.nextInt(3) == 0 ? Level.QUORUM : Level.ONE;
        return item -> {
            if (random.nextInt(DROP_EVERY) == 0) {
                nodes.get(node).lost(BucketDigests.bucketOf(item.hash()));
                return;
            }
            if (level == Level.QUORUM) {
                waiting.put(item.version(), key);
            }
            nodes.get(node).write(item, level, item.version(), nowMs + 1_000);
        };
    }

    void restart(int node) {
        restartCount++;
        for (int other = 0; other < nodeCount(); other++) {
            if (other != node && !nodes.get(other).isInStep()) {
                lose();
            }
        }
        nodes.set(node, node(node));
    }

    // A second node has become empty before the first one had everything again: what only those two had is lost.
    private void lose() {
        lossCount++;
        acknowledged.clear();
    }

    void setSkew(int node, long micros) {
        skewMicros[node] = micros;
    }

    /** The nodes of a key. */
    int[] replicas(String key) {
        int[] replicas = new int[replicaCount];
        placement.preferenceOnHosts(key.getBytes(StandardCharsets.US_ASCII), 0, key.length(), replicas);
        return replicas;
    }

    boolean isReplica(String key, int node) {
        return Arrays.stream(replicas(key)).anyMatch(each -> each == node);
    }

    SimStore.@Nullable Item live(int node, String key) {
        SimStore.Item item = stores.get(node).item(key);
        boolean gone = item == null || item.type() == ReplicaRecord.DELETE || item.isExpired(clockMicros(node));
        return gone ? null : item;
    }

    /** The highest version that a key may have had where it is absent. */
    long mark(int node, String key) {
        return nodes.get(node).mark(key.getBytes(StandardCharsets.US_ASCII), key.length(), SimStore.hash(key));
    }

    /** All live items of all nodes. */
    List<SimStore.Item> live() {
        List<SimStore.Item> items = new ArrayList<>();
        for (int node = 0; node < nodeCount(); node++) {
            for (String key : keys) {
                SimStore.Item item = live(node, key);
                if (item != null) {
                    items.add(item);
                }
            }
        }
        return items;
    }
}
