package io.karst.store;

/**
 * Hears of live items that had to go to make room. Called on the session's thread, under the segment's write lock: be quick,
 * and call nothing of the session.
 */
@FunctionalInterface
public interface EvictionListener {
    /**
     * An item goes.
     *
     * @param key address of its key, valid during the call
     * @param wasFetched whether anybody read it since it was stored
     * @param expiresAt Unix seconds, unsigned, 0 for never
     * @param idleSeconds since its last access
     */
    void evicted(
            SizeBand band,
            long key,
            int keyLength,
            boolean wasFetched,
            int expiresAt,
            int idleSeconds,
            int valueLength);
}
