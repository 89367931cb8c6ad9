package io.karst.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clusters through everything that can happen to them, by seed. Replay one with {@code -Dkarst.testArgs=-Dseed=...},
 * run more with {@code -Dkarst.testArgs=-Dseeds=...}.
 */
class SimulatorTest {
    private static final int DEFAULT_SEEDS = 500;
    private static final int SLOW_SEEDS = 100_000;
    private static final int QUORUM_SEEDS = 60;

    /** The simulated network damages no frame, and all nodes have one configuration. */
    private static final Set<ReplicationCounter> NEVER_HERE = Set.of(
            ReplicationCounter.FRAMES_MALFORMED,
            ReplicationCounter.RECORDS_TOO_LONG,
            ReplicationCounter.CONFIG_MISMATCHES);

    @Test
    void replicasAgreeAndTheNewestWriteWinsAfterWhateverHappened() {
        long[] counts = new long[ReplicationCounter.values().length];
        Long only = Long.getLong("seed");
        int count = Integer.getInteger("seeds", DEFAULT_SEEDS);
        for (long seed = only == null ? 1 : only; seed <= (only == null ? count : only); seed++) {
            Simulation simulation = passed(seed);
            for (ReplicationCounter counter : ReplicationCounter.values()) {
                simulation.nodes.forEach(
                        node -> counts[counter.ordinal()] += node.counters().get(counter));
            }
        }
        for (ReplicationCounter counter : ReplicationCounter.values()) {
            boolean happens = !NEVER_HERE.contains(counter) && only == null;
            assertTrue(!happens || counts[counter.ordinal()] > 0, counter + " never happened");
        }
    }

    @Test
    @Tag("slow")
    void aHundredThousandSeeds() {
        for (long seed = 1; seed <= Integer.getInteger("seeds", SLOW_SEEDS); seed++) {
            passed(seed);
        }
    }

    private static Simulation passed(long seed) {
        SimFaults faults = SimFaults.draw(new Random(seed));
        Simulation simulation = new Simulation(seed, TombstonePurge::new, faults);
        String replay = "-Dseed=" + seed + ": " + faults;
        while (simulation.chaos(1_000)) {
            assertEquals(List.of(), new SimJudge(simulation).boundFaults(), replay);
        }
        simulation.run();
        assertEquals(List.of(), new SimJudge(simulation).faults(), replay);
        assertEquals(List.of(), simulation.staleReads, replay);
        return simulation;
    }

    @Test
    void quorumReadsAreNeverOlderThanAcknowledgedWrites() {
        int acknowledgedCount = 0;
        int readCount = 0;
        for (long seed = 1; seed <= QUORUM_SEEDS; seed++) {
            SimFaults faults = SimFaults.draw(new Random(seed)).withoutRestarts();
            Simulation simulation = new Simulation(seed, TombstonePurge::new, faults);
            while (simulation.chaos(1_000)) {
                assertEquals(List.of(), new SimJudge(simulation).quorumFaults(), "seed " + seed + ": " + faults);
            }
            assertEquals(List.of(), simulation.staleReads, "seed " + seed + ": " + faults);
            acknowledgedCount += simulation.acknowledged.size();
            readCount += simulation.readCount;
        }
        assertTrue(readCount > QUORUM_SEEDS, "reads that were answered: " + readCount);
        assertTrue(acknowledgedCount > QUORUM_SEEDS, "keys with an acknowledged write: " + acknowledgedCount);
    }

    @Test
    void framesThatComeAgainChangeNothing() {
        for (long seed = 1; seed <= 20; seed++) {
            Simulation simulation = passed(seed);
            simulation.quiet(1_000);
            List<SimStore.Item> before = simulation.live();
            for (int node = 0; node < simulation.nodeCount(); node++) {
                simulation.network.repeat(node, 2_000);
            }
            simulation.quiet(Simulation.STEP_MS);
            assertEquals(before, simulation.live(), "seed " + seed);
        }
    }

    @Test
    void tombstonesGoOnceEverybodyHasHadThem() {
        long tombstones = 0;
        for (long seed = 1; seed <= 20; seed++) {
            Simulation simulation = new Simulation(seed, TombstonePurge::new, SimFaults.longPartition());
            simulation.run();
            tombstones += tombstoneCount(simulation);
            simulation.quiet(Simulation.RETENTION_MS + TombstonePurge.MARGIN_MS + 3 * Simulation.ANTI_ENTROPY_MS);
            assertEquals(0, tombstoneCount(simulation), "seed " + seed);
            assertEquals(List.of(), new SimJudge(simulation).faults(), "seed " + seed);
        }
        assertTrue(tombstones > 0);
    }

    private static long tombstoneCount(Simulation simulation) {
        return simulation.stores.stream().mapToLong(SimStore::tombstoneCount).sum();
    }

    @Test
    void purgeByAgeAloneResurrectsDeletedKeys() {
        int resurrections = 0;
        for (long seed = 1; seed <= 20; seed++) {
            Simulation simulation = new Simulation(seed, AgeOnlyPurge::new, SimFaults.longPartition());
            simulation.run();
            resurrections += new SimJudge(simulation).faults().isEmpty() ? 0 : 1;
        }
        assertTrue(resurrections > 0, "the simulator would not notice a resurrection");
    }

    private static final class AgeOnlyPurge extends TombstonePurge {
        AgeOnlyPurge(ReplicationConfig config) {
            super(config);
        }

        @Override
        long cutoffMs(List<Peer> peers, long nowMs) {
            return nowMs - Simulation.RETENTION_MS;
        }
    }
}
