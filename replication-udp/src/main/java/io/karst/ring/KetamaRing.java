package io.karst.ring;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A consistent-hash ring of 160 points per node, equal to that of spymemcached's {@code KetamaNodeLocator} with
 * {@code KETAMA_HASH} and nodes of equal weight.
 *
 * <p>Nodes are known by index, 0 to {@link #nodeCount} - 1, in the order of the names given. A ring is immutable and may
 * be shared between threads.
 */
public final class KetamaRing {
    /*
     * Each node puts down 160 points: the MD5 of "name-i" for i = 0..39, cut into four little-endian 32-bit numbers. A
     * key belongs to the node of the first point that is not below the key's hash; after the last point comes the first.
     *
     * The points stand in one sorted array of longs, hash in the upper and node in the lower half, so that a lookup is a
     * binary search over contiguous memory: 5 nodes are 6,400 bytes. Where two nodes share a point (one ring of 40 nodes in
     * about 200) the later node in the list has it, as in the client's TreeMap; so the order of the list matters
     * and must be the clients'.
     */

    /** Points each node puts on the ring. */
    public static final int POINTS_PER_NODE = 160;

    private static final int DIGESTS_PER_NODE = POINTS_PER_NODE / KetamaHash.WORDS_PER_DIGEST;

    private final List<String> names;
    private final long[] points;

    private KetamaRing(List<String> names, long[] points) {
        this.names = names;
        this.points = points;
    }

    /**
     * The ring of the nodes with these names, exactly as clients see them (see {@link RingFormat}).
     *
     * @throws IllegalArgumentException when there is no name, or one name twice
     */
    public static KetamaRing of(List<String> names) {
        List<String> copy = List.copyOf(names);
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("a ring needs at least one node");
        }
        if (new HashSet<>(copy).size() != copy.size()) {
            throw new IllegalArgumentException(
                    "ring names = " + copy + ": a name is there twice. Name each node once.");
        }
        return new KetamaRing(copy, points(copy));
    }

    /** How many nodes there are, at least 1. */
    public int nodeCount() {
        return names.size();
    }

    /** The ring name of a node. */
    public String name(int node) {
        return names.get(node);
    }

    /** The node that owns a key while all nodes are up. The key is {@code length} bytes at {@code offset}. */
    public int primary(byte[] key, int offset, int length) {
        return nodeAt(KetamaHash.ofKey(key, offset, length));
    }

    /** The node of the first point at or after {@code hash}, 0 to 2^32 - 1. */
    int nodeAt(long hash) {
        return (int) points[pointAt(hash)];
    }

    /**
     * Adds to {@code nodes}, from {@code count} on, nodes it does not hold yet: the ring walked clockwise from
     * {@code hash}. Ends when the array is full or the walk is back where it began.
     *
     * @return the count afterwards
     */
    int fillClockwise(long hash, int[] nodes, int count) {
        int filled = count;
        int start = pointAt(hash);
        for (int i = 0; i < points.length && filled < nodes.length; i++) {
            int node = (int) points[(start + i) % points.length];
            if (!contains(nodes, filled, node)) {
                nodes[filled++] = node;
            }
        }
        return filled;
    }

    static boolean contains(int[] nodes, int count, int node) {
        for (int i = 0; i < count; i++) {
            if (nodes[i] == node) {
                return true;
            }
        }
        return false;
    }

    private int pointAt(long hash) {
        int low = 0;
        int high = points.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if ((points[middle] >>> 32) < hash) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == points.length ? 0 : low;
    }

    private static long[] points(List<String> names) {
        Map<Long, Integer> owners = new TreeMap<>();
        for (int node = 0; node < names.size(); node++) {
            for (int i = 0; i < DIGESTS_PER_NODE; i++) {
                byte[] digest = KetamaHash.ofName(names.get(node) + "-" + i);
                for (int word = 0; word < KetamaHash.WORDS_PER_DIGEST; word++) {
                    owners.put(KetamaHash.word(digest, word), node);
                }
            }
        }
        long[] points = new long[owners.size()];
        int count = 0;
        for (Map.Entry<Long, Integer> owner : owners.entrySet()) {
            points[count++] = owner.getKey() << 32 | owner.getValue();
        }
        return points;
    }
}
