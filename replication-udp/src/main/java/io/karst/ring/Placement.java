package io.karst.ring;

import java.util.List;

/**
 * Where one client family places keys, and where it looks next when nodes are down.
 *
 * <p>Nodes are known by index, 0 to {@link #nodeCount} - 1, in the order in which they were given, which must be the
 * clients'. A key is {@code length} bytes at {@code offset}. Immutable; any thread may call. Lookups of a key allocate
 * nothing, besides what a thread needs once for its first.
 *
 * <p>{@link PlacementKind} makes them.
 */
public interface Placement {
    /** The nodes, at least one, by index. */
    List<RingNode> nodes();

    /** How many nodes there are, at least 1. */
    default int nodeCount() {
        return nodes().size();
    }

    /** The node that owns a key while all nodes are up. */
    int primary(byte[] key, int offset, int length);

    /**
     * Writes into {@code nodes} the different nodes on which the client looks for a key, in order: the primary, then
     * where it looks when the primary is down, then where when both are, and so on.
     *
     * <p>Where the client gives up before it has met so many nodes, nodes that it never asks follow.
     *
     * @param nodes is filled from index 0 on; its length is how many nodes are wanted
     * @return how many were written: {@code nodes.length}, or {@link #nodeCount} when that is less
     */
    int preference(byte[] key, int offset, int length, int[] nodes);

    /**
     * As {@link #preference}, with nodes of different hosts: after the primary, where the client looks when the whole
     * host of the primary is down, and so on.
     *
     * <p>When there are fewer hosts than nodes wanted, the list goes on with nodes of hosts that it already has, in the
     * order of {@link #preference}. The price: when a process dies and another one of its host lives on, the client may
     * ask that one first, which has no copy.
     */
    int preferenceOnHosts(byte[] key, int offset, int length, int[] nodes);

    /**
     * The part of all keys that each node owns, by index, 0 to 1 each and 1 together: exact by the lengths of the arcs
     * where there is a ring, otherwise counted over a fixed sample of 100,000 keys.
     */
    double[] shares();
}
