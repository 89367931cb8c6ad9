package io.karst.appliance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.tuning.LatencyLogFormat;
import io.karst.tuning.LatencyRecorder;
import io.karst.tuning.LatencySnapshot;
import io.karst.tuning.OperationClass;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** {@code karst latency FILE...}: table, JSON, drawing. */
class LatencyPageTest {
    private static final long START = 1_764_316_800_000L;

    @TempDir
    private Path directory;

    /** Intervals of 10 s, each of 1000 gets: 990 take so many microseconds, ten take ten times as long. */
    private String log(String name, long... micros) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(LatencyLogFormat.head("test", START));
        for (int i = 0; i < micros.length; i++) {
            LatencyRecorder recorder = new LatencyRecorder();
            recorder.record(OperationClass.GET, micros[i] * 1_000, 985);
            recorder.record(OperationClass.GET, micros[i] * 10_000, 15);
            recorder.record(OperationClass.SET, micros[i] * 2_000);
            LatencySnapshot interval = recorder.exchange(new LatencySnapshot());
            bytes.write(LatencyLogFormat.interval(interval, START + i * 10_000L, START + (i + 1) * 10_000L));
        }
        return Files.write(directory.resolve(name), bytes.toByteArray()).toString();
    }

    @Test
    void percentilesPerKindOfCommand() throws IOException {
        Told told = Told.run("latency", log("a.hlog", 50, 50));
        assertEquals(0, told.status(), told.err());
        String[] get = told.out().lines().skip(1).findFirst().orElseThrow().split(" +");
        assertEquals("get", get[0]);
        assertEquals("2000", get[1]);
        assertEquals(50, Double.parseDouble(get[2]), 0.5);
        assertEquals(50, Double.parseDouble(get[3]), 0.5);
        assertEquals(500, Double.parseDouble(get[4]), 5);
        assertEquals(500, Double.parseDouble(get[7]), 5);
        assertTrue(told.out().lines().skip(2).findFirst().orElseThrow().startsWith("set "), told.out());
    }

    @Test
    void severalLogsAreOneReport() throws IOException {
        Told told = Told.run("latency", log("a.hlog", 50), log("b.hlog", 70, 90), "--json");
        assertTrue(told.out().startsWith("{\"get\": {\"count\": 3000, \"p50_us\": "), told.out());
    }

    @Test
    void theDrawingIsOneFileThatSaysWhatItShows() throws Exception {
        Path drawing = directory.resolve("latency.svg");
        Told told = Told.run("latency", log("a.hlog", 50, 70, 60), "--svg", drawing.toString());
        assertEquals(0, told.status(), told.err());
        String svg = Files.readString(drawing);
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertEquals("img", document.getDocumentElement().getAttribute("role"));
        assertTrue(
                document.getElementsByTagName("title").item(0).getTextContent().startsWith("Latency of "));
        String description = document.getElementsByTagName("desc").item(0).getTextContent();
        assertTrue(description.startsWith("get, 3000 timed, microseconds: p50 "), description);
        // Percentiles and time, get and set each.
        assertEquals(4, document.getElementsByTagName("polyline").getLength());
        assertTrue(svg.contains(">99.9 %<"), svg);
        assertTrue(svg.contains("99th percentile over time"), svg);
        assertTrue(svg.contains("seconds since 2025-11-28T08:00:10Z"), svg);
        assertFalse(svg.contains("href"), "needs nothing else");
    }

    @Test
    void filesThatAreNoneAreOneLineAndStatus71() throws IOException {
        String text = Files.writeString(directory.resolve("text"), "hello\n").toString();
        Told told = Told.run("latency", text);
        assertEquals(71, told.status());
        assertEquals("karst: " + text + ": not a histogram log", told.complaint());
        assertEquals(71, Told.run("latency", "missing.hlog").status());
        assertEquals(71, Told.run("latency", log("a.hlog", 50), "missing").status());
        Told noPlace = Told.run("latency", log("a.hlog", 50), "--svg", directory + "/none/a.svg");
        assertEquals(71, noPlace.status());
        assertTrue(noPlace.complaint().contains("cannot be written"), noPlace.err());
    }
}
