package io.karst.ring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What moves when one placement takes the place of another. Nodes of equal name are the same node.
 *
 * @param moves who loses keys to whom, largest first
 * @param isExact whether shares were measured on the arcs of two rings, or counted over 100,000 keys, always the same
 */
public record RingDiff(List<Move> moves, boolean isExact) {
    /**
     * Keys that go from one node to another.
     *
     * @param from the name of the node that has them
     * @param to the name of the node that gets them
     * @param share their part of all keys, more than 0, at most 1
     */
    public record Move(String from, String to, double share) {}

    /** The part of all keys that moves, 0 to 1. */
    public double moved() {
        return moves.stream().mapToDouble(Move::share).sum();
    }

    /** The difference: exact when both hash keys alike onto a ring, otherwise by sample. */
    public static RingDiff of(Placement before, Placement after) {
        if (before instanceof RingPlacement first
                && after instanceof RingPlacement second
                && first.keyHash() == second.keyHash()) {
            return ofArcs(first, second);
        }
        Tally tally = new Tally(before, after);
        KeySample.forEach(key -> tally.add(before.primary(key, 0, key.length), after.primary(key, 0, key.length), 1));
        return new RingDiff(tally.moves(KeySample.KEY_COUNT), false);
    }

    private static RingDiff ofArcs(RingPlacement before, RingPlacement after) {
        Tally tally = new Tally(before, after);
        Arcs left = before.arcs();
        Arcs right = after.arcs();
        int i = 0;
        int j = 0;
        long start = 0;
        while (start < Arcs.HASH_COUNT) {
            long end = Math.min(left.end(i), right.end(j));
            tally.add(left.owner(i), right.owner(j), end - start);
            i += left.end(i) == end ? 1 : 0;
            j += right.end(j) == end ? 1 : 0;
            start = end;
        }
        return new RingDiff(tally.moves(Arcs.HASH_COUNT), true);
    }

    /** Sums up what goes from node to node. */
    private static final class Tally {
        private final Placement before;
        private final Placement after;
        private final Map<Long, Long> amounts = new TreeMap<>();

        Tally(Placement before, Placement after) {
            this.before = before;
            this.after = after;
        }

        void add(int from, int to, long amount) {
            if (amount > 0 && !from(from).equals(to(to))) {
                amounts.merge((long) from << 32 | to, amount, Long::sum);
            }
        }

        List<Move> moves(long whole) {
            List<Move> moves = new ArrayList<>();
            amounts.forEach((pair, amount) ->
                    moves.add(new Move(from((int) (pair >>> 32)), to(pair.intValue()), (double) amount / whole)));
            moves.sort(Comparator.comparingDouble(Move::share).reversed());
            return List.copyOf(moves);
        }

        private String from(int node) {
            return before.nodes().get(node).name();
        }

        private String to(int node) {
            return after.nodes().get(node).name();
        }
    }
}
