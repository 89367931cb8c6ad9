package io.karst.bench.compare;

import io.karst.bench.load.CpuTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A server in a process of its own, pinned to one core; every thread and compiler of it shares that core. Closing it
 * ends exactly this process.
 */
public final class ServerProcess implements AutoCloseable {
    private static final long START_NS = TimeUnit.SECONDS.toNanos(120);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final String name;
    private final String commandLine;
    private final Process process;
    private final int port;

    private ServerProcess(String name, String commandLine, Process process, int port) {
        this.name = name;
        this.commandLine = commandLine;
        this.process = process;
        this.port = port;
    }

    /**
     * Starts a server and waits until it answers {@code version}.
     *
     * @param core to pin it to; negative for none
     * @param log takes what it prints
     * @throws IOException when it ends, or does not answer within two minutes
     */
    public static ServerProcess start(Rival rival, int memoryMib, int core, Path directory, Path log)
            throws IOException {
        int port = freePort();
        String commandLine = rival.commandLine(port, memoryMib);
        String pin = core < 0 ? "" : "taskset -c " + core + " ";
        Process process = new ProcessBuilder("sh", "-c", "exec " + pin + commandLine)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        // A stopped server would outlive an interrupted comparison.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        ServerProcess server = new ServerProcess(rival.name(), commandLine, process, port);
        server.awaitAnswer(log);
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitAnswer(Path log) throws IOException {
        long deadlineNs = System.nanoTime() + START_NS;
        while (!isAnswering()) {
            if (!process.isAlive() || System.nanoTime() > deadlineNs) {
                close();
                throw new IOException(name + " did not start: " + commandLine + ", see " + log);
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private boolean isAnswering() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(2000);
            socket.getOutputStream().write("version\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == 'V';
        } catch (IOException e) {
            return false;
        }
    }

    /** The name of the rival that runs here. */
    public String name() {
        return name;
    }

    /** What was started, port and memory filled in. */
    public String commandLine() {
        return commandLine;
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** CPU time of the whole process so far. */
    public long cpuNs() {
        return CpuTime.ofNs(process.pid());
    }

    /** Resident memory, bytes. */
    public long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("no VmRSS of " + process.pid());
    }

    /** What {@code stats} says. */
    public Map<String, String> stats() throws IOException {
        Map<String, String> stats = new LinkedHashMap<>();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("stats\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = reader.readLine(); line != null && line.startsWith("STAT "); line = reader.readLine()) {
                String[] words = line.split(" ", 3);
                stats.put(words[1], words[2]);
            }
        }
        return stats;
    }

    /** One number of {@code stats}, 0 when it is not there. */
    public long stat(String key) throws IOException {
        return Long.parseLong(stats().getOrDefault(key, "0"));
    }

    /** Takes the server off the processor until {@link #resume}. */
    public void suspend() throws IOException {
        signal("STOP");
    }

    /** Lets it run again. */
    public void resume() throws IOException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        try {
            kill.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        resume();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
