package io.karst.ring;

import java.util.Arrays;
import java.util.List;

/**
 * Where clients look that take a dead node off their ketama ring and build the ring anew: libmemcached (pylibmc, PHP) with
 * {@code KETAMA_WEIGHTED} and {@code AUTO_EJECT_HOSTS}, twemproxy, xmemcached.
 */
final class RebuiltRing extends NodeWalk implements RingPlacement {
    /*
     * With Weighting.MULTIPLE a node's points stay where they are when another node leaves, so the next node of a key is
     * the next one on the ring. With SHARE they do not: shares are of the total weight and the number of nodes that
     * live, so a node that stays may gain or lose points, and its keys may move even though it is up.
     *
     * Rings for all sets of dead nodes would be many. But a node's points are always the first so many of one sequence,
     * "name-0", "name-1" and so on. So there is one ring with as many points as a node may ever have; each knows its
     * place in the sequence, and a lookup, which knows who is dead, walks on over points of dead nodes and over those
     * that the living would not have put down. With equal weights it hardly ever walks over any.
     */

    private static final int[] NOBODY = {};

    private final Ring ring;
    private final Weighting weighting;

    RebuiltRing(List<RingNode> nodes, Weighting weighting) {
        super(nodes);
        this.weighting = weighting;
        String[] names = nodes.stream().map(RingNode::name).toArray(String[]::new);
        int[] digestCounts = new int[names.length];
        Arrays.setAll(digestCounts, this::digestCountMax);
        ring = KetamaHash.ring(names, digestCounts);
    }

    @Override
    public int primary(byte[] key, int offset, int length) {
        return next(KetamaHash.ofKey(key, offset, length), NOBODY, 0, false);
    }

    @Override
    public Arcs arcs() {
        long total = totalWeight();
        return Arcs.clockwise(ring, index -> isOnRing(index, total, nodeCount()));
    }

    @Override
    int fill(byte[] key, int offset, int length, int[] filled, int from, boolean apart) {
        long hash = KetamaHash.ofKey(key, offset, length);
        int count = from;
        while (count < filled.length) {
            int node = next(hash, filled, count, apart);
            if (node < 0) {
                return count;
            }
            filled[count++] = node;
        }
        return count;
    }

    /** The owner of {@code hash} on the ring without the nodes that are taken; -1 when that leaves none. */
    private int next(long hash, int[] filled, int count, boolean apart) {
        long total = 0;
        int liveCount = 0;
        for (int node = 0; node < nodeCount(); node++) {
            if (!isTaken(node, filled, count, apart)) {
                total += weight(node);
                liveCount++;
            }
        }
        int index = ring.successor(hash);
        for (int i = 0; i < ring.size(); i++) {
            if (!isTaken(ring.node(index), filled, count, apart) && isOnRing(index, total, liveCount)) {
                return ring.node(index);
            }
            index = index + 1 == ring.size() ? 0 : index + 1;
        }
        return -1;
    }

    private boolean isOnRing(int index, long totalWeight, int liveCount) {
        return ring.ordinal(index) < weighting.digestCount(weight(ring.node(index)), totalWeight, liveCount);
    }

    /** The most digests a node may have, whoever is dead: together with some of the lightest others. */
    private int digestCountMax(int node) {
        int[] others = nodes().stream().mapToInt(RingNode::weight).sorted().toArray();
        int own = weight(node);
        long total = own;
        int most = weighting.digestCount(own, total, 1);
        boolean isSelfSkipped = false;
        int count = 1;
        for (int other : others) {
            if (other == own && !isSelfSkipped) {
                isSelfSkipped = true;
            } else {
                total += other;
                most = Math.max(most, weighting.digestCount(own, total, ++count));
            }
        }
        return most;
    }
}
