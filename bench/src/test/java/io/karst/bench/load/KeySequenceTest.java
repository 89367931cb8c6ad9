package io.karst.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KeySequenceTest {
    private static final int DRAWS = 1_000_000;

    /** Pearson's chi-square over the first ranks and the rest stays below its 99.99 % quantile for 20 degrees: 52.4. */
    @Test
    void zipfRanksFollowTheirProbabilities() {
        for (double s : new double[] {0.5, 0.99, 1.0, 1.2}) {
            int count = 1000;
            double[] weights = new double[21];
            for (int rank = 0; rank < count; rank++) {
                weights[Math.min(rank, 20)] += Math.pow(rank + 1, -s);
            }
            double sum = 0;
            for (double weight : weights) {
                sum += weight;
            }
            long[] seen = new long[21];
            ZipfSampler sampler = new ZipfSampler(count, s);
            Mix64 random = new Mix64(1);
            for (int i = 0; i < DRAWS; i++) {
                seen[Math.min(sampler.next(random), 20)]++;
            }
            double chiSquare = 0;
            for (int i = 0; i < weights.length; i++) {
                double expected = DRAWS * weights[i] / sum;
                chiSquare += (seen[i] - expected) * (seen[i] - expected) / expected;
            }
            assertTrue(chiSquare < 52.4, "s " + s + ": chi-square " + chiSquare);
        }
    }

    @Test
    void zipfReachesBothEndsAndNoFurther() {
        ZipfSampler sampler = new ZipfSampler(3, 0.99);
        Mix64 random = new Mix64(2);
        int seen = 0;
        for (int i = 0; i < 1000; i++) {
            seen |= 1 << sampler.next(random);
        }
        assertEquals(0b111, seen);
    }

    @Test
    void uniformKeysAreEquallyLikely() {
        KeySequence keys = KeySequence.uniform(10, 3);
        int[] seen = new int[10];
        for (int i = 0; i < DRAWS; i++) {
            seen[keys.next()]++;
        }
        for (int count : seen) {
            assertEquals(DRAWS / 10.0, count, 1500);
        }
    }

    @Test
    void equalSeedsGiveEqualKeys() {
        KeySequence one = KeySequence.zipf(1000, 0.99, 5);
        KeySequence other = KeySequence.zipf(1000, 0.99, 5);
        for (int i = 0; i < 1000; i++) {
            assertEquals(one.next(), other.next());
        }
    }

    @Test
    void aShiftedSequenceIsTheSameKeysFurtherOn() {
        KeySequence plain = KeySequence.zipf(100, 0.99, 7);
        KeySequence shifted = KeySequence.zipf(100, 0.99, 7).from(100);
        for (int i = 0; i < 1_000; i++) {
            assertEquals(plain.next() + 100, shifted.next());
        }
    }
}
