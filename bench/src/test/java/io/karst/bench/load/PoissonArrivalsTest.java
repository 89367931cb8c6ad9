package io.karst.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PoissonArrivalsTest {
    private static final int COUNT = 200_000;

    @Test
    void gapsAreExponential() {
        PoissonArrivals arrivals = new PoissonArrivals(1_000_000, 5_000, 11);
        double sum = 0;
        double squares = 0;
        int longGaps = 0;
        long last = 5_000;
        for (int i = 0; i < COUNT; i++) {
            long gapNs = arrivals.nextNs() - last;
            last = arrivals.nextNs();
            arrivals.advance();
            sum += gapNs;
            squares += (double) gapNs * gapNs;
            longGaps += gapNs > 3000 ? 1 : 0;
        }
        double mean = sum / COUNT;
        assertEquals(1000, mean, 15);
        assertEquals(1000, Math.sqrt(squares / COUNT - mean * mean), 25);
        assertEquals(Math.exp(-3), (double) longGaps / COUNT, 0.003);
    }

    @Test
    void timesDependOnTheSeedAlone() {
        PoissonArrivals one = new PoissonArrivals(10, 0, 3);
        PoissonArrivals other = new PoissonArrivals(10, 1_000, 3);
        for (int i = 0; i < 100; i++) {
            assertEquals(one.nextNs() + 1_000, other.nextNs());
            one.advance();
            other.advance();
        }
    }
}
