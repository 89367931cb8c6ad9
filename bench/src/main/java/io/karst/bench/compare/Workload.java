package io.karst.bench.compare;

import io.karst.bench.load.Dataset;
import io.karst.bench.load.KeySequence;
import io.karst.bench.load.KeySpace;
import io.karst.bench.load.MixSource;
import io.karst.bench.load.RequestSource;
import io.karst.bench.load.ValueSizes;
import java.util.List;

/**
 * One row of the comparison.
 *
 * @param name as tables show it
 * @param connections how many
 * @param depth requests sent in one piece per connection
 * @param keysPerGet 1, or more for multiget; figures are then per key
 * @param setShare 0 for gets only, 1 for sets only
 * @param data what the servers hold
 * @param promise the CPU ratio that DESIGN promises, for the page; 0 for none
 * @param promiseMode name of the memcached mode that the promise is against
 */
record Workload(
        String name,
        int connections,
        int depth,
        int keysPerGet,
        double setShare,
        Data data,
        double promise,
        String promiseMode) {
    private static final int KEY_LENGTH = 20;
    private static final long SEED = 42;

    /**
     * What the servers hold for one or several workloads.
     *
     * @param keyCount different keys, all of them present
     * @param valueLength bytes per value
     * @param zipf exponent of their popularity; 0 for uniform
     */
    record Data(int keyCount, int valueLength, double zipf) {
        Dataset dataset() {
            return Dataset.versioned(new KeySpace(KEY_LENGTH), ValueSizes.fixed(valueLength), 0, 0, keyCount);
        }
    }

    /** The rows of DESIGN section 1. Large values are few enough to fit a small share of the memory. */
    static List<Workload> standard(int keyCount, double zipf) {
        Data small = new Data(keyCount, 200, zipf);
        Data large = new Data(200, 100_000, 0);
        Data huge = new Data(24, 1_000_000, 0);
        String plain = Compare.PLAIN;
        String batched = Compare.BATCHED;
        return List.of(
                new Workload("50 connections, 90 % get 10 % set", 50, 1, 1, 0.1, small, 0.95, plain),
                new Workload("50 × 32 pipelined, get", 50, 32, 1, 0, small, 3, batched),
                new Workload("50 × 32 pipelined, set", 50, 32, 1, 1, small, 1.15, batched),
                new Workload("multiget of 100, 10 connections", 10, 1, 100, 0, small, 1.5, plain),
                new Workload("1,000 connections, 90 / 10", 1000, 1, 1, 0.1, small, 0.95, plain),
                new Workload("1 connection, 90 / 10", 1, 1, 1, 0.1, small, 0, plain),
                new Workload("100 KB, 8 connections, get", 8, 1, 1, 0, large, 0, plain),
                new Workload("100 KB, 8 connections, set", 8, 1, 1, 1, large, 0, plain),
                new Workload("1 MB, 8 connections, get", 8, 1, 1, 0, huge, 0.9, plain),
                new Workload("1 MB, 8 connections, set", 8, 1, 1, 1, huge, 0.9, plain));
    }

    /** The requests of one round; equal rounds of different servers get equal requests. */
    RequestSource source(int round) {
        long seed = SEED + round;
        KeySequence keys = data.zipf() > 0
                ? KeySequence.zipf(data.keyCount(), data.zipf(), seed)
                : KeySequence.uniform(data.keyCount(), seed);
        return new MixSource(keys, setShare, keysPerGet, seed);
    }

    /** What a figure per request is divided by. */
    int unit() {
        return keysPerGet;
    }
}
