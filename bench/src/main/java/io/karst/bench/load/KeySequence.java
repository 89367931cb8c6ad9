package io.karst.bench.load;

/**
 * The order in which keys are asked for: uniform, drawn as it goes, or zipf, drawn beforehand.
 *
 * <p>A zipf rank costs some 60 ns, more than the rest of a pipelined request; so two million are drawn once and then
 * repeated. Rank r is key number r: hash tables scatter neighbours anyway. No allocation per key; not thread-safe.
 */
public final class KeySequence {
    private static final int DRAWN = 1 << 21;

    private final int keyCount;
    private final Mix64 random;
    private final int[] drawn;
    private final int first;
    private int next;

    private KeySequence(int first, int keyCount, Mix64 random, int[] drawn) {
        this.first = first;
        this.keyCount = keyCount;
        this.random = random;
        this.drawn = drawn;
    }

    /** Every key equally likely. */
    public static KeySequence uniform(int keyCount, long seed) {
        return new KeySequence(0, keyCount, new Mix64(seed), new int[0]);
    }

    /** Key r with probability proportional to 1 / (r + 1)^s. */
    public static KeySequence zipf(int keyCount, double s, long seed) {
        Mix64 random = new Mix64(seed);
        ZipfSampler sampler = new ZipfSampler(keyCount, s);
        int[] drawn = new int[DRAWN];
        for (int i = 0; i < DRAWN; i++) {
            drawn[i] = sampler.next(random);
        }
        return new KeySequence(0, keyCount, random, drawn);
    }

    /** The same order, of the keys from number {@code first} on; the two share their random numbers. */
    public KeySequence from(int first) {
        return new KeySequence(first, keyCount, random, drawn);
    }

    /** The number of the next key. */
    public int next() {
        return first + (drawn.length == 0 ? random.below(keyCount) : drawn[next++ & DRAWN - 1]);
    }
}
