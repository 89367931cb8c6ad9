package io.karst.replication;

import io.karst.ring.Placement;
import io.karst.ring.RingNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A placement that remembers its answers: simulations ask for few keys, often, and MD5 would be most of their time. */
record SimPlacement(Placement placement, Map<String, int[]> preferences) implements Placement {
    SimPlacement(Placement placement) {
        this(placement, new HashMap<>());
    }

    @Override
    public List<RingNode> nodes() {
        return placement.nodes();
    }

    @Override
    public int primary(byte[] key, int offset, int length) {
        return all(key, offset, length)[0];
    }

    @Override
    public int preference(byte[] key, int offset, int length, int[] nodes) {
        int count = Math.min(nodes.length, nodeCount());
        System.arraycopy(all(key, offset, length), 0, nodes, 0, count);
        return count;
    }

    @Override
    public int preferenceOnHosts(byte[] key, int offset, int length, int[] nodes) {
        return preference(key, offset, length, nodes);
    }

    @Override
    public double[] shares() {
        return placement.shares();
    }

    private int[] all(byte[] key, int offset, int length) {
        return preferences.computeIfAbsent(new String(key, offset, length, StandardCharsets.US_ASCII), name -> {
            int[] nodes = new int[nodeCount()];
            placement.preferenceOnHosts(key, offset, length, nodes);
            return nodes;
        });
    }
}
