package io.karst.bench.load;

/**
 * The 64-bit finaliser of MurmurHash3 and a generator that steps it: seeded, fast, good enough for keys and arrivals.
 * Not thread-safe. Sources: Appleby, MurmurHash3 (public domain); Steele, Lea and Flood, OOPSLA 2014 (SplitMix).
 */
public final class Mix64 {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final double TO_UNIT = 0x1.0p-53;

    private long state;

    /** A sequence; equal seeds give equal sequences. */
    public Mix64(long seed) {
        state = mix(seed ^ GOLDEN);
    }

    /** Spreads every bit of {@code x} over the whole word; a bijection. */
    public static long mix(long x) {
        long z = (x ^ x >>> 33) * 0xFF51AFD7ED558CCDL;
        z = (z ^ z >>> 33) * 0xC4CEB9FE1A85EC53L;
        return z ^ z >>> 33;
    }

    /** A number in [0, 1) made of the high 53 bits of {@code x}. */
    public static double unit(long x) {
        return (x >>> 11) * TO_UNIT;
    }

    /** The next 64 bits. */
    public long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** The next number in [0, bound), bias below bound / 2^32. */
    public int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** The next number in [0, 1). */
    public double unit() {
        return unit(next());
    }
}
