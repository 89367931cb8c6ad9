package io.karst.appliance.ring;

import io.karst.ring.Placement;
import io.karst.ring.RingNode;

/** How the shares of a placement compare with what weights ask for. */
final class Balance {
    private final double[] shares;
    private final double[] ideals;

    Balance(Placement placement) {
        shares = placement.shares();
        long total = placement.nodes().stream().mapToLong(RingNode::weight).sum();
        ideals = placement.nodes().stream()
                .mapToDouble(node -> (double) node.weight() / total)
                .toArray();
    }

    /** The part of all keys that a node owns. */
    Table.Share share(int node) {
        return new Table.Share(shares[node]);
    }

    /** The part that its weight asks for. */
    Table.Share ideal(int node) {
        return new Table.Share(ideals[node]);
    }

    /** The first divided by the second: 1.1 is a node with a tenth too much. */
    double ratio(int node) {
        return shares[node] / ideals[node];
    }

    /** The ratio of the node that has too much by most, 1 at best. */
    double worst() {
        double worst = 0;
        for (int node = 0; node < shares.length; node++) {
            worst = Math.max(worst, ratio(node));
        }
        return worst;
    }
}
