package io.karst.appliance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server process in a runtime of a few modules, without jdk.compiler: it starts, stores and answers. Runs on the JDK
 * that runs the tests, so on 17 and on 25.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TrimmedRuntimeIT {
    private static final String MODULES =
            "java.base,java.compiler,java.logging,java.management,java.naming,jdk.unsupported,jdk.management";

    @TempDir
    Path directory;

    @Test
    void startsAndAnswersWithoutACompiler() throws Exception {
        Path ports = directory.resolve("ports");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + root().resolve("packaging/src/jvm.options"),
                "--limit-modules",
                MODULES));
        if (Runtime.version().feature() >= 24) {
            command.add(1, "@" + root().resolve("packaging/src/jvm25.options"));
        }
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), Main.class.getName(), "-p", "-1", "-m", "64", "-t", "1"));
        Path log = directory.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("MEMCACHED_PORT_FILENAME", ports.toString());
        Process process = builder.start();
        try {
            while (!Files.exists(ports)) {
                assertTrue(process.isAlive(), () -> "ended early: " + read(log));
                Thread.onSpinWait();
            }
            int port = Integer.parseInt(Files.readString(ports).strip().replaceAll(".* ", ""));
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write("set a 0 0 1\r\n1\r\nget a\r\n".getBytes(StandardCharsets.US_ASCII));
                String reply = "STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n";
                byte[] answer = socket.getInputStream().readNBytes(reply.length());
                assertEquals(reply, new String(answer, StandardCharsets.US_ASCII));
            }
            assertFalse(read(log).contains("Exception"), () -> read(log));
        } finally {
            process.destroy();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        }
    }

    private static Path root() {
        Path module = Path.of("").toAbsolutePath();
        return module.endsWith("appliance") ? module.resolveSibling("") : module;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
