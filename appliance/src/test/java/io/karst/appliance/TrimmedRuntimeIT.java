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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The server process in a runtime of a few modules, without jdk.compiler and jdk.jfr: it starts, stores and answers, on the
 * admin port, too. On every JDK
 * from 17 on that this machine has.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TrimmedRuntimeIT {
    private static final String MODULES =
            "java.base,java.compiler,java.logging,java.management,java.naming,jdk.unsupported,jdk.management";

    @TempDir
    Path directory;

    static Stream<Path> runtimes() throws IOException {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        Path installed = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(installed)) {
            try (Stream<Path> more = Files.list(installed)) {
                more.sorted().forEach(homes::add);
            }
        }
        Set<Path> distinct = new LinkedHashSet<>();
        for (Path home : homes) {
            if (Files.isExecutable(home.resolve("bin/java")) && feature(home) >= 17) {
                distinct.add(home.toRealPath());
            }
        }
        return distinct.stream();
    }

    /** The first number of JAVA_VERSION in a runtime's release file; 0 when there is none. */
    private static int feature(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.exists(release)) {
            return 0;
        }
        Matcher version = Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(Files.readString(release));
        return version.find() ? Integer.parseInt(version.group(1)) : 0;
    }

    @ParameterizedTest
    @MethodSource("runtimes")
    void startsAndAnswersWithoutACompiler(Path home) throws Exception {
        Path ports = directory.resolve("ports");
        List<String> command = new ArrayList<>(List.of(
                home.resolve("bin/java").toString(),
                "@" + root().resolve("packaging/src/jvm.options"),
                "--limit-modules",
                MODULES));
        if (feature(home) >= 24) {
            command.add(1, "@" + root().resolve("packaging/src/jvm25.options"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("-p", "-1", "-m", "64", "-t", "1", "-o", "admin=0"));
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
            Matcher url = Pattern.compile("Admin port: http://127\\.0\\.0\\.1:(\\d+)/")
                    .matcher(read(log));
            assertTrue(url.find(), () -> read(log));
            int admin = Integer.parseInt(url.group(1));
            assertTrue(http(admin, "GET /metrics").contains("\nmemcached_current_items 1\n"));
            for (String request : List.of("GET /v1/threads", "POST /v1/jfr/start")) {
                String answer = http(admin, request);
                assertTrue(answer.startsWith("HTTP/1.1 501 "), answer);
            }
            assertFalse(read(log).contains("Exception"), () -> read(log));
        } finally {
            process.destroy();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        }
    }

    private static String http(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((request + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
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
