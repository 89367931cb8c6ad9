package io.karst.eviction;

/**
 * Least recently used, by windows: of eight, the one with the lowest sum of 1 / (idle ticks + 1). Ticks are an eighth of a
 * second, so what was read within the same one is equally recent. It favours what was read last, and like every sum over
 * equal lengths it favours small items a little.
 *
 * <p>Cost per hit: a store when the tick changed; per insert: a division for each item in eight windows. Source: sampled LRU
 * as in Redis, with windows for the samples (evidence/eviction.md section 4).
 */
final class LruPolicy extends EvictionPolicy {
    private static final int SCALE = 20;

    LruPolicy() {
        super(1, 1, AccessMetadata.FREQUENCY_MAX, 8);
    }

    @Override
    public int worth(int metadata, int now) {
        return (1 << SCALE) / (AccessMetadata.idleTicks(metadata, now) + 1);
    }
}
