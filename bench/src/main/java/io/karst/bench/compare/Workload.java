package io.karst.bench.compare;

import io.karst.bench.load.Dataset;
import io.karst.bench.load.KeySequence;
import io.karst.bench.load.KeySpace;
import io.karst.bench.load.LoadPlan;
import io.karst.bench.load.MixSource;
import io.karst.bench.load.Protocol;
import io.karst.bench.load.RequestSource;
import io.karst.bench.load.ValueSizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One row of the comparison.
 *
 * @param name as tables show it
 * @param protocol what clients speak
 * @param connections how many
 * @param depth requests sent in one piece per connection
 * @param keysPerGet 1, or more for multiget; figures are then per key
 * @param setShare 0 for gets only, 1 for sets only
 * @param missing whether gets ask for keys that nobody set
 * @param data what the servers hold
 * @param promise the least CPU ratio that DESIGN promises, for the page; 0 for none
 * @param promiseMode name of the memcached mode that the promise is against
 */
record Workload(
        String name,
        Protocol protocol,
        int connections,
        int depth,
        int keysPerGet,
        double setShare,
        boolean missing,
        Data data,
        double promise,
        String promiseMode) {
    private static final int KEY_LENGTH = 20;
    private static final int SMALL_VALUE = 200;
    private static final int COLD_KEYS = 4_000_000;
    private static final int[] DEPTHS = {1, 2, 4, 8, 16, 32, 64, 128};
    private static final long SEED = 42;

    /**
     * What the servers hold for one or several workloads.
     *
     * @param keyCount different keys, all of them present
     * @param absentCount keys behind those that nobody sets
     * @param valueLength bytes per value
     * @param zipf exponent of their popularity; 0 for uniform
     */
    record Data(int keyCount, int absentCount, int valueLength, double zipf) {
        Dataset dataset() {
            return Dataset.versioned(
                    new KeySpace(KEY_LENGTH), ValueSizes.fixed(valueLength), 0, 0, keyCount + absentCount);
        }
    }

    /** A row of text gets, which the methods below turn into others. */
    private static Workload row(String name, int connections, int depth, Data data) {
        return new Workload(name, Protocol.TEXT, connections, depth, 1, 0, false, data, 0, "");
    }

    private Workload sets(double share) {
        return new Workload(name, protocol, connections, depth, keysPerGet, share, missing, data, promise, promiseMode);
    }

    private Workload keys(int perGet) {
        return new Workload(name, protocol, connections, depth, perGet, setShare, missing, data, promise, promiseMode);
    }

    private Workload in(Protocol other) {
        return new Workload(name, other, connections, depth, keysPerGet, setShare, missing, data, promise, promiseMode);
    }

    private Workload absent() {
        return new Workload(name, protocol, connections, depth, keysPerGet, setShare, true, data, promise, promiseMode);
    }

    private Workload promised(double ratio, String mode) {
        return new Workload(name, protocol, connections, depth, keysPerGet, setShare, missing, data, ratio, mode);
    }

    /** The rows of DESIGN section 1. Large values are few enough to fit a small share of the memory. */
    static List<Workload> standard(int keyCount, double zipf) {
        Data small = new Data(keyCount, keyCount, SMALL_VALUE, zipf);
        // As many as DESIGN says, unless this is a smoke run.
        Data cold = new Data(Math.min(COLD_KEYS, 4 * keyCount), 0, SMALL_VALUE, 0);
        Data large = new Data(200, 0, 100_000, 0);
        Data huge = new Data(24, 0, 1_000_000, 0);
        String plain = Compare.PLAIN;
        String batched = Compare.BATCHED;
        return List.of(
                row("1 connection, 90 / 10", 1, 1, small).sets(0.1).promised(0.95, plain),
                row("50 connections, 90 / 10", 50, 1, small).sets(0.1).promised(0.95, plain),
                row("50 connections, 90 / 10, meta", 50, 1, small).sets(0.1).in(Protocol.META),
                row("50 connections, 90 / 10, binary", 50, 1, small).sets(0.1).in(Protocol.BINARY),
                row("50 connections, 100 % misses", 50, 1, small).absent().promised(0.95, plain),
                row("1,000 connections, 90 / 10", 1000, 1, small).sets(0.1).promised(0.95, plain),
                row("50 × 32 pipelined, get", 50, 32, small).promised(3, batched),
                row("50 × 32 pipelined, set", 50, 32, small).sets(1).promised(1.15, batched),
                row("50 × 32 pipelined, mg", 50, 32, small).in(Protocol.META).promised(1.05, batched),
                row("50 × 32 pipelined, ms", 50, 32, small).sets(1).in(Protocol.META),
                row("50 × 32 pipelined, binary set", 50, 32, small).sets(1).in(Protocol.BINARY),
                row("50 connections, 32 GETQ and NOOP", 50, 1, small)
                        .keys(32)
                        .in(Protocol.BINARY)
                        .promised(1.3, batched),
                row("multiget of 100, 10 connections", 10, 1, small).keys(100).promised(1.5, plain),
                row("4 M cold items, multiget of 100", 10, 1, cold).keys(100).promised(1.3, plain),
                row("4 M cold items, 50 × 32 pipelined get", 50, 32, cold).promised(1.3, batched),
                row("100 KB, 8 connections, get", 8, 1, large).promised(0.9, plain),
                row("100 KB, 8 connections, set", 8, 1, large).sets(1).promised(0.9, plain),
                row("1 MB, 8 connections, get", 8, 1, huge).promised(0.9, plain),
                row("1 MB, 8 connections, set", 8, 1, huge).sets(1).promised(0.9, plain));
    }

    /** Gets by 50 connections at growing depth: what pipelining is worth. */
    static List<Workload> depths(int keyCount, double zipf) {
        Data small = new Data(keyCount, keyCount, SMALL_VALUE, zipf);
        List<Workload> rows = new ArrayList<>();
        for (int depth : DEPTHS) {
            rows.add(row("get, depth " + depth, 50, depth, small));
        }
        return rows;
    }

    /** 50 connections and more and more items, uniform; one request at a time, and 32 in one piece. */
    static List<Workload> items(int... counts) {
        List<Workload> rows = new ArrayList<>();
        for (int count : counts) {
            Data data = new Data(count, 0, SMALL_VALUE, 0);
            rows.add(row(String.format(Locale.ROOT, "%,d items, 90 / 10", count), 50, 1, data)
                    .sets(0.1));
            rows.add(row(String.format(Locale.ROOT, "%,d items, 32 pipelined get", count), 50, 32, data));
        }
        return rows;
    }

    /** 100,000 items and more and more connections, one request at a time. */
    static List<Workload> connections(int... counts) {
        Data data = new Data(100_000, 0, SMALL_VALUE, 0);
        List<Workload> rows = new ArrayList<>();
        for (int count : counts) {
            rows.add(row(String.format(Locale.ROOT, "%,d connections, 90 / 10", count), count, 1, data)
                    .sets(0.1));
        }
        return rows;
    }

    /** What one event loop and two are compared by. */
    static List<Workload> threads() {
        Data data = new Data(100_000, 0, SMALL_VALUE, 0.99);
        return List.of(
                row("50 connections, 90 / 10", 50, 1, data).sets(0.1),
                row("50 × 32 pipelined, get", 50, 32, data),
                row("50 × 32 pipelined, set", 50, 32, data).sets(1));
    }

    /** A closed loop of this row to a local port. */
    LoadPlan closed(int port, double warmupSeconds, double seconds) {
        return LoadPlan.closed(port, connections, depth, warmupSeconds, seconds).speaking(protocol);
    }

    /** The same as an open loop of so many requests per second; the round seeds the arrivals. */
    LoadPlan open(int port, double rate, double warmupSeconds, double seconds, int round) {
        return LoadPlan.open(port, connections, depth, rate, warmupSeconds, seconds, round)
                .speaking(protocol);
    }

    /** The requests of one round; equal rounds of different servers get equal requests. */
    RequestSource source(int round) {
        long seed = SEED + round;
        KeySequence keys = data.zipf() > 0
                ? KeySequence.zipf(data.keyCount(), data.zipf(), seed)
                : KeySequence.uniform(data.keyCount(), seed);
        return new MixSource(missing ? keys.from(data.keyCount()) : keys, setShare, keysPerGet, seed);
    }

    /** What a figure per request is divided by. */
    int unit() {
        return keysPerGet;
    }
}
