package io.karst.bench.micro.command;

import io.karst.appliance.command.BurstTimer;
import io.karst.protocol.Opcode;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What latency recording costs a request: the beginning, the commands and the end of a burst, the clock readings of one burst in
 * seventeen included. At most 10 ns per request are allowed; with one command per burst it is all of a burst's.
 * <pre>
 *  bench/run BurstTimerBenchmark -prof gc
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class BurstTimerBenchmark {
    /** Commands in one burst. */
    @Param({"1", "32"})
    private int commands;

    private final BurstTimer timer = new BurstTimer();
    private long nowNs = System.nanoTime();

    /** One burst; its beginning is a reading of the clock that the loop makes anyway. */
    @Benchmark
    public long burst() {
        timer.begin(nowNs);
        for (int i = 0; i < commands; i++) {
            timer.served(Opcode.GET);
        }
        timer.end();
        return ++nowNs;
    }
}
