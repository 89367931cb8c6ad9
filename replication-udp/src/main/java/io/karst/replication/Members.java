package io.karst.replication;

import io.karst.ring.Placement;
import io.karst.ring.RingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The nodes of a cluster by their numbers, which are in versions and frames and stay what they are, and the placement of
 * those among them that clients use. A node that was taken out keeps its number, so that the others keep theirs. Immutable;
 * any thread.
 */
public final class Members {
    private final List<String> names;
    private final int[] numbers;
    private final Placement placement;

    /**
     * Members with these ring names.
     *
     * @param names by number, of nodes that were taken out, too
     * @param placement of the rest, by ring name
     */
    public Members(List<String> names, Placement placement) {
        this.names = List.copyOf(names);
        this.placement = placement;
        numbers = placement.nodes().stream()
                .mapToInt(node -> names.indexOf(node.name()))
                .toArray();
    }

    /** All nodes of a placement, numbered as there. */
    public static Members of(Placement placement) {
        List<String> names = new ArrayList<>();
        for (RingNode node : placement.nodes()) {
            names.add(node.name());
        }
        return new Members(names, placement);
    }

    /** How many numbers are given away. */
    public int count() {
        return names.size();
    }

    /** The ring name of a number. */
    public String name(int number) {
        return names.get(number);
    }

    /** Where clients put keys, by indexes of its own. */
    public Placement placement() {
        return placement;
    }

    /** Whether clients use a node. */
    public boolean isUsed(int number) {
        return Arrays.stream(numbers).anyMatch(each -> each == number);
    }

    /** The number of the node that owns a key while all are up. */
    public int primary(byte[] key, int length) {
        return numbers[placement.primary(key, 0, length)];
    }

    /** Fills in the numbers of a key's nodes, in the order in which clients ask them; how many. */
    int locate(byte[] key, int length, int[] nodes) {
        int count = placement.preferenceOnHosts(key, 0, length, nodes);
        for (int i = 0; i < count; i++) {
            nodes[i] = numbers[nodes[i]];
        }
        return count;
    }
}
