package io.karst.eviction;

/**
 * The three access bytes of an item as an int: what every eviction policy sees of it, and all that it sees.
 *
 * <pre>
 *  bit 0..3   frequency, 0..15, saturating; what a step means is the policy's affair
 *  bit 4      fetched: the item was read at least once since it was stored
 *  bit 5..23  tick of the last access, modulo 2^19; one tick is {@value #TICK_MICROS} microseconds
 * </pre>
 *
 * A tick of about 1/8 s is finer than one turnover of a 64 MiB cache that is overwritten at full rate (about 1/4 s),
 * and the range, 2^19 ticks, is 19 hours: an older access reads as something younger until a sweep clamps it. Every bit
 * pattern is valid and a lost update is allowed, because readers write these bytes under a shared lock. Source:
 * DESIGN section 4, "Item header".
 */
public final class AccessMetadata {
    /** Microseconds per tick, a power of two so that a tick is a shift away from the clock. */
    public static final int TICK_MICROS = 1 << 17;

    /** Highest frequency that the layout can hold. */
    public static final int FREQUENCY_MAX = 15;

    private static final int FETCHED = 1 << 4;
    private static final int TICK_SHIFT = 5;
    private static final int TICK_MASK = (1 << 19) - 1;
    private static final int ALL = (1 << 24) - 1;

    /** Longest idle time that a sweep leaves alone, ticks: 14 hours. */
    private static final int IDLE_MAX = TICK_MASK / 4 * 3;

    private AccessMetadata() {}

    /** Tick of a moment given in microseconds of any epoch; 0..2^19-1. */
    public static int tickOf(long micros) {
        return (int) (micros >>> 17) & TICK_MASK;
    }

    /** Packs the three fields; each argument must be within its range. */
    public static int of(int frequency, boolean fetched, int tick) {
        assert frequency >= 0 && frequency <= FREQUENCY_MAX;
        return frequency | (fetched ? FETCHED : 0) | (tick & TICK_MASK) << TICK_SHIFT;
    }

    /** Frequency, 0..15. */
    public static int frequency(int metadata) {
        return metadata & FREQUENCY_MAX;
    }

    /** Whether the item was read since it was stored. */
    public static boolean isFetched(int metadata) {
        return (metadata & FETCHED) != 0;
    }

    /** Tick of the last access, 0..2^19-1. */
    public static int tick(int metadata) {
        return (metadata & ALL) >>> TICK_SHIFT;
    }

    /** Ticks between the last access and {@code now}, modulo the range: 0..2^19-1. */
    public static int idleTicks(int metadata, int now) {
        return (now - tick(metadata)) & TICK_MASK;
    }

    /**
     * The same metadata, except that an access longer ago than three quarters of the range counts as that long ago: so the
     * distance cannot run over the range as long as somebody asks every few hours.
     */
    public static int clamped(int metadata, int now) {
        return idleTicks(metadata, now) <= IDLE_MAX
                ? metadata
                : (metadata & ~(TICK_MASK << TICK_SHIFT) & ALL) | ((now - IDLE_MAX) & TICK_MASK) << TICK_SHIFT;
    }

    /** The same metadata with the fetched bit of another. */
    public static int withFetchedOf(int metadata, int other) {
        return (metadata & ~FETCHED & ALL) | (other & FETCHED);
    }

    /** The same metadata with another frequency, 0..15. */
    public static int withFrequency(int metadata, int frequency) {
        return (metadata & ~FREQUENCY_MAX & ALL) | frequency;
    }
}
