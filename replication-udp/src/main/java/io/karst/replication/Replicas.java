package io.karst.replication;

import io.karst.ring.Placement;

/** On which nodes a key is. One thread: the last answer is kept in place. */
final class Replicas {
    private final Placement placement;
    private final int[] nodes;
    private int count;

    Replicas(Placement placement, int replicaCount) {
        this.placement = placement;
        this.nodes = new int[replicaCount];
    }

    int nodeCount() {
        return placement.nodeCount();
    }

    /** Looks the nodes of a key up, for {@link #count}, {@link #node} and {@link #has}. */
    Replicas locate(byte[] key, int length) {
        count = placement.preferenceOnHosts(key, 0, length, nodes);
        return this;
    }

    int count() {
        return count;
    }

    /** The nodes in the order in which clients ask them; 0 is the primary. */
    int node(int i) {
        return nodes[i];
    }

    boolean has(int node) {
        for (int i = 0; i < count; i++) {
            if (nodes[i] == node) {
                return true;
            }
        }
        return false;
    }
}
