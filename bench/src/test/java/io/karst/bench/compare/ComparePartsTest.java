package io.karst.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ComparePartsTest {
    @Test
    void aSpreadIsMedianLeastAndMost() {
        assertEquals(new Spread(3, 1, 9), Spread.of(9, 1, 3));
        assertEquals(new Spread(2.5, 1, 9), Spread.of(9, 1, 3, 2));
        assertEquals("1.02 [0.98–1.07]", Spread.of(1.07, 0.98, 1.02).text("%.2f"));
    }

    @Test
    void aRatioIsTakenRoundByRound() {
        assertEquals(new Spread(2, 2, 2), Spread.ratio(new double[] {2, 4, 20}, new double[] {1, 2, 10}));
    }

    @Test
    void aRatiosIntervalHoldsItsMedianAndShrinksWithTheNoise() {
        Spread wide = Spread.ratio(new double[] {8, 12, 9, 11, 10, 7, 13}, new double[] {10, 10, 10, 10, 10, 10, 10});
        assertEquals(1, wide.median());
        assertTrue(0.7 <= wide.least() && wide.least() < 1 && 1 < wide.most() && wide.most() <= 1.3, wide.toString());
        Spread narrow = Spread.ratio(new double[] {99, 101, 100, 100, 100}, new double[] {100, 100, 100, 100, 100});
        assertTrue(narrow.most() - narrow.least() < wide.most() - wide.least(), narrow.toString());
    }

    @Test
    void aCommandGetsItsPortAndItsMemory() {
        assertEquals("x -p 1 -m 64", new Rival("x", "x -p {port}").commandLine(1, 64));
        assertEquals("x -m 9 -p 1", new Rival("x", "x -m 9").commandLine(1, 64));
        assertEquals("x 64 1", new Rival("x", "x {memory} {port}").commandLine(1, 64));
    }

    @Test
    void aPageKeepsWhatPeopleWroteAroundTheRegion() {
        String once = PageRegion.insert("# Title\n", "<b>", "<e>", "one\n");
        assertEquals("# Title\n\n<b>\none\n<e>\n", once);
        String twice = PageRegion.insert(once + "by hand\n", "<b>", "<e>", "two\n");
        assertEquals("# Title\n\n<b>\ntwo\n<e>\nby hand\n", twice);
    }
}
