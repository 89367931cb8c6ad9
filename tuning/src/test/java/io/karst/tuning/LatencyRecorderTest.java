package io.karst.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
    private final LatencyRecorder recorder = new LatencyRecorder();

    @Test
    void percentilesAreThoseOfASortedList() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        long[] values = random.longs(20_000, 2_000, 50_000_000).toArray();
        for (long value : values) {
            recorder.record(OperationClass.GET, value);
        }
        Arrays.sort(values);
        LatencySnapshot snapshot = recorder.exchange(new LatencySnapshot());
        assertEquals(values.length, snapshot.count(OperationClass.GET));
        assertNear(values[values.length / 2 - 1], snapshot.p50Ns(OperationClass.GET), seed);
        assertNear(values[values.length * 99 / 100 - 1], snapshot.p99Ns(OperationClass.GET), seed);
        assertNear(values[values.length * 999 / 1000 - 1], snapshot.p999Ns(OperationClass.GET), seed);
        assertNear(values[values.length - 1], snapshot.maxNs(OperationClass.GET), seed);
    }

    @Test
    void exchangeStartsAFreshInterval() {
        recorder.record(OperationClass.SET, 5_000);
        LatencySnapshot used = new LatencySnapshot();
        used.record(OperationClass.SET, 1, 99);
        LatencySnapshot first = recorder.exchange(used);
        assertEquals(1, first.count(OperationClass.SET));
        recorder.record(OperationClass.SET, 7_000, 3);
        LatencySnapshot second = recorder.exchange(first);
        assertSame(used, second);
        assertEquals(3, second.count(OperationClass.SET));
        assertEquals(0, recorder.exchange(new LatencySnapshot()).count(OperationClass.SET));
    }

    @Test
    void snapshotsOfLoopsAddUp() {
        LatencyRecorder otherLoop = new LatencyRecorder();
        recorder.record(OperationClass.GET, 4_000, 99);
        otherLoop.record(OperationClass.GET, 4_000_000);
        otherLoop.record(OperationClass.DELETE, 8_000);
        LatencySnapshot total = new LatencySnapshot();
        total.add(recorder.exchange(new LatencySnapshot()));
        total.add(otherLoop.exchange(new LatencySnapshot()));
        assertEquals(100, total.count(OperationClass.GET));
        assertNear(4_000, total.p99Ns(OperationClass.GET), 0);
        assertNear(4_000_000, total.maxNs(OperationClass.GET), 0);
        assertEquals(1, total.count(OperationClass.DELETE));
    }

    @Test
    void countsUpToABoundAndTheSumAreThoseOfTheValues() {
        recorder.record(OperationClass.GET, 5_000, 1_000);
        recorder.record(OperationClass.GET, 20_000_000, 10);
        LatencySnapshot snapshot = recorder.exchange(new LatencySnapshot());
        assertEquals(0, snapshot.countUpTo(OperationClass.GET, 4_000));
        assertEquals(1_000, snapshot.countUpTo(OperationClass.GET, 10_000));
        assertEquals(1_000, snapshot.countUpTo(OperationClass.GET, 10_000_000));
        assertEquals(1_010, snapshot.countUpTo(OperationClass.GET, 50_000_000));
        assertEquals(205e6, snapshot.sumNs(OperationClass.GET), 205e6 / 100);
        assertEquals(0, snapshot.countUpTo(OperationClass.SET, LatencySnapshot.HIGHEST_NS));
        assertEquals(0, snapshot.sumNs(OperationClass.SET));
    }

    @Test
    void latenciesOutsideTheRangeAreCountedAtItsEnds() {
        recorder.record(OperationClass.GET, Long.MAX_VALUE);
        recorder.record(OperationClass.SET, -1);
        LatencySnapshot snapshot = recorder.exchange(new LatencySnapshot());
        assertNear(LatencySnapshot.HIGHEST_NS, snapshot.maxNs(OperationClass.GET), 0);
        assertEquals(1, snapshot.count(OperationClass.SET));
        assertTrue(snapshot.maxNs(OperationClass.SET) < 16);
    }

    @Test
    void reportNamesOnlyWhatWasUsed() {
        recorder.record(OperationClass.GET, 5_000, 1_000);
        List<String> lines = new ArrayList<>();
        LatencyReport.write(recorder.exchange(new LatencySnapshot()), (name, value) -> lines.add(name + " " + value));
        assertEquals("get:count 1000", lines.get(0));
        assertEquals("get:p50_us", lines.get(1).split(" ", 2)[0]);
        assertEquals(7, lines.size());
        assertEquals(5.0, Double.parseDouble(lines.get(6).split(" ", 2)[1]), 0.05);
    }

    @Test
    void anEmptyReportHasNoLines() {
        LatencyReport.write(new LatencySnapshot(), (name, value) -> {
            throw new AssertionError(name);
        });
    }

    @Test
    void recordingAndExchangingAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        LatencySnapshot spare = new LatencySnapshot();
        long allocated = Long.MAX_VALUE;
        // The first rounds load classes and compile; one round without a byte is the proof.
        for (int round = 0; round < 5 && allocated != 0; round++) {
            long before = threads.getThreadAllocatedBytes(self);
            for (int i = 0; i < 10_000; i++) {
                recorder.record(OperationClass.GET, i * 977L);
                recorder.record(OperationClass.SET, i * 131_071L, 4);
                if ((i & 1023) == 0) {
                    spare = recorder.exchange(spare);
                }
            }
            allocated = threads.getThreadAllocatedBytes(self) - before;
        }
        assertEquals(0, allocated);
    }

    private static void assertNear(long expectedNs, long actualNs, long seed) {
        assertEquals(expectedNs, actualNs, expectedNs * 0.01, "-Dseed=" + seed);
    }
}
