package io.karst.ring;

import java.util.Arrays;

/**
 * Where spymemcached with {@code FailureMode.Redistribute} looks for a key, in order, and so where its replicas go.
 *
 * <p>Immutable; any thread may call.
 */
public final class SpyRedistribute {
    /*
     * When a key's node is down, the client does not take the next point of the ring. It hashes again: from h, the hash
     * of the key, try t goes to h, then h moves on by the MD5 word of t (in decimal) followed by the key, modulo 2^32.
     * The first try is the primary, there are seven in all, and the first node that is up serves. The ring's own
     * successor agrees with this for only 28 % of a dead node's keys (evidence/replication.md §4).
     *
     * Tries may meet the same node twice. With N nodes of which one is down, the client finds no other node with
     * probability N^-6, and goes back to the dead one; no placement can help that client.
     */

    /** How many nodes the client tries, the primary included. */
    public static final int TRY_COUNT = 7;

    private final KetamaRing ring;

    /** The sequence on this ring. */
    public SpyRedistribute(KetamaRing ring) {
        this.ring = ring;
    }

    /** The {@value #TRY_COUNT} nodes a client tries for a key, in order, repetitions included; the first is the primary. */
    public int[] tries(byte[] key, int offset, int length) {
        int[] nodes = new int[TRY_COUNT];
        long hash = KetamaHash.ofKey(key, offset, length);
        for (int t = 0; t < TRY_COUNT; t++) {
            nodes[t] = ring.nodeAt(hash);
            hash = hash + KetamaHash.ofNumberedKey(t, key, offset, length) & KetamaHash.MASK;
        }
        return nodes;
    }

    /**
     * The nodes that should hold a key: {@code count} different ones in the order in which clients try them, the primary
     * first, all of them when the ring has fewer.
     *
     * <p>Where the seven tries meet fewer nodes than that, the ring's successors of the primary follow. This client never
     * looks there, but the copies exist.
     */
    public int[] preference(byte[] key, int offset, int length, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("replica count = " + count + ": at least 1");
        }
        int[] nodes = new int[Math.min(count, ring.nodeCount())];
        int found = 0;
        for (int node : tries(key, offset, length)) {
            if (found < nodes.length && !KetamaRing.contains(nodes, found, node)) {
                nodes[found++] = node;
            }
        }
        found = ring.fillClockwise(KetamaHash.ofKey(key, offset, length), nodes, found);
        assert found == nodes.length : "a full turn of the ring meets every node: " + Arrays.toString(nodes);
        return nodes;
    }
}
