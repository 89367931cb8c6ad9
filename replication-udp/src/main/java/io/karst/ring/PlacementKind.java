package io.karst.ring;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The rules by which client families place keys, under the words that options use. */
public enum PlacementKind {
    /** spymemcached with {@code KETAMA_HASH} and {@code FailureMode.Redistribute}: 160 points a node, seven tries. */
    SPY_REDISTRIBUTE("spy-redistribute") {
        @Override
        public Placement placement(List<RingNode> nodes) {
            return new SpyRedistribute(nodes);
        }
    },

    /** libmemcached, pylibmc, PHP, twemproxy: weighted ketama, dead nodes ejected and the ring built anew. */
    RING_REBUILD("ring-rebuild") {
        @Override
        public Placement placement(List<RingNode> nodes) {
            return new RebuiltRing(nodes, Weighting.SHARE);
        }
    },

    /** xmemcached's ketama: as {@link #RING_REBUILD}, with 160 points for each unit of weight. */
    RING_REBUILD_XMEMCACHED("ring-rebuild-xmemcached") {
        @Override
        public Placement placement(List<RingNode> nodes) {
            return new RebuiltRing(nodes, Weighting.MULTIPLE);
        }
    },

    /** pymemcache's {@code HashClient} with {@code str} keys: the highest MurmurHash3 of node and key. No weights. */
    RENDEZVOUS("rendezvous") {
        @Override
        public Placement placement(List<RingNode> nodes) {
            return new Rendezvous(nodes);
        }
    },

    /** dalli: SHA-1 points, CRC-32 keys, twenty tries. */
    DALLI("dalli") {
        @Override
        public Placement placement(List<RingNode> nodes) {
            return new DalliRing(nodes);
        }
    };

    private final String word;

    PlacementKind(String word) {
        this.word = word;
    }

    /** The kind of this word, for example {@code ring-rebuild}. */
    public static Optional<PlacementKind> named(String word) {
        return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /** The word in options and files. */
    public String word() {
        return word;
    }

    /**
     * The placement on these nodes, in the order of the clients' list.
     *
     * @throws IllegalArgumentException when there is no node, a name twice, or a weight that the clients cannot have; the
     *     message is for operators
     */
    public abstract Placement placement(List<RingNode> nodes);
}
