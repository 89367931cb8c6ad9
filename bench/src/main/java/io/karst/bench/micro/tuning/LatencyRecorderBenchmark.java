package io.karst.bench.micro.tuning;

import io.karst.tuning.LatencyRecorder;
import io.karst.tuning.LatencySnapshot;
import io.karst.tuning.OperationClass;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one recorded latency costs the event loop, and what the clock it needs costs beside it.
 *
 * <p>Every command is recorded, so this is added to every request. Latencies are lognormal around 8 µs, 90 % gets, drawn
 * beforehand: 64 Ki of them, so that neither branch nor bucket is learned by heart. {@link #exchange} is once per
 * interval, not per command.
 * <pre>
 *  bench/run LatencyRecorderBenchmark
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LatencyRecorderBenchmark {
    private static final int COUNT = 1 << 16;

    private final LatencyRecorder recorder = new LatencyRecorder();
    private final long[] latenciesNs = new long[COUNT];
    private final OperationClass[] operations = new OperationClass[COUNT];
    private LatencySnapshot spare = new LatencySnapshot();
    private int next;

    /** Draws the latencies. */
    @Setup
    public void draw() {
        Random random = new Random(42);
        for (int i = 0; i < COUNT; i++) {
            latenciesNs[i] = (long) (8_000 * Math.exp(random.nextGaussian()));
            operations[i] = random.nextInt(10) == 0 ? OperationClass.SET : OperationClass.GET;
        }
    }

    /** One latency recorded. */
    @Benchmark
    public int record() {
        int i = next++ & COUNT - 1;
        recorder.record(operations[i], latenciesNs[i]);
        return i;
    }

    /** The clock alone: two of these per request would cost more than recording. */
    @Benchmark
    public long clock() {
        return System.nanoTime();
    }

    /** One interval taken: clears six histograms. */
    @Benchmark
    public LatencySnapshot exchange() {
        spare = recorder.exchange(spare);
        return spare;
    }
}
