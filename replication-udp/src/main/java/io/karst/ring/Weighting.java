package io.karst.ring;

/** How many digests, of four points each, a weight gives a node on a ketama ring. */
enum Weighting {
    /**
     * 40 times the number of nodes, divided among them by weight, in the 32-bit floats of libmemcached, which
     * spymemcached copied. What is lost in rounding is part of it: of 25 nodes of equal weight each has 39.
     */
    SHARE {
        @Override
        int digestCount(int weight, long totalWeight, int nodeCount) {
            float share = (float) weight / (float) totalWeight;
            float points = share * POINTS_PER_NODE / KetamaHash.WORDS_PER_DIGEST * (float) nodeCount;
            return (int) Math.floor(points + 0.0000000001f);
        }
    },

    /** 40 for each unit of weight, as xmemcached does: what one node has does not depend on the others. */
    MULTIPLE {
        @Override
        int digestCount(int weight, long totalWeight, int nodeCount) {
            return (int) Math.min((long) KetamaHash.DIGESTS_PER_NODE * weight, Ring.ORDINAL_MAX + 1L);
        }
    };

    private static final int POINTS_PER_NODE = KetamaHash.DIGESTS_PER_NODE * KetamaHash.WORDS_PER_DIGEST;

    /** The digests of a node of {@code weight} among {@code nodeCount} nodes, itself included, of this total weight. */
    abstract int digestCount(int weight, long totalWeight, int nodeCount);
}
