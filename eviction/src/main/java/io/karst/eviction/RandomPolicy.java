package io.karst.eviction;

/**
 * Whatever lies at a random place goes. It favours nothing, keeps no order, and is there to compare with: a policy that
 * is not better than this one does not pay. Cost per hit: a store when frequency or tick changed, which a later switch
 * wants; per insert: one window.
 */
final class RandomPolicy extends EvictionPolicy {
    RandomPolicy() {
        super(1, 1, AccessMetadata.FREQUENCY_MAX, 1);
    }

    @Override
    public boolean startsAnywhere() {
        return true;
    }
}
