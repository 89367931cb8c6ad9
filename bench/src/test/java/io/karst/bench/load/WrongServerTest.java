package io.karst.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.bench.load.WrongServer.Fault;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proof of the instrument: each way to be wrong is done once on purpose, and the generator must say which. */
@Timeout(60)
class WrongServerTest {
    private static final int KEYS = 50;
    private static final long SECOND_NS = 1_000_000_000L;

    /** Sets every key twice, so that each has an older version, then reads all of them back in order. */
    private static LoadCounters readBack(Fault fault, int depth, int keysPerGet) throws IOException {
        try (WrongServer server = new WrongServer(fault, 10)) {
            Dataset dataset = Dataset.versioned(new KeySpace(20), ValueSizes.fixed(200), 0, 0, KEYS);
            LoadPlan plan = new LoadPlan(
                    LoadPlan.untilDry(server.port(), 1, 1).address(),
                    Protocol.TEXT,
                    1,
                    depth,
                    0,
                    0,
                    3600 * SECOND_NS,
                    SECOND_NS / 4,
                    1);
            for (int i = 0; i < 2; i++) {
                LoadResult filled = LoadGenerator.run(plan, dataset, RangeSource.sets(0, KEYS), LoadObserver.NONE);
                assertFalse(filled.isWrong(), () -> "filling: " + filled.total());
                assertEquals(KEYS, filled.total().stored);
            }
            RangeSource gets = RangeSource.gets(0, KEYS, keysPerGet);
            LoadPlan reading = new LoadPlan(plan.address(), Protocol.TEXT, 1, depth, 0, 0, SECOND_NS, SECOND_NS / 4, 1);
            return LoadGenerator.run(reading, dataset, gets, LoadObserver.NONE).total();
        }
    }

    private static LoadCounters readBack(Fault fault) throws IOException {
        return readBack(fault, 1, 1);
    }

    @Test
    void aRightServerIsFoundRight() throws IOException {
        for (int depth : new int[] {1, 7, 64}) {
            LoadCounters counters = readBack(Fault.NONE, depth, 3);
            assertFalse(counters.isWrong(), counters::toString);
            assertEquals(KEYS, counters.hits);
            assertEquals(0, counters.misses);
        }
    }

    @Test
    void aFlippedByteIsAWrongValue() throws IOException {
        LoadCounters counters = readBack(Fault.FLIPPED_BYTE);
        assertEquals(1, counters.wrongValues);
        assertTrue(counters.isWrong());
        assertEquals(KEYS, counters.hits);
    }

    @Test
    void aLostReplyIsLost() throws IOException {
        LoadCounters counters = readBack(Fault.LOST_REPLY);
        assertEquals(1, counters.lost);
        assertEquals(9, counters.hits);
    }

    @Test
    void aLostReplyAmongPipelinedOnesShiftsTheKeysBehindIt() throws IOException {
        LoadCounters counters = readBack(Fault.LOST_REPLY, KEYS, 1);
        assertEquals(1, counters.lost);
        assertEquals(KEYS - 10, counters.wrongKeys);
    }

    @Test
    void swappedRepliesAreWrongKeys() throws IOException {
        LoadCounters counters = readBack(Fault.SWAPPED_REPLIES, KEYS, 1);
        assertEquals(2, counters.wrongKeys);
        assertEquals(KEYS - 2, counters.hits);
    }

    @Test
    void swappedValuesUnderTheRightKeysAreWrongValues() throws IOException {
        LoadCounters counters = readBack(Fault.SWAPPED_VALUES, 1, 5);
        assertEquals(2, counters.wrongValues);
    }

    @Test
    void aValueOlderThanTheLastAcknowledgedSetIsStale() throws IOException {
        LoadCounters counters = readBack(Fault.STALE_VALUE);
        assertEquals(1, counters.staleValues);
        assertEquals(0, counters.wrongValues);
    }

    @Test
    void wrongFlagsAndWrongLengthsAreWrongValues() throws IOException {
        assertEquals(1, readBack(Fault.WRONG_FLAGS).wrongValues);
        assertEquals(1, readBack(Fault.SHORT_VALUE).wrongValues);
        assertEquals(1, readBack(Fault.MISSING_NEWLINE).wrongValues);
    }

    @Test
    void anErrorLineIsAnErrorAndTheConnectionGoesOn() throws IOException {
        LoadCounters counters = readBack(Fault.SERVER_ERROR);
        assertEquals(1, counters.errors);
        assertEquals(KEYS - 1, counters.hits);
        assertEquals(0, counters.lost);
    }

    @Test
    void garbageEndsTheConnectionAndWhatItOwes() throws IOException {
        LoadCounters counters = readBack(Fault.GARBAGE, 20, 1);
        assertEquals(1, counters.errors);
        assertEquals(11, counters.lost);
    }

    @Test
    void aReplyThatNobodyAskedForIsAnError() throws IOException {
        assertTrue(readBack(Fault.DUPLICATE_REPLY).isWrong());
    }

    @Test
    void aClosedConnectionLosesWhatItOwes() throws IOException {
        LoadCounters counters = readBack(Fault.CLOSED, 20, 1);
        assertEquals(11, counters.lost);
    }

    /**
     * The server stands still for 50 ms once. Of 2,000 requests per second some 100 were intended in that time, and half
     * of them wait longer than 25 ms: the open loop's histogram must hold them. A closed loop of one connection has a
     * single request in it.
     */
    @Test
    void theOpenLoopSeesAStallThatTheClosedLoopHides() throws IOException {
        long open;
        try (WrongServer server = new WrongServer(Fault.STALL, 500)) {
            LoadResult result = stalled(server, 2000);
            assertFalse(result.isWrong(), () -> result.total().toString());
            open = slow(result);
        }
        assertTrue(open >= 25, "the open loop shows " + open + " requests slower than 25 ms");
        double closedShare;
        try (WrongServer server = new WrongServer(Fault.STALL, 500)) {
            LoadResult result = stalled(server, 0);
            assertTrue(result.latencies().getMaxValue() >= 49_000_000, "the stall happened");
            closedShare = (double) slow(result) / result.latencies().getTotalCount();
        }
        double openShare = open / 2000.0;
        assertTrue(openShare > 4 * closedShare, "open " + openShare + ", closed " + closedShare);
    }

    private static LoadResult stalled(WrongServer server, double rate) throws IOException {
        Dataset dataset = Dataset.versioned(new KeySpace(20), ValueSizes.fixed(20), 0, 0, KEYS);
        LoadPlan filling = LoadPlan.untilDry(server.port(), 1, 1);
        LoadGenerator.run(filling, dataset, RangeSource.sets(0, KEYS), LoadObserver.NONE);
        LoadPlan plan = LoadPlan.open(server.port(), 1, 1, rate, 0, 1, 7);
        MixSource gets = new MixSource(KeySequence.uniform(KEYS, 1), 0, 1, 1);
        return LoadGenerator.run(plan, dataset, gets, LoadObserver.NONE);
    }

    private static long slow(LoadResult result) {
        return result.latencies().getCountBetweenValues(25_000_000, Long.MAX_VALUE / 2);
    }
}
