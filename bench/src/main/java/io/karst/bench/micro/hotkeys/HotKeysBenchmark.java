package io.karst.bench.micro.hotkeys;

import io.karst.appliance.hotkeys.HotKeys;
import io.karst.bench.load.KeySpace;
import io.karst.bench.load.Mix64;
import io.karst.bench.load.ZipfSampler;
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
 * What looking for hot keys costs a request: one use of a key of 20 bytes in sixty-four goes into the table. Keys are zipf(0.99) over
 * a million, drawn beforehand and read from memory where a read buffer would have them, so that most samples of the tail take over
 * a counter, which is the dear case. {@link #off} is the same loop with {@code -o hotkeys=0}. JDK 17, two shared cores: 5.4 ± 0.7 ns with 256 counters, 5.6 ± 0.8
 * with 1024, off 0.9 ± 0.1; so 4.5 ns a request, nothing allocated. With one use in sixteen it was 8 ns.
 * <pre>
 *  bench/run HotKeysBenchmark -prof gc
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HotKeysBenchmark {
    private static final int KEYS = 1_000_000;
    private static final int DRAWN = 1 << 16;
    private static final int KEY_LENGTH = 20;
    private static final int STRIDE = 32;

    /** {@code -o hotkeys=}. */
    @Param({"256", "1024"})
    private int counters;

    private HotKeys hotKeys = new HotKeys(0, 0);
    private final HotKeys none = new HotKeys(0, 0);
    private long buffer;
    private int next;

    /** Draws the keys. */
    @Setup
    public void draw() {
        hotKeys = new HotKeys(counters, System.nanoTime());
        buffer = UnsafeApi.allocateMemory((long) DRAWN * STRIDE);
        KeySpace keys = new KeySpace(KEY_LENGTH);
        ZipfSampler zipf = new ZipfSampler(KEYS, 0.99);
        Mix64 random = new Mix64(42);
        for (int i = 0; i < DRAWN; i++) {
            keys.write(buffer + (long) i * STRIDE, zipf.next(random));
        }
    }

    /** Gives the memory back. */
    @TearDown
    public void free() {
        UnsafeApi.freeMemory(buffer);
    }

    private long key() {
        return buffer + (long) (next++ & DRAWN - 1) * STRIDE;
    }

    /** One use of a key. */
    @Benchmark
    public int used() {
        hotKeys.used(key(), KEY_LENGTH);
        return next;
    }

    /** The same, switched off. */
    @Benchmark
    public int off() {
        none.used(key(), KEY_LENGTH);
        return next;
    }
}
