package io.karst.eviction;

/**
 * A rule that decides which item makes room. It never sees a key or a value, only {@link AccessMetadata} and the tick of
 * the clock; the store keeps the bytes and offers the candidates in address order.
 *
 * <p>Implementations are stateless, thread-safe and allocate nothing. The store calls exactly one implementation at a
 * time, so that the calls stay monomorphic. Source: DESIGN section 5.
 */
public interface EvictionPolicy {
    /** Answer of {@link #onPass} for an item that must go; every other answer is metadata and so is not negative. */
    int EVICT = -1;

    /** Metadata of an item that has just been stored at {@code tick}. */
    int onInsert(int tick);

    /** Metadata after a read at {@code tick}; equal to {@code metadata} when nothing needs to be stored. */
    int onHit(int metadata, int tick);

    /**
     * The hand passes a live item: its new metadata if it stays, {@link #EVICT} if it goes. Expired and flushed items
     * are taken by the store without asking.
     */
    int onPass(int metadata);

    /** Whether live items may be removed at all; {@code false} makes a full store refuse new items (memcached's -M). */
    boolean evicts();
}
