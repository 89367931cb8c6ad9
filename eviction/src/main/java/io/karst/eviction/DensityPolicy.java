package io.karst.eviction;

/**
 * Of eight windows the one that would lose the least hits: the sum of frequency / (idle ticks + 1) over the items in it.
 * The quotient estimates how soon an item is read again, and as all windows are equally long, the sum is hits per
 * byte: it favours small items, which means fewer misses, and more bytes missed. An item whose key was evicted not long ago
 * starts at frequency 4 instead of 1.
 *
 * <p>Cost per hit: a store when frequency or tick changed; per insert: a division for each item in eight windows. Source:
 * the rate estimate of hyperbolic caching (A. Blankstein, S. Sen, M. Freedman, "Hyperbolic Caching", USENIX ATC 2017) with
 * the time since the last access for the time since insertion, summed over contiguous room as evidence/eviction.md
 * section 4 measured it.
 */
final class DensityPolicy extends EvictionPolicy {
    private static final int SCALE = 16;

    DensityPolicy() {
        super(1, 4, AccessMetadata.FREQUENCY_MAX, 8);
    }

    @Override
    public int worth(int metadata, int now) {
        return (AccessMetadata.frequency(metadata) << SCALE) / (AccessMetadata.idleTicks(metadata, now) + 1);
    }
}
