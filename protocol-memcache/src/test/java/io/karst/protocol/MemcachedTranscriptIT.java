package io.karst.protocol;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.protocol.transcript.SocketWitness;
import io.karst.protocol.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The third witness: what our transcripts say is what memcached says. Skipped where memcached is not installed. */
@Timeout(60)
class MemcachedTranscriptIT {
    private static @Nullable Process memcached;
    private static int port;
    private static String name = "";

    static List<Transcript> transcripts() {
        return Transcript.all();
    }

    @BeforeAll
    static void startMemcached(@TempDir Path directory) throws IOException, InterruptedException {
        String executable = System.getProperty("memcached", "memcached");
        Process version;
        try {
            version = new ProcessBuilder(executable, "-V")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "no memcached here: " + e.getMessage());
            return;
        }
        name = new String(version.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                .trim()
                .replace(' ', '-');
        Path portFile = directory.resolve("port");
        ProcessBuilder start = new ProcessBuilder(
                executable,
                "-u",
                System.getProperty("user.name"),
                "-l",
                "127.0.0.1",
                "-p",
                "-1",
                "-U",
                "0",
                "-m",
                "64");
        start.environment().put("MEMCACHED_PORT_FILENAME", portFile.toString());
        start.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        memcached = start.start();
        for (int i = 0; i < 500 && !Files.exists(portFile); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        port = Files.readAllLines(portFile).stream()
                .filter(line -> line.startsWith("TCP INET: "))
                .mapToInt(line ->
                        Integer.parseInt(line.substring("TCP INET: ".length()).trim()))
                .findFirst()
                .orElseThrow();
    }

    @AfterAll
    static void stopMemcached() {
        Process running = memcached;
        if (running != null) {
            running.destroy();
        }
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void memcachedAnswersTheSame(Transcript transcript) throws IOException {
        assumeFalse(transcript.isNotFor(name), "known to differ");
        try (SocketWitness witness = SocketWitness.local(name, port)) {
            witness.send("flush_all\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            witness.receive("OK\r\n".length());
            transcript.play(witness);
        }
    }
}
