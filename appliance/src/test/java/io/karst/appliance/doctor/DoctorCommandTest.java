package io.karst.appliance.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.karst.appliance.config.Environment;
import io.karst.appliance.config.Hosts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    private static final long BUFFER_BYTES = 256L << 20;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... words) {
        Environment environment = new Environment(false, Map.of(), Hosts.system(), "test");
        return new DoctorCommand(environment, BUFFER_BYTES, print(out), print(err)).run(List.of(words));
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, UTF_8);
    }

    private void write(String path, String content) throws IOException {
        Path file = directory.resolve("root").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private String root() throws IOException {
        return Files.createDirectories(directory.resolve("root")).toString();
    }

    @Test
    void aWarningIsFourThingsAndTheStatusIsOne() throws IOException {
        write("proc/sys/net/core/somaxconn", "128\n");
        assertEquals(1, run("--root", root(), "-b", "2000"));
        assertTrue(out.toString(UTF_8).startsWith("""
                        warning somaxconn: 128; wanted: 2000 or more
                                The kernel cuts -b to this: clients that connect at the same moment wait a second and more. (listen(2))
                                Fix: net.core.somaxconn = 2000
                        """), out.toString(UTF_8));
        assertTrue(out.toString(UTF_8).endsWith(" 0 for information, 1 warnings, 0 errors\n"));
    }

    @Test
    void memoryThatDoesNotFitIsAnErrorWithTheOptionsOfTheServer() throws IOException {
        write("proc/meminfo", "MemTotal: 1048576 kB\n");
        assertEquals(0, run("--root", root(), "-m", "512"));
        assertEquals(2, run("--root", root(), "-m", "1024"));
        assertTrue(out.toString(UTF_8).contains("error   memory: 1024 MiB; wanted: 1408 MiB\n"), out.toString(UTF_8));
    }

    @Test
    void jsonHasEveryFinding() throws IOException {
        write("proc/sys/net/core/somaxconn", "128\n");
        assertEquals(1, run("--json", "--root", root(), "-m", "64"));
        int findings = 0;
        boolean hasWarning = false;
        try (JsonParser json = new JsonFactory().createParser(out.toString(UTF_8))) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                findings += token == JsonToken.FIELD_NAME && json.currentName().equals("id") ? 1 : 0;
                hasWarning |= token == JsonToken.VALUE_STRING && json.getText().equals("warning");
            }
        }
        assertTrue(findings >= 25, findings + " findings");
        assertTrue(hasWarning);
    }

    @Test
    void emittedFilesAreNamedAndNotApplied() throws IOException {
        write("proc/sys/net/core/somaxconn", "128\n");
        Path emitted = directory.resolve("emitted");
        assertEquals(1, run("--root", root(), "--emit", emitted.toString(), "-m", "64"));
        Path file = emitted.resolve("etc/sysctl.d/80-karst.conf");
        assertTrue(Files.readString(file).endsWith("\nnet.core.somaxconn = 1024\n"));
        assertEquals("karst: wrote " + file + ". Nothing is applied: its first lines say how.\n", err.toString(UTF_8));
        assertEquals("128\n", Files.readString(directory.resolve("root/proc/sys/net/core/somaxconn")));
    }

    @Test
    void wrongWordsAreOneLine() throws IOException {
        assertEquals(64, run("--root", directory + "/nosuch"));
        assertEquals(64, run("--emit"));
        assertEquals(64, run("--nosuch"));
        assertEquals(64, run("--version"));
        assertEquals(
                4,
                err.toString(UTF_8)
                        .lines()
                        .filter(line -> line.startsWith("karst: "))
                        .count());
        Path file = Files.writeString(directory.resolve("file"), "");
        write("proc/sys/net/core/somaxconn", "128\n");
        assertEquals(71, run("--root", root(), "--emit", file.toString(), "-m", "64"));
    }

    @Test
    void thisMachineIsExamined() {
        int status = run("--all", "-m", "64");
        assertTrue(status >= 0 && status <= 2, err.toString(UTF_8));
        assertTrue(out.toString(UTF_8).contains("memory: "), out.toString(UTF_8));
    }
}
