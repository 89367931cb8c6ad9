package io.karst.bench.micro.eviction;

import io.karst.eviction.EvictionPolicy;
import io.karst.eviction.PolicyKind;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.UnsafeApi;
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
 * What a policy's bookkeeping adds to a get: items of 256 bytes that fit the cache are read, with and without telling the
 * policy. With {@code switched} every other policy has been in force before, so that a virtual call would have become a
 * slow one.
 * <pre>
 *  bench/run HitBenchmark
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@SuppressWarnings("NullAway.Init") // JMH calls open before anything else.
public class HitBenchmark {
    private static final int ITEMS = 2048;
    private static final int ITEM_BYTES = 256;
    private static final int METADATA_OFFSET = 28;
    private static final int HITS_PER_TICK = 1 << 18;

    /** The policy that is told. */
    @Param({"DENSITY", "CLOCK"})
    private PolicyKind kind;

    /** Whether all others were told before. */
    @Param({"false", "true"})
    private boolean switched;

    private final int[] order = new int[1 << 14];
    private EvictionPolicy policy;
    private long items;
    private int next;
    private int hits;

    /** Makes the items. */
    @Setup
    public void open() {
        items = UnsafeApi.allocateMemory((long) ITEMS * ITEM_BYTES);
        UnsafeApi.setMemory(items, (long) ITEMS * ITEM_BYTES, (byte) 0);
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < order.length; i++) {
            order[i] = random.nextInt(ITEMS);
        }
        if (switched) {
            for (PolicyKind other : PolicyKind.values()) {
                policy = other.policy();
                for (int i = 0; i < 200_000; i++) {
                    told();
                }
            }
        }
        policy = kind.policy();
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
        UnsafeApi.freeMemory(items);
    }

    private long item() {
        next = (next + 1) & (order.length - 1);
        return items + (long) order[next] * ITEM_BYTES;
    }

    /** Reads an item's first word and its metadata. */
    @Benchmark
    public long untold() {
        long item = item();
        return UnsafeApi.getLong(item) + UnsafeApi.getInt(item + METADATA_OFFSET);
    }

    /** The same, and tells the policy. */
    @Benchmark
    public long told() {
        long item = item();
        int before = UnsafeApi.getInt(item + METADATA_OFFSET) & 0xffffff;
        int after = policy.onHit(before, ++hits / HITS_PER_TICK);
        if (after != before) {
            UnsafeApi.putShort(item + METADATA_OFFSET, (short) after);
            UnsafeApi.putByte(item + METADATA_OFFSET + 2, (byte) (after >>> 16));
        }
        return UnsafeApi.getLong(item) + before;
    }
}
