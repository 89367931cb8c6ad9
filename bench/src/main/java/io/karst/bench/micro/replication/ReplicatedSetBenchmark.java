package io.karst.bench.micro.replication;

import io.karst.appliance.replication.OutboxListener;
import io.karst.bench.load.KeySequence;
import io.karst.bench.load.KeySpace;
import io.karst.bench.load.ValuePattern;
import io.karst.replication.LoopOutbox;
import io.karst.store.ItemStore;
import io.karst.store.ReplicaTracking;
import io.karst.store.StoreMode;
import io.karst.store.StoreResult;
import io.karst.store.StoreSession;
import io.karst.store.StoreSettings;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.UnsafeApi;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A set on a loop, by itself and with peers: the change is noted by bucket and copied to the outbox, which another thread
 * empties. Keys are 20 bytes and values 200. The difference is to be 60 ns at most, and {@code gc.alloc.rate.norm} 0.
 * <pre>
 *  bench/run ReplicatedSetBenchmark -prof gc
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@SuppressWarnings("NullAway.Init") // JMH calls open before anything else.
public class ReplicatedSetBenchmark {
    private static final int KEY_LENGTH = 20;
    private static final int VALUE_LENGTH = 200;
    private static final int ITEMS = 20_000;
    private static final long START_MICROS = 1_767_225_600_000_000L;

    /** Whether there are peers. */
    @Param({"false", "true"})
    private boolean hasPeers;

    private final KeySpace keys = new KeySpace(KEY_LENGTH);
    private long buffer;
    private long value;
    private KeySequence sequence;
    private ItemStore store;
    private StoreSession session;
    private @Nullable Thread agent;
    private volatile boolean isStopping;

    /** Fills a store with every key. */
    @Setup
    public void open() {
        ReplicaTracking tracking = new ReplicaTracking(new ReplicaTracking.FlushTest() {
            @Override
            public boolean isFlushed(long key, int keyLength, long version) {
                return true;
            }

            @Override
            public void flushed(long version) {
                // Nobody flushes.
            }
        });
        store = ItemStore.open(StoreSettings.of(64L << 20, 1 << 20), hasPeers ? tracking : null);
        session = store.openSession();
        session.advanceTo(START_MICROS);
        if (hasPeers) {
            LoopOutbox outbox = new LoopOutbox();
            session.onChange(new OutboxListener(session, outbox));
            agent = new Thread(() -> empty(outbox), "agent");
            agent.start();
        }
        buffer = UnsafeApi.allocateMemory(KEY_LENGTH + 8);
        value = UnsafeApi.allocateMemory(VALUE_LENGTH + 64);
        ValuePattern.write(value, VALUE_LENGTH, 1, 1);
        sequence = KeySequence.zipf(ITEMS, 0.99, 42);
        for (int id = 0; id < ITEMS; id++) {
            keys.write(buffer, id);
            store();
        }
    }

    private void empty(LoopOutbox outbox) {
        while (!isStopping) {
            if (outbox.drain((item, level, token, deadlineMs) -> {}) == 0) {
                LockSupport.parkNanos(20_000);
            }
        }
    }

    /** Gives the memory back. */
    @TearDown
    public void close() throws InterruptedException {
        isStopping = true;
        if (agent != null) {
            agent.join();
        }
        store.close();
        UnsafeApi.freeMemory(buffer);
        UnsafeApi.freeMemory(value);
    }

    private StoreResult store() {
        return session.store(StoreMode.SET, buffer, KEY_LENGTH, 0, 0, value, VALUE_LENGTH, 0);
    }

    /** Overwrites an item. */
    @Benchmark
    public StoreResult set() {
        keys.write(buffer, sequence.next());
        return store();
    }
}
