package io.karst.eviction;

/**
 * Least frequently used, by windows: of eight, the one with the lowest sum of frequencies. The frequency counts hits up to
 * 15 and loses one each time the hand has looked at the item and left it, so that what was popular long ago does not
 * stay for ever. It favours what was read often, over many turns of the hand, and small items.
 *
 * <p>Cost per hit: a store when frequency or tick changed; per insert: the frequencies of the items in eight windows, and a
 * store for each. Source: LFU with dynamic ageing (M. Arlitt and others, "Evaluating Content Management Techniques for
 * Web Proxy Caches", 2000), where the passing hand takes the place of the ageing term.
 */
final class LfuPolicy extends EvictionPolicy {
    LfuPolicy() {
        super(1, 1, AccessMetadata.FREQUENCY_MAX, 8);
    }

    @Override
    public int worth(int metadata, int now) {
        return AccessMetadata.frequency(metadata);
    }

    @Override
    public int onPass(int metadata) {
        int frequency = AccessMetadata.frequency(metadata);
        return frequency == 0 ? metadata : AccessMetadata.withFrequency(metadata, frequency - 1);
    }
}
