package io.karst.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for the placement of every client family. */
class PlacementTest {
    private static final int WARM_UP = 20_000;

    /** Nodes of weight 1, {@code 10.0.0.1:11211} and on. */
    static List<RingNode> nodes(int count) {
        List<RingNode> nodes = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            nodes.add(RingNode.of("10.0.0." + i + ":11211", 1));
        }
        return nodes;
    }

    private static byte[] key(int i) {
        return ("key:" + i).getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @EnumSource
    void preferenceNamesEveryNodeOnceAndThePrimaryFirst(PlacementKind kind) {
        Placement placement = kind.placement(nodes(6));
        for (int i = 0; i < 2_000; i++) {
            int[] preference = new int[9];
            assertEquals(6, placement.preference(key(i), 0, key(i).length, preference));
            assertEquals(placement.primary(key(i), 0, key(i).length), preference[0]);
            assertEquals(6, Arrays.stream(preference).limit(6).distinct().count());
        }
    }

    @ParameterizedTest
    @EnumSource
    void longerPreferenceBeginsWithTheShorterOne(PlacementKind kind) {
        Placement placement = kind.placement(nodes(8));
        for (int i = 0; i < 2_000; i++) {
            int[] two = new int[2];
            int[] four = new int[4];
            placement.preference(key(i), 0, key(i).length, two);
            placement.preference(key(i), 0, key(i).length, four);
            assertArrayEquals(two, Arrays.copyOf(four, 2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void replicasStandOnDifferentHostsWhileThereAreAny(PlacementKind kind) {
        // Hosts 10.0.0.1 and 10.0.0.2 with three nodes each.
        List<RingNode> nodes = new ArrayList<>();
        for (int port = 1; port <= 3; port++) {
            nodes.add(RingNode.of("10.0.0.1:" + port, 1));
            nodes.add(RingNode.of("10.0.0.2:" + port, 1));
        }
        Placement placement = kind.placement(nodes);
        int[] preference = new int[4];
        int[] plain = new int[2];
        int sameHostCount = 0;
        for (int i = 0; i < 2_000; i++) {
            assertEquals(4, placement.preferenceOnHosts(key(i), 0, key(i).length, preference));
            assertEquals(placement.primary(key(i), 0, key(i).length), preference[0]);
            assertNotEquals(
                    nodes.get(preference[0]).host(), nodes.get(preference[1]).host());
            assertEquals(4, Arrays.stream(preference).distinct().count(), "two hosts only: then others of the same");
            placement.preference(key(i), 0, key(i).length, plain);
            sameHostCount +=
                    nodes.get(plain[0]).host().equals(nodes.get(plain[1]).host()) ? 1 : 0;
        }
        assertTrue(sameHostCount > 0, "without the rule some replicas share the host");
    }

    @ParameterizedTest
    @EnumSource
    void keyMayStandInsideALargerBuffer(PlacementKind kind) {
        Placement placement = kind.placement(nodes(5));
        byte[] buffer = "get key:42\r\n".getBytes(StandardCharsets.US_ASCII);
        int[] inside = new int[5];
        int[] alone = new int[5];
        placement.preference(buffer, 4, 6, inside);
        placement.preference(key(42), 0, 6, alone);
        assertArrayEquals(alone, inside);
    }

    @ParameterizedTest
    @EnumSource
    void sharesAreThoseOfManyKeys(PlacementKind kind) {
        Placement placement = kind.placement(nodes(5));
        double[] counted = new double[5];
        for (int i = 0; i < 200_000; i++) {
            counted[placement.primary(key(i), 0, key(i).length)] += 1.0 / 200_000;
        }
        double[] shares = placement.shares();
        assertEquals(1, Arrays.stream(shares).sum(), 1e-9);
        assertArrayEquals(shares, counted, 0.005);
    }

    @ParameterizedTest
    @EnumSource
    void oneNodeHasEverything(PlacementKind kind) {
        Placement placement = kind.placement(nodes(1));
        assertEquals(0, placement.primary(key(1), 0, 5));
        assertEquals(1, placement.preference(key(1), 0, 5, new int[3]));
        assertArrayEquals(new double[] {1}, placement.shares());
    }

    @ParameterizedTest
    @EnumSource(names = "RENDEZVOUS", mode = EnumSource.Mode.EXCLUDE)
    void weightsScaleShares(PlacementKind kind) {
        List<RingNode> nodes = List.of(RingNode.of("a:1", 1), RingNode.of("b:1", 1), RingNode.of("c:1", 2));
        assertEquals(0.5, kind.placement(nodes).shares()[2], 0.06);
    }

    @ParameterizedTest
    @EnumSource(names = "RENDEZVOUS", mode = EnumSource.Mode.EXCLUDE)
    void nodeTooLightForAPointOwnsNothingAndIsNamedAllTheSame(PlacementKind kind) {
        Placement placement = kind.placement(List.of(RingNode.of("light:1", 1), RingNode.of("heavy:1", 900)));
        int[] preference = new int[2];
        assertEquals(2, placement.preference(key(1), 0, 5, preference));
        if (kind != PlacementKind.RING_REBUILD_XMEMCACHED) {
            assertArrayEquals(new double[] {0, 1}, placement.shares());
        }
    }

    @ParameterizedTest
    @EnumSource
    void lookupsAllocateNothing(PlacementKind kind) {
        Placement placement = kind.placement(nodes(5));
        byte[] key = key(4711);
        int[] nodes = new int[3];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        look(placement, key, nodes, WARM_UP);
        long before = threads.getCurrentThreadAllocatedBytes();
        look(placement, key, nodes, WARM_UP);
        long perLookup = (threads.getCurrentThreadAllocatedBytes() - before) / WARM_UP;
        assertEquals(0, perLookup);
    }

    private static void look(Placement placement, byte[] key, int[] nodes, int count) {
        for (int i = 0; i < count; i++) {
            placement.preference(key, 0, key.length, nodes);
            placement.preferenceOnHosts(key, 0, key.length, nodes);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noNodesOrANameTwiceAreRefused(PlacementKind kind) {
        assertThrows(IllegalArgumentException.class, () -> kind.placement(List.of()));
        RingNode twice = RingNode.of("a:1", 1);
        assertThrows(IllegalArgumentException.class, () -> kind.placement(List.of(twice, twice)));
    }

    @Test
    void namesAndWeightsThatNoClientCanHaveAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> RingNode.of("", 1));
        assertThrows(IllegalArgumentException.class, () -> RingNode.of("a b", 1));
        assertThrows(IllegalArgumentException.class, () -> RingNode.of("a:1", 0));
        List<RingNode> tooHeavy = List.of(RingNode.of("a:1", 1_000_000));
        assertThrows(IllegalArgumentException.class, () -> PlacementKind.RING_REBUILD_XMEMCACHED.placement(tooHeavy));
        List<RingNode> weighted = List.of(RingNode.of("a:1", 2));
        assertThrows(IllegalArgumentException.class, () -> PlacementKind.RENDEZVOUS.placement(weighted));
    }

    @Test
    void hostIsTheAddressInTheName() {
        assertEquals("10.0.0.1", RingNode.of("10.0.0.1:11211", 1).host());
        assertEquals("10.0.0.1", RingNode.of("cache1/10.0.0.1:11211", 1).host());
        assertEquals("cache1", RingNode.of("cache1", 1).host());
        assertEquals("[::1]", RingNode.of("[::1]:11211", 1).host());
        assertEquals("fe80::1", RingNode.of("fe80::1", 1).host());
    }
}
