package io.karst.appliance.hlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that grow, follow one another and go. */
class RollingFilesTest {
    private static final Instant START = Instant.parse("2026-11-28T08:15:00Z");

    @TempDir
    private Path directory;

    private final List<RollingFiles> opened = new ArrayList<>();

    private RollingFiles files(Path in, int sizeMax, int filesMax) {
        RollingFiles files = new RollingFiles(in, sizeMax, filesMax);
        opened.add(files);
        return files;
    }

    @AfterEach
    void close() {
        opened.forEach(RollingFiles::close);
    }

    private static void append(RollingFiles files, String line, int second) throws IOException {
        files.append(bytes(line), START.plusSeconds(second), () -> bytes("# head\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static List<String> names(Path in) throws IOException {
        try (Stream<Path> found = Files.list(in)) {
            return found.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void linesGoIntoOneFileUntilItIsLargeEnough() throws IOException {
        RollingFiles files = files(directory.resolve("new/logs"), 20, 5);
        append(files, "one\n", 0);
        append(files, "two\n", 10);
        append(files, "three three\n", 20);
        Path logs = directory.resolve("new/logs");
        assertEquals(List.of("latency-20261128T081500Z.hlog", "latency-20261128T081520Z.hlog"), names(logs));
        assertEquals("# head\none\ntwo\n", Files.readString(logs.resolve("latency-20261128T081500Z.hlog")));
        assertEquals("# head\nthree three\n", Files.readString(logs.resolve("latency-20261128T081520Z.hlog")));
    }

    @Test
    void theOldestGoWhenThereAreTooMany() throws IOException {
        Files.writeString(directory.resolve("other.hlog"), "not ours");
        RollingFiles files = files(directory, 12, 3);
        for (int i = 0; i < 6; i++) {
            append(files, "line\n", i);
        }
        assertEquals(
                List.of(
                        "latency-20261128T081503Z.hlog",
                        "latency-20261128T081504Z.hlog",
                        "latency-20261128T081505Z.hlog",
                        "other.hlog"),
                names(directory));
    }

    @Test
    void filesOfOneSecondHaveNumbersAndTheirAge() throws IOException {
        RollingFiles files = files(directory, 12, 2);
        for (int i = 0; i < 4; i++) {
            append(files, "l" + i + "\n\n\n", 0);
        }
        assertEquals(List.of("latency-20261128T081500Z-03.hlog", "latency-20261128T081500Z-04.hlog"), names(directory));
    }

    @Test
    void aDirectoryThatVanishedIsMadeAnew() throws IOException {
        Path logs = directory.resolve("logs");
        RollingFiles files = files(logs, 1000, 5);
        append(files, "one\n", 0);
        Files.delete(logs.resolve("latency-20261128T081500Z.hlog"));
        Files.delete(logs);
        append(files, "two\n", 10);
        assertEquals("# head\ntwo\n", Files.readString(logs.resolve("latency-20261128T081510Z.hlog")));
    }

    @Test
    void aPlaceWhereNothingCanBeIsAFailureUntilItCan() throws IOException {
        Path blocked = Files.writeString(directory.resolve("file"), "");
        RollingFiles files = files(blocked.resolve("logs"), 1000, 5);
        assertThrows(IOException.class, () -> append(files, "one\n", 0));
        assertThrows(IOException.class, () -> append(files, "two\n", 10));
        Files.delete(blocked);
        append(files, "three\n", 20);
        assertEquals(List.of("latency-20261128T081520Z.hlog"), names(blocked.resolve("logs")));
    }

    @Test
    void whenItsDirectoryWasAwayTheNextFileBegins() throws IOException {
        Path logs = directory.resolve("logs");
        RollingFiles files = files(logs, 1000, 5);
        append(files, "one\n", 0);
        Path aside = directory.resolve("aside");
        Files.move(logs, aside);
        Files.writeString(logs, "in the way");
        assertThrows(IOException.class, () -> append(files, "two\n", 10));
        Files.delete(logs);
        Files.move(aside, logs);
        append(files, "three\n", 20);
        assertEquals(2, names(logs).size());
        assertFalse(Files.readString(logs.resolve(names(logs).get(0))).contains("two"));
        assertTrue(Files.readString(logs.resolve(names(logs).get(1))).contains("three"));
    }
}
