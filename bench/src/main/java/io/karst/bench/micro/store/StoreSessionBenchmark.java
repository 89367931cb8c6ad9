package io.karst.bench.micro.store;

import io.karst.bench.load.KeySequence;
import io.karst.bench.load.KeySpace;
import io.karst.bench.load.ValuePattern;
import io.karst.eviction.PolicyKind;
import io.karst.store.ItemStore;
import io.karst.store.SizeBand;
import io.karst.store.StoreCounters;
import io.karst.store.StoreMode;
import io.karst.store.StoreResult;
import io.karst.store.StoreSession;
import io.karst.store.StoreSettings;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.UnsafeApi;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One item operation on one thread: find, copy out, overwrite, insert with eviction, and gets looked ahead in batches.
 *
 * <p>Everything a request costs besides the network is here: DESIGN's gate is 0.4 µs for parity on multiget and set. Keys
 * are 20 bytes and values 200, zipf 0.99; 20,000 items fit the second-level cache, 2,000,000 do not. With {@code -prof gc}
 * the column {@code gc.alloc.rate.norm} must say 0 bytes.
 * <pre>
 *  bench/run StoreSessionBenchmark -prof gc
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@SuppressWarnings("NullAway.Init") // JMH calls open before anything else.
public class StoreSessionBenchmark {
    private static final int KEY_LENGTH = 20;
    private static final int VALUE_LENGTH = 200;
    private static final int BATCH = 64;
    private static final int BYTES_PER_ITEM = 320;
    private static final long START_MICROS = 1_767_225_600_000_000L;

    /** Items in the store; memory is made to fit them. */
    @Param({"20000", "2000000"})
    private int items;

    /** Who makes room. */
    @Param({"density", "clock"})
    private String policy;

    private final KeySpace keys = new KeySpace(KEY_LENGTH);
    private long buffer;
    private long value;
    private KeySequence sequence;
    private ItemStore store;
    private StoreSession session;
    private int fresh;

    /** Fills a store with every key. */
    @Setup
    public void open() {
        store = ItemStore.open(StoreSettings.of(Math.max(64L << 20, (long) items * BYTES_PER_ITEM), 1 << 20));
        store.policy(PolicyKind.valueOf(policy.toUpperCase(Locale.ROOT)));
        session = store.openSession();
        session.advanceTo(START_MICROS);
        buffer = UnsafeApi.allocateMemory(BATCH * 32 + 8);
        value = UnsafeApi.allocateMemory(VALUE_LENGTH + 64);
        ValuePattern.write(value, VALUE_LENGTH, 1, 1);
        sequence = KeySequence.zipf(items, 0.99, 42);
        for (int id = 0; id < items; id++) {
            keys.write(buffer, id);
            set();
        }
        fresh = items;
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
        store.close();
        UnsafeApi.freeMemory(buffer);
        UnsafeApi.freeMemory(value);
    }

    private StoreResult set() {
        return session.store(StoreMode.SET, buffer, KEY_LENGTH, 0, 0, value, VALUE_LENGTH, 0);
    }

    /** Finds an item, under its segment's read lock, and touches its access metadata. */
    @Benchmark
    public int find() {
        keys.write(buffer, sequence.next());
        if (!session.acquire(buffer, KEY_LENGTH)) {
            return 0;
        }
        int length = session.valueLength();
        session.release();
        return length;
    }

    /** The same, and copies the value out. */
    @Benchmark
    public int copyOut() {
        keys.write(buffer, sequence.next());
        if (!session.acquire(buffer, KEY_LENGTH)) {
            return 0;
        }
        int length = session.valueLength();
        UnsafeApi.copyMemory(session.valueAddress(), value, length);
        session.release();
        return length;
    }

    /** {@link #find} of 64 keys that are looked ahead together; per key. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int findBatched() {
        for (int i = 0; i < BATCH; i++) {
            keys.write(buffer + i * 32L, sequence.next());
            session.noteBatched(i, buffer + i * 32L, KEY_LENGTH);
        }
        session.touchBatch(BATCH);
        int found = 0;
        for (int i = 0; i < BATCH; i++) {
            if (session.acquireBatched(i, buffer + i * 32L, KEY_LENGTH)) {
                found++;
                session.release();
            }
        }
        return found;
    }

    /** Overwrites an item with a value of the same length. */
    @Benchmark
    public StoreResult overwrite() {
        keys.write(buffer, sequence.next());
        return set();
    }

    /** Inserts a key that was never there; once memory is full, each insert evicts. */
    @Benchmark
    public StoreResult insertEvicting() {
        keys.write(buffer, fresh++);
        return set();
    }

    /** How many items have been evicted: zero here would say that {@link #insertEvicting} measured something else. */
    public long evictions() {
        return session.counters(SizeBand.SMALL).get(StoreCounters.EVICTIONS);
    }
}
