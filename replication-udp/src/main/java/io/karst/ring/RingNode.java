package io.karst.ring;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node of a ring, as the operator writes it down.
 *
 * @param name the ring name, exactly as clients hash it (see {@link RingFormat}), without spaces
 * @param weight its capacity beside the others', 1 to 1,000,000; 1 where all are equal
 * @param host the machine it runs on, in any words: nodes of equal host fail together
 */
public record RingNode(String name, int weight, String host) {
    private static final int WEIGHT_MAX = 1_000_000;

    /** Refuses what no client could have as a node, with {@link IllegalArgumentException}. */
    public RingNode {
        if (name.isEmpty() || host.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "node \"" + name + "\" on host \"" + host + "\": write a name without spaces, and a host.");
        }
        if (weight < 1 || weight > WEIGHT_MAX) {
            throw new IllegalArgumentException(
                    name + ": weight " + weight + " is not possible. Use 1 to " + WEIGHT_MAX + ".");
        }
    }

    /** The node of this name, with the address in the name for a host: {@code a/10.0.0.1:11211} is on 10.0.0.1. */
    public static RingNode of(String name, int weight) {
        return new RingNode(name, weight, hostIn(name));
    }

    /**
     * The nodes, checked and copied.
     *
     * @throws IllegalArgumentException when there is no node, or one name twice
     */
    static List<RingNode> checked(List<RingNode> nodes) {
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a ring needs at least one node.");
        }
        Map<String, RingNode> byName = new HashMap<>();
        for (RingNode node : nodes) {
            if (byName.put(node.name, node) != null) {
                throw new IllegalArgumentException("node " + node.name + " is there twice. Name each node once.");
            }
        }
        return List.copyOf(nodes);
    }

    // An IPv6 address outside brackets has colons of its own; it is left whole.
    private static String hostIn(String name) {
        String address = name.substring(name.lastIndexOf('/') + 1);
        int colon = address.lastIndexOf(':');
        boolean isPort = colon > 0 && (address.indexOf(':') == colon || address.charAt(colon - 1) == ']');
        return isPort ? address.substring(0, colon) : address.isEmpty() ? name : address;
    }
}
