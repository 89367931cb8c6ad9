package io.karst.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histogram logs: what we write is read by HdrHistogram's own reader, and what others write by ours. */
class LatencyLogTest {
    private static final long START_MILLIS = 1_764_316_800_000L;

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("a.hlog");
    }

    private static LatencySnapshot snapshot(OperationClass operation, long ns, int count) {
        LatencySnapshot snapshot = new LatencySnapshot();
        snapshot.record(operation, ns, count);
        return snapshot;
    }

    private void write(LatencySnapshot... intervals) throws IOException {
        Files.write(file(), LatencyLogFormat.head("karst test", START_MILLIS));
        long millis = START_MILLIS;
        for (LatencySnapshot interval : intervals) {
            Files.write(
                    file(), LatencyLogFormat.interval(interval, millis, millis + 10_000), StandardOpenOption.APPEND);
            millis += 10_000;
        }
    }

    @Test
    void hdrHistogramReadsWhatWeWrite() throws IOException {
        LatencySnapshot both = snapshot(OperationClass.GET, 5_000, 1_000);
        both.record(OperationClass.SET, 80_000, 10);
        write(both, snapshot(OperationClass.GET, 7_000, 3));
        String text = Files.readString(file());
        assertTrue(
                text.startsWith("#[karst test]\n#[Histogram log format version 1.3]\n#[StartTime: 1764316800.000"),
                text);
        try (HistogramLogReader reader = new HistogramLogReader(file().toFile())) {
            Histogram first = (Histogram) reader.nextIntervalHistogram();
            assertEquals("get", first.getTag());
            assertEquals(1_000, first.getTotalCount());
            assertNear(5_000, first.getMaxValue());
            assertEquals(START_MILLIS, first.getStartTimeStamp());
            assertEquals(START_MILLIS + 10_000, first.getEndTimeStamp());
            assertEquals("set", ((Histogram) reader.nextIntervalHistogram()).getTag());
            assertEquals(3, ((Histogram) reader.nextIntervalHistogram()).getTotalCount());
            assertEquals(null, reader.nextIntervalHistogram());
        }
    }

    @Test
    void intervalsAddUpPerTagAndEachIsAPoint() throws IOException {
        write(
                snapshot(OperationClass.GET, 5_000, 99),
                snapshot(OperationClass.SET, 60_000, 1),
                snapshot(OperationClass.GET, 900_000, 1));
        LatencyLog log = new LatencyLog();
        log.read(file());
        assertEquals(List.of("get", "set"), List.copyOf(log.tags()));
        assertEquals(100, log.count("get"));
        assertNear(5_000, log.percentileNs("get", 99));
        assertNear(900_000, log.maxNs("get"));
        assertEquals(2, log.points("get").size());
        assertEquals(START_MILLIS / 1_000 + 30, log.points("get").get(1).atSeconds(), 0.001);
        assertNear(900_000, log.points("get").get(1).p99Ns());
    }

    @Test
    void severalLogsAreOneReport() throws IOException {
        write(snapshot(OperationClass.GET, 5_000, 4));
        LatencyLog log = new LatencyLog();
        log.read(file());
        log.read(file());
        assertEquals(8, log.count("get"));
    }

    @Test
    void linesWithoutATagAreOfAll() throws IOException {
        write(snapshot(OperationClass.GET, 5_000, 4));
        Files.writeString(file(), Files.readString(file()).replace("Tag=get,", ""));
        LatencyLog log = new LatencyLog();
        log.read(file());
        assertEquals(4, log.count(LatencyLog.UNTAGGED));
    }

    @Test
    void anIntervalWithoutAnythingIsNoLine() {
        assertEquals(0, LatencyLogFormat.interval(new LatencySnapshot(), 0, 1).length);
    }

    /** Histograms are correct to 1 %. */
    private static void assertNear(long expectedNs, long actualNs) {
        assertTrue(Math.abs(expectedNs - actualNs) <= expectedNs / 100, actualNs + " for " + expectedNs);
    }

    private static String refusal(Path file) {
        return String.valueOf(assertThrows(IOException.class, () -> new LatencyLog().read(file))
                .getMessage());
    }

    @Test
    void whatIsNoLogIsRefusedWithItsName() throws IOException {
        for (String content : List.of("", "hello\n", "1.0,2.0,3.0,notbase64!\n", "Tag=a,1.0,1.0,1.0,HISTFAAAAAAA\n")) {
            Files.writeString(file(), content);
            assertTrue(refusal(file()).startsWith(file() + ": "), content);
        }
        assertTrue(refusal(directory.resolve("none")).endsWith("none: cannot be read"));
    }

    @Test
    void aTornLastLineIsLeftOut() throws IOException {
        write(snapshot(OperationClass.GET, 5_000, 4), snapshot(OperationClass.GET, 6_000, 4));
        String whole = Files.readString(file());
        Files.writeString(file(), whole.substring(0, whole.length() - 20));
        LatencyLog log = new LatencyLog();
        log.read(file());
        assertEquals(4, log.count("get"));
        Files.writeString(file(), whole.substring(0, whole.length() - 20) + "\n" + whole);
        assertThrows(IOException.class, () -> new LatencyLog().read(file()), "torn in the middle");
    }
}
