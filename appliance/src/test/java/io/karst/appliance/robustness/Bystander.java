package io.karst.appliance.robustness;

import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * A client that has nothing to do with what else is going on: it gets one small item about a thousand times a second, one
 * request at a time, checks every byte, and remembers how long each answer took. A lost reply is a read timeout, a closed
 * connection a short answer; both fail.
 */
final class Bystander implements AutoCloseable {
    private static final long INTERVAL_NS = 1_000_000;
    private static final String REQUEST = "get bystander\r\n";
    private static final String ANSWER = "VALUE bystander 0 10\r\n0123456789\r\nEND\r\n";

    private final RawClient client;

    /** Something that goes on until it is closed; what it finds wrong it throws then. */
    interface Disturbance extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /** Begins a disturbance, and returns when it is in full swing. */
    interface Disturbing {
        Disturbance begin() throws Exception;
    }

    /**
     * 99th percentiles in microseconds, medians of the windows, and how far the windows lie apart.
     *
     * @param ratio median beside, by median alone
     */
    record Result(double alone, double beside, double ratio, String spread) {
        static Result of(List<Double> alone, List<Double> beside) {
            List<Double> quiet = alone.stream().sorted().toList();
            List<Double> loud = beside.stream().sorted().toList();
            int middle = quiet.size() / 2;
            String spread = SlowProfile.text(
                    "p99 alone %.0f µs [%.0f–%.0f], beside it %.0f µs [%.0f–%.0f]: %.2f×",
                    quiet.get(middle),
                    quiet.get(0),
                    quiet.get(quiet.size() - 1),
                    loud.get(middle),
                    loud.get(0),
                    loud.get(loud.size() - 1),
                    loud.get(middle) / quiet.get(middle));
            return new Result(quiet.get(middle), loud.get(middle), loud.get(middle) / quiet.get(middle), spread);
        }
    }

    Bystander(ServerProcess server) throws IOException {
        client = server.connect();
        client.ask("set bystander 0 0 10\r\n0123456789", "STORED");
    }

    /**
     * Compares: alone, beside the disturbance, alone, beside it ... What happens while a disturbance begins and ends, in the
     * first quarter of a window, is checked and not measured.
     */
    Result compare(Disturbing disturbing, int rounds, int windowMillis) throws Exception {
        Cores.client();
        List<Double> alone = new ArrayList<>();
        List<Double> beside = new ArrayList<>();
        watch(windowMillis);
        for (int round = 0; round < rounds; round++) {
            watch(windowMillis / 4);
            alone.add(watch(windowMillis).getValueAtPercentile(99) / 1e3);
            Disturbance disturbance = disturbing.begin();
            try (disturbance) {
                watch(windowMillis / 4);
                beside.add(watch(windowMillis).getValueAtPercentile(99) / 1e3);
            }
        }
        return Result.of(alone, beside);
    }

    /** Nanoseconds per get. */
    Histogram watch(int millis) throws IOException {
        Histogram latencies = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long begin = System.nanoTime(); begin < end; begin = System.nanoTime()) {
            client.send(REQUEST).expect(ANSWER);
            long now = System.nanoTime();
            latencies.recordValue(Math.min(now - begin, TimeUnit.MINUTES.toNanos(1)));
            LockSupport.parkNanos(begin + INTERVAL_NS - now);
        }
        return latencies;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
