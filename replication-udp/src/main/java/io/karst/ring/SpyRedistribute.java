package io.karst.ring;

import java.util.Arrays;
import java.util.List;

/**
 * Where spymemcached with {@code KETAMA_HASH} and {@code FailureMode.Redistribute} looks for a key. As soon as a weight is
 * not 1, the weights are its {@code weights}, by {@link Weighting#SHARE}.
 */
final class SpyRedistribute extends NodeWalk implements RingPlacement {
    /*
     * When a key's node is down, the client does not take the next point of the ring. It hashes again: from h, the hash
     * of the key, try t goes to h, then h moves on by the MD5 word of t (in decimal) followed by the key, modulo 2^32.
     * The first try is the primary, there are seven in all, and the first node that is up serves. The ring's own
     * successor agrees with this for only 28 % of a dead node's keys (evidence/replication.md §4).
     *
     * Tries may meet the same node twice. With N nodes of which one is down, the client finds no other node with
     * probability N^-6, and goes back to the dead one; no placement can help that client.
     *
     * Where two nodes share a point (one ring of 40 nodes in about 200) the later node in the list has it, as in the
     * client's TreeMap; so the order of the list matters and must be the clients'.
     */

    /** How many nodes the client tries, the primary included. */
    static final int TRY_COUNT = 7;

    private final Ring ring;

    SpyRedistribute(List<RingNode> nodes) {
        super(nodes);
        String[] names = nodes.stream().map(RingNode::name).toArray(String[]::new);
        boolean isWeighted = nodes.stream().anyMatch(node -> node.weight() != 1);
        int[] digestCounts = new int[names.length];
        Arrays.setAll(
                digestCounts,
                node -> isWeighted
                        ? Weighting.SHARE.digestCount(weight(node), totalWeight(), names.length)
                        : KetamaHash.DIGESTS_PER_NODE);
        ring = KetamaHash.ring(names, digestCounts).withoutReplaced();
    }

    @Override
    public int primary(byte[] key, int offset, int length) {
        return ring.node(ring.successor(KetamaHash.ofKey(key, offset, length)));
    }

    @Override
    public Arcs arcs() {
        return Arcs.clockwise(ring, index -> true);
    }

    /**
     * The tries, then the ring's successors of the primary: this client never looks there, but the copies exist.
     */
    @Override
    int fill(byte[] key, int offset, int length, int[] filled, int from, boolean apart) {
        long first = KetamaHash.ofKey(key, offset, length);
        long hash = first;
        int count = from;
        for (int t = 0; t < TRY_COUNT && count < filled.length; t++) {
            int node = ring.node(ring.successor(hash));
            if (!isTaken(node, filled, count, apart)) {
                filled[count++] = node;
            }
            if (count < filled.length) {
                hash = hash + KetamaHash.ofNumberedKey(t, key, offset, length) & KetamaHash.MASK;
            }
        }
        return fillClockwise(ring.successor(first), filled, count, apart);
    }

    private int fillClockwise(int start, int[] filled, int from, boolean apart) {
        int count = from;
        for (int i = 0; i < ring.size() && count < filled.length && count < nodeCount(); i++) {
            int node = ring.node((start + i) % ring.size());
            if (!isTaken(node, filled, count, apart)) {
                filled[count++] = node;
            }
        }
        return fillRest(filled, count, apart);
    }
}
