package io.karst.ring;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The circle of 2^32 hashes, cut into arcs of which each has an owner. Immutable.
 *
 * <p>Arc {@code i} goes from {@code start(i)} up to, and without, {@code start(i + 1)}; the first starts at 0 and the last
 * ends at 2^32.
 */
final class Arcs {
    static final long HASH_COUNT = 1L << 32;

    private final long[] starts;
    private final int[] owners;

    private Arcs(long[] starts, int[] owners) {
        this.starts = starts;
        this.owners = owners;
    }

    /** Arcs that end with a point, which owns them; points for which {@code counts} is false are not there. */
    static Arcs clockwise(Ring ring, IntPredicate counts) {
        long[] starts = new long[ring.size() + 1];
        int[] owners = new int[ring.size() + 1];
        long start = 0;
        int count = 0;
        int first = -1;
        for (int i = 0; i < ring.size(); i++) {
            if (counts.test(i)) {
                first = first < 0 ? i : first;
                // Of two points at one hash the first owns the arc, and the second an empty one.
                starts[count] = start;
                owners[count++] = ring.node(i);
                start = ring.hash(i) + 1;
            }
        }
        starts[count] = start;
        owners[count++] = ring.node(first);
        return new Arcs(Arrays.copyOf(starts, count), Arrays.copyOf(owners, count));
    }

    /** Arcs that begin with a point, which owns them. */
    static Arcs counterclockwise(Ring ring) {
        long[] starts = new long[ring.size() + 1];
        int[] owners = new int[ring.size() + 1];
        owners[0] = ring.node(ring.size() - 1);
        for (int i = 0; i < ring.size(); i++) {
            starts[i + 1] = ring.hash(i);
            owners[i + 1] = ring.node(i);
        }
        return new Arcs(starts, owners);
    }

    int count() {
        return starts.length;
    }

    long start(int arc) {
        return starts[arc];
    }

    /** The first hash behind an arc. */
    long end(int arc) {
        return arc + 1 == starts.length ? HASH_COUNT : starts[arc + 1];
    }

    int owner(int arc) {
        return owners[arc];
    }

    /** The part of the circle that each of the nodes owns. */
    double[] shares(int nodeCount) {
        long[] lengths = new long[nodeCount];
        for (int arc = 0; arc < count(); arc++) {
            lengths[owners[arc]] += end(arc) - start(arc);
        }
        return Arrays.stream(lengths)
                .mapToDouble(length -> (double) length / HASH_COUNT)
                .toArray();
    }
}
