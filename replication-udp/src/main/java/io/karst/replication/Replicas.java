package io.karst.replication;

/** On which nodes a key is. One thread: the last answer is kept in place. */
final class Replicas {
    private final Members members;
    private final int[] nodes;
    private int count;

    Replicas(Members members, int replicaCount) {
        this.members = members;
        this.nodes = new int[replicaCount];
    }

    /** How many numbers of nodes there are. */
    int nodeCount() {
        return members.count();
    }

    /** Looks the nodes of a key up, for {@link #count}, {@link #node} and {@link #has}. */
    Replicas locate(byte[] key, int length) {
        count = members.locate(key, length, nodes);
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
