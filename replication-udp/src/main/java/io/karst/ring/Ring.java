package io.karst.ring;

import java.util.Arrays;

/**
 * Points on a circle of 2^32 hashes, each of a node, in order. Immutable.
 * <pre>
 *  a point   bit 31..62 hash   bit 19..30 node, 0..4095   bit 0..18 ordinal: how many of the node's digests came before
 * </pre>
 * One sorted array, so that a lookup is a binary search over contiguous memory: 5 nodes of 160 points are 6,400 bytes.
 */
final class Ring {
    static final int NODE_MAX = 1 << 12;
    static final int ORDINAL_MAX = 1 << 19;

    /** 32 MiB of points: a weight that makes more of them was not meant. */
    static final int POINT_MAX = 1 << 22;

    private static final int NODE_SHIFT = 19;
    private static final int HASH_SHIFT = 31;

    private final long[] points;

    private Ring(long[] points) {
        this.points = points;
    }

    /** The ring of these points, in any order; where hashes are equal, the earlier node comes first. */
    static Ring of(long[] points) {
        long[] sorted = points.clone();
        Arrays.sort(sorted);
        return new Ring(sorted);
    }

    /** A point of a node. */
    static long point(long hash, int node, int ordinal) {
        return hash << HASH_SHIFT | (long) node << NODE_SHIFT | ordinal;
    }

    /** This ring with one point per hash, the last node's, as when each replaced the one before in a map. */
    Ring withoutReplaced() {
        long[] kept = new long[points.length];
        int count = 0;
        for (int i = 0; i < points.length; i++) {
            if (i + 1 == points.length || hash(i) != hash(i + 1)) {
                kept[count++] = points[i];
            }
        }
        return new Ring(Arrays.copyOf(kept, count));
    }

    /** How many points there are. */
    int size() {
        return points.length;
    }

    /** The hash of the point at {@code index}, 0 to 2^32 - 1. */
    long hash(int index) {
        return points[index] >>> HASH_SHIFT;
    }

    /** The node of the point at {@code index}. */
    int node(int index) {
        return (int) (points[index] >>> NODE_SHIFT) & NODE_MAX - 1;
    }

    /** How many digests of its node came before that of the point at {@code index}. */
    int ordinal(int index) {
        return (int) points[index] & ORDINAL_MAX - 1;
    }

    /** The index of the first point at or after {@code hash}; after the last comes the first. */
    int successor(long hash) {
        int index = countBelow(hash);
        return index == points.length ? 0 : index;
    }

    /** The index of the last point at or before {@code hash}; before the first comes the last. */
    int predecessor(long hash) {
        int index = countBelow(hash + 1);
        return index == 0 ? points.length - 1 : index - 1;
    }

    private int countBelow(long hash) {
        int low = 0;
        int high = points.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (hash(middle) < hash) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
