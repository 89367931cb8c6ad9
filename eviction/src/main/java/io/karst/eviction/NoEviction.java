package io.karst.eviction;

/**
 * Nothing live is ever removed: memcached's {@code -M}. A full store answers {@code SERVER_ERROR out of memory storing
 * object}. Accesses are still recorded, so that a later switch to another policy finds them.
 */
final class NoEviction extends EvictionPolicy {
    NoEviction() {
        super(1, 1, AccessMetadata.FREQUENCY_MAX, 0);
    }

    @Override
    public boolean evicts() {
        return false;
    }
}
