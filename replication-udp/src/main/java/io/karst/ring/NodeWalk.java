package io.karst.ring;

import java.util.List;

/** What placements have in common: the nodes, their hosts, and a list of nodes that is filled in the client's order. */
abstract class NodeWalk implements Placement {
    private final List<RingNode> nodes;

    /** Of each node, the index of the first node on the same host. */
    private final int[] hosts;

    NodeWalk(List<RingNode> nodes) {
        this.nodes = RingNode.checked(nodes);
        hosts = new int[nodes.size()];
        List<String> names = this.nodes.stream().map(RingNode::host).toList();
        for (int node = 0; node < hosts.length; node++) {
            hosts[node] = names.indexOf(names.get(node));
        }
    }

    /**
     * Adds to {@code filled}, from {@code count} on, the nodes that the client asks when those before are down, without
     * the ones that {@link #isTaken}; ends when the array is full or no such node is left.
     *
     * @param apart whether nodes of a host that is there already are taken, too
     * @return the count afterwards
     */
    abstract int fill(byte[] key, int offset, int length, int[] filled, int count, boolean apart);

    @Override
    public final List<RingNode> nodes() {
        return nodes;
    }

    @Override
    public final int preference(byte[] key, int offset, int length, int[] filled) {
        return fill(key, offset, length, filled, 0, false);
    }

    @Override
    public final int preferenceOnHosts(byte[] key, int offset, int length, int[] filled) {
        int count = fill(key, offset, length, filled, 0, true);
        return count == filled.length ? count : fill(key, offset, length, filled, count, false);
    }

    /** Adds the nodes that are not taken, in the order in which they were given: what is left when no rule asks for more. */
    final int fillRest(int[] filled, int from, boolean apart) {
        int count = from;
        for (int node = 0; node < hosts.length && count < filled.length; node++) {
            if (!isTaken(node, filled, count, apart)) {
                filled[count++] = node;
            }
        }
        return count;
    }

    /** Whether a node, or with {@code apart} one of its host, is among the first {@code count}. */
    final boolean isTaken(int node, int[] filled, int count, boolean apart) {
        for (int i = 0; i < count; i++) {
            if (filled[i] == node || (apart && hosts[filled[i]] == hosts[node])) {
                return true;
            }
        }
        return false;
    }

    /** The weight of a node. */
    final int weight(int node) {
        return nodes.get(node).weight();
    }

    /** The weights of all nodes together. */
    final long totalWeight() {
        return nodes.stream().mapToLong(RingNode::weight).sum();
    }
}
