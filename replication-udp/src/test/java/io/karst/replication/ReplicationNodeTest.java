package io.karst.replication;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a node does in one situation each; {@link SimulatorTest} mixes them. */
class ReplicationNodeTest {
    private static final SimFaults CALM = new SimFaults(0, 0, 0, 5, false, false, 0, false, false, false, 0, 3, false);

    /** Two nodes that have everything, both. */
    private final Simulation cluster = new Simulation(seedOf(2), TombstonePurge::new, CALM);

    private static long seedOf(int nodeCount) {
        for (long seed = 1; ; seed++) {
            if (new Simulation(seed, TombstonePurge::new, CALM).nodeCount() == nodeCount) {
                return seed;
            }
        }
    }

    private long count(int node, ReplicationCounter counter) {
        return cluster.nodes.get(node).counters().get(counter);
    }

    private long put(int node, String key, String value) {
        return write(node, key, ReplicaRecord.VALUE, value);
    }

    private long write(int node, String key, int type, String value) {
        SimStore store = cluster.stores.get(node);
        long version = store.nextVersion(cluster.clockMicros(node));
        store.write(
                new SimStore.Item(key, type, version, 0, value, cluster.nowMs()),
                item -> cluster.nodes.get(node).write(item));
        return version;
    }

    private String value(int node, String key) {
        SimStore.Item item = cluster.live(node, key);
        return item == null ? "miss" : item.value();
    }

    @Test
    void writeIsOnTheOtherNodeAfterATurn() {
        cluster.quiet(1_000);
        put(0, "k", "v");
        cluster.quiet(100);
        assertEquals("v", value(1, "k"));
        write(1, "k", ReplicaRecord.DELETE, "");
        cluster.quiet(100);
        assertEquals("miss", value(0, "k"));
    }

    @Test
    void referenceIsReadFromTheStore() {
        cluster.quiet(1_000);
        SimStore store = cluster.stores.get(0);
        long version = store.nextVersion(cluster.clockMicros(0));
        store.write(new SimStore.Item("k", ReplicaRecord.VALUE, version, 0, "long", 0), item -> {});
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[100]);
        ReplicaRecord reference = new ReplicaRecord();
        byte[] key = "k".getBytes(US_ASCII);
        int length = ReplicaRecord.encode(
                buffer, 0, ReplicaRecord.REFERENCE, version, 0, 0, SimStore.hash("k"), key, new byte[0]);
        assertEquals(length, reference.wrap(buffer, 0, length));
        cluster.nodes.get(0).write(reference);
        cluster.quiet(100);
        assertEquals("long", value(1, "k"));
    }

    @Test
    void recordThatFitsNoFrameIsCountedAndNotSent() {
        cluster.quiet(1_000);
        put(0, "k", "x".repeat(3_000));
        assertEquals(1, count(0, ReplicationCounter.RECORDS_TOO_LONG));
        put(0, "l", "fits");
        cluster.quiet(100);
        assertEquals("fits", value(1, "l"));
    }

    @Test
    void nodeIsColdUntilEveryBucketIsSettled() {
        assertFalse(cluster.nodes.get(0).isWarm());
        cluster.quiet(2_000);
        assertTrue(cluster.nodes.get(0).isWarm());
    }

    @Test
    void nodeWithoutPeersToBeFoundIsWarmAfterTheLongestWarmUp() {
        cluster.network.cut(0, 1, true);
        cluster.quiet(4_900);
        assertFalse(cluster.nodes.get(0).isWarm());
        cluster.quiet(200);
        assertTrue(cluster.nodes.get(0).isWarm());
        // It serves, but it does not vouch.
        assertFalse(cluster.nodes.get(0).isInStep());
    }

    @Test
    void emptyNodeGetsBucketsThatAreLongerThanAFrame() {
        cluster.quiet(1_000);
        for (int i = 0; i < 1_500; i++) {
            put(0, "many:" + i, "v" + i);
        }
        cluster.restart(1);
        cluster.quiet(Simulation.ANTI_ENTROPY_MS + 20_000);
        for (int i = 0; i < 1_500; i++) {
            assertEquals("v" + i, value(1, "many:" + i));
        }
        assertEquals(List.of(), new SimJudge(cluster).faults());
    }

    @Test
    void writesForAPeerThatIsAwayBecomeHintsAndAreReplayedWhenItIsBack() {
        cluster.quiet(1_000);
        cluster.network.cut(0, 1, true);
        cluster.quiet(5_000);
        put(0, "k", "v");
        assertEquals(1, count(0, ReplicationCounter.RECORDS_HINTED));
        cluster.network.mend();
        cluster.quiet(1_000);
        assertEquals("v", value(1, "k"));
    }

    @Test
    void versionTooFarAheadIsRefusedUntilItsTimeHasCome() {
        cluster.quiet(1_000);
        cluster.setSkew(0, 9_000_000);
        put(0, "k", "v");
        cluster.quiet(1_000);
        assertEquals("miss", value(1, "k"));
        assertTrue(count(1, ReplicationCounter.VERSIONS_AHEAD) > 0);
        assertTrue(cluster.nodes.get(1).peers().get(0).skewMicros() > 8_000_000);
        cluster.setSkew(0, 0);
        cluster.quiet(6_000);
        assertEquals("v", value(1, "k"));
    }

    @Test
    void whatOneNodeEvictedIsNotFilledInAgain() {
        cluster.quiet(1_000);
        put(0, "k", "v");
        cluster.quiet(1_000);
        cluster.stores.get(1).evict("k");
        cluster.quiet(3 * Simulation.ANTI_ENTROPY_MS);
        assertEquals("miss", value(1, "k"));
        assertEquals("v", value(0, "k"));
    }

    @Test
    void peerThatWasAwayForTooManyTombstonesBeginsAgainEmpty() {
        cluster.quiet(1_000);
        for (int i = 0; i < 6; i++) {
            put(0, "k" + i, "v");
        }
        cluster.quiet(1_000);
        cluster.network.cut(0, 1, true);
        for (int i = 0; i < 5; i++) {
            write(0, "k" + i, ReplicaRecord.DELETE, "");
        }
        cluster.quiet(PeerState.DOWN_MS + 20_000);
        assertEquals(0, cluster.stores.get(0).tombstoneCount(), "they may go, since node 1 is refused");
        assertNotNull(cluster.live(1, "k0"));
        cluster.network.mend();
        cluster.quiet(3 * Simulation.ANTI_ENTROPY_MS);
        assertEquals(1, count(1, ReplicationCounter.REBUILDS));
        assertEquals(0, count(0, ReplicationCounter.REBUILDS));
        assertNull(cluster.live(1, "k0"));
        assertEquals("v", value(1, "k5"));
    }

    @Test
    void otherConfigurationIsNamed() {
        cluster.quiet(1_000);
        assertFalse(cluster.nodes.get(0).peers().get(0).isConfigDifferent());
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[200]);
        long boot = cluster.nodes.get(0).peers().get(0).boot();
        int length = Heartbeat.encode(buffer, 1, false, boot, 0, 8, 0, 1, new FlushVector(3));
        cluster.nodes.get(0).inbound().onFrame(1, buffer, 0, length);
        assertEquals(1, count(0, ReplicationCounter.CONFIG_MISMATCHES));
        assertTrue(cluster.nodes.get(0).peers().get(0).isConfigDifferent());
    }

    @Test
    void helloOfAnotherNameIsRefused() {
        cluster.quiet(1_000);
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[200]);
        long boot = cluster.nodes.get(0).peers().get(0).boot();
        int length = Hello.encode(buffer, 1, 99, 0, 7, "10.0.0.9:11211".getBytes(US_ASCII));
        cluster.nodes.get(0).inbound().onFrame(1, buffer, 0, length);
        assertEquals(boot, cluster.nodes.get(0).peers().get(0).boot());
        length = Hello.encode(buffer, 0, 99, 0, 7, "10.0.0.2:11211".getBytes(US_ASCII));
        cluster.nodes.get(0).inbound().onFrame(1, buffer, 0, length);
        assertEquals(boot, cluster.nodes.get(0).peers().get(0).boot(), "nor of another node");
    }
}
