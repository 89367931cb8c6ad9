package io.karst.ring;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where pymemcache's {@code HashClient} looks for a key given as {@code str}, in ASCII: on the node with the highest
 * score, which is MurmurHash3 of {@code name-key}; when that is dead, on the one with the next highest.
 *
 * <p>Keys given as {@code bytes} are hashed as Python prints them, {@code b'key'}, and those with other characters by
 * their characters: both are placed elsewhere. The client has no weights.
 */
final class Rendezvous extends NodeWalk {
    private static final int[] NOBODY = {};

    private final byte[][] prefixes;

    Rendezvous(List<RingNode> nodes) {
        super(nodes);
        prefixes = new byte[nodes.size()][];
        for (int node = 0; node < prefixes.length; node++) {
            if (weight(node) != 1) {
                throw new IllegalArgumentException(nodes.get(node).name() + ": weight " + weight(node)
                        + " has no meaning here, since pymemcache knows no weights. Leave it out.");
            }
            prefixes[node] = (nodes.get(node).name() + "-").getBytes(StandardCharsets.UTF_8);
        }
    }

    @Override
    public int primary(byte[] key, int offset, int length) {
        return best(key, offset, length, NOBODY, 0, false);
    }

    @Override
    public double[] shares() {
        return KeySample.shares(this);
    }

    @Override
    int fill(byte[] key, int offset, int length, int[] filled, int from, boolean apart) {
        int count = from;
        while (count < filled.length) {
            int node = best(key, offset, length, filled, count, apart);
            if (node < 0) {
                return count;
            }
            filled[count++] = node;
        }
        return count;
    }

    /** The node of the highest score among those not taken; -1 when there is none. */
    private int best(byte[] key, int offset, int length, int[] filled, int count, boolean apart) {
        int best = -1;
        long highest = -1;
        for (int node = 0; node < prefixes.length; node++) {
            if (!isTaken(node, filled, count, apart)) {
                long score = Murmur3.hash(prefixes[node], key, offset, length);
                if (score > highest || (score == highest && isGreater(node, best))) {
                    best = node;
                    highest = score;
                }
            }
        }
        return best;
    }

    private boolean isGreater(int node, int other) {
        return nodes().get(node).name().compareTo(nodes().get(other).name()) > 0;
    }
}
