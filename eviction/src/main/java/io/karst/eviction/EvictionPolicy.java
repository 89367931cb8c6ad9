package io.karst.eviction;

/**
 * A rule that decides which item makes room. It never sees a key or a value, only {@link AccessMetadata} and the tick of
 * the clock; the store keeps the bytes and offers the candidates in address order.
 *
 * <p>There are two ways to choose, and {@link #windowCount} tells which one a policy wants. With windows, the store looks at
 * that many runs of neighbouring chunks, each as long as the room it needs, adds up the {@link #worth} of the items that
 * a run would cost, and empties the cheapest. Without, its hand asks {@link #onPass} item by item. Expired and flushed
 * items are worth nothing to any policy and are taken without asking.
 *
 * <p>Policies are stateless, thread-safe and allocate nothing. All of them keep the same metadata, so that one can take over
 * from another while the store is in use; it then judges by what the former has recorded. What happens on a hit is data,
 * not code: no virtual call on the way of a get, and so nothing that a switch could make slower. Source: DESIGN section 5.
 */
public abstract class EvictionPolicy {
    /** Answer of {@link #onPass} for an item that must go; every other answer is metadata and so is not negative. */
    public static final int EVICT = -1;

    private static final int NIBBLE = 4;

    private final int firstFrequency;
    private final int ghostFrequency;
    private final int windowCount;

    /** Four bits for each frequency: what a hit makes of it. */
    private final long frequencyAfterHit;

    /**
     * @param firstFrequency of an item that has just been stored
     * @param ghostFrequency of an item that has just been stored and was evicted not long ago
     * @param frequencyMax where hits stop to count, 1..15
     * @param windowCount see {@link #windowCount}
     */
    EvictionPolicy(int firstFrequency, int ghostFrequency, int frequencyMax, int windowCount) {
        this.firstFrequency = firstFrequency;
        this.ghostFrequency = ghostFrequency;
        this.windowCount = windowCount;
        long table = 0;
        for (int frequency = 0; frequency <= AccessMetadata.FREQUENCY_MAX; frequency++) {
            table |= (long) Math.min(frequency + 1, frequencyMax) << (frequency * NIBBLE);
        }
        this.frequencyAfterHit = table;
    }

    /**
     * Metadata of an item that has just been stored at {@code tick}.
     *
     * @param ghost whether the key was evicted not long ago: somebody wants it
     */
    public final int onInsert(boolean ghost, int tick) {
        return AccessMetadata.of(ghost ? ghostFrequency : firstFrequency, false, tick);
    }

    /** Metadata after a read at {@code tick}; equal to {@code metadata} when nothing needs to be stored. */
    public final int onHit(int metadata, int tick) {
        int frequency = (int) (frequencyAfterHit >>> (AccessMetadata.frequency(metadata) * NIBBLE))
                & AccessMetadata.FREQUENCY_MAX;
        return AccessMetadata.of(frequency, true, tick);
    }

    /** Whether it makes a difference to have been evicted before: if not, nobody needs to remember it. */
    public final boolean wantsGhosts() {
        return ghostFrequency != firstFrequency;
    }

    /** How many runs of chunks to compare, 0 for none: then the hand asks {@link #onPass} item by item. */
    public final int windowCount() {
        return windowCount;
    }

    /**
     * What losing a live item would cost, in units of the policy's own, 0..2^20. Only asked where there are windows.
     *
     * @param now the present tick
     */
    public int worth(int metadata, int now) {
        return 0;
    }

    /**
     * The hand passes a live item: its new metadata if it stays, {@link #EVICT} if it goes. Where windows are compared,
     * the answer is what to make of an item whose window was looked at, and never {@link #EVICT}.
     */
    public int onPass(int metadata) {
        return metadata;
    }

    /** Whether the window to empty is looked for at a place of no meaning rather than at the hand. */
    public boolean startsAnywhere() {
        return false;
    }

    /** Whether live items may be removed at all; {@code false} makes a full store refuse new items (memcached's -M). */
    public boolean evicts() {
        return true;
    }
}
