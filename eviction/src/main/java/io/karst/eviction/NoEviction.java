package io.karst.eviction;

/**
 * Nothing live is ever removed: memcached's {@code -M}. A full store answers {@code SERVER_ERROR out of memory storing
 * object}. Accesses are still recorded, so that a later switch to another policy finds them.
 */
public final class NoEviction implements EvictionPolicy {
    @Override
    public int onInsert(int tick) {
        return AccessMetadata.of(0, false, tick);
    }

    @Override
    public int onHit(int metadata, int tick) {
        return AccessMetadata.of(Math.min(AccessMetadata.frequency(metadata) + 1, ClockPolicy.COUNTER_MAX), true, tick);
    }

    @Override
    public int onPass(int metadata) {
        return metadata;
    }

    @Override
    public boolean evicts() {
        return false;
    }
}
