package io.karst.bench.compare;

import io.karst.bench.load.Dataset;
import io.karst.bench.load.KeySpace;
import io.karst.bench.load.LoadGenerator;
import io.karst.bench.load.LoadObserver;
import io.karst.bench.load.LoadPlan;
import io.karst.bench.load.LoadResult;
import io.karst.bench.load.RangeSource;
import io.karst.bench.load.ValueSizes;
import java.io.IOException;

/**
 * How many items fit: sets three times what memory holds, then reads every key back.
 *
 * @param name as tables show it
 * @param keyLength bytes of each key
 * @param valueSize as {@link ValueSizes#of} reads it, cut to 20 B to 10 KB
 * @param meanLength mean length of a value, bytes; decides how many items are three times too many
 * @param flags of every item
 * @param exptime of every item, seconds
 * @param hint option that Karst gets for it, empty for none
 * @param promise the ratio of items that DESIGN promises
 */
record Fill(
        String name,
        int keyLength,
        String valueSize,
        int meanLength,
        int flags,
        int exptime,
        String hint,
        double promise) {
    private static final int VALUE_MIN = 20;
    private static final int OVERFILL = 3;
    private static final int VALUE_MAX = 10_000;

    /**
     * What one server kept.
     *
     * @param items that a client can read
     * @param currItems that {@code stats} claims
     * @param sets how many were set
     * @param idleBytes resident before the first set
     * @param fullBytes resident after the last
     * @param memoryMib -m of the server
     * @param wrong what was wrong, empty for nothing
     */
    record Kept(long items, long currItems, long sets, long idleBytes, long fullBytes, int memoryMib, String wrong) {}

    /** Fills a server that holds nothing yet. */
    Kept run(ServerProcess server, int memoryMib) throws IOException {
        long sets = OVERFILL * ((long) memoryMib << 20) / (keyLength + meanLength + 20);
        Dataset dataset = Dataset.unversioned(
                new KeySpace(keyLength),
                ValueSizes.of(valueSize, 1).atMost(VALUE_MAX).atLeast(VALUE_MIN),
                flags,
                exptime);
        long idleBytes = server.residentBytes();
        LoadResult filled = LoadGenerator.run(
                LoadPlan.untilDry(server.port(), 4, 32), dataset, RangeSource.sets(0, sets), LoadObserver.NONE);
        long currItems = server.stat("curr_items");
        long fullBytes = server.residentBytes();
        LoadResult read = LoadGenerator.run(
                LoadPlan.untilDry(server.port(), 2, 2), dataset, RangeSource.gets(0, sets, 50), LoadObserver.NONE);
        String wrong = filled.isWrong() ? "filling: " + filled.total() : "";
        if (read.isWrong()) {
            wrong += " reading back: " + read.total();
        }
        return new Kept(read.total().hits, currItems, sets, idleBytes, fullBytes, memoryMib, wrong);
    }
}
