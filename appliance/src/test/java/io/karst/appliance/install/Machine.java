package io.karst.appliance.install;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/** A Debian that has just been installed, with systemd as process 1 in namespaces of its own. Needs root. */
final class Machine implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final Process power;
    private final String init;

    private Machine(Process power, String init) {
        this.power = power;
        this.init = init;
    }

    /** Makes the tree of files when there is none, which takes minutes the first time, and boots a copy of it. */
    static Machine boot() throws IOException, InterruptedException {
        Path tree = Tools.inTree("appliance/target/machine");
        String script =
                Tools.inTree("appliance/src/test/resources/install/machine").toString();
        Path log = tree.resolveSibling("machine.log");
        Process making = new ProcessBuilder(script, "tree", tree.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertEquals(0, making.waitFor(), () -> "no tree, see " + log);
        Process power = new ProcessBuilder(script, "boot", tree.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Machine machine = new Machine(power, firstChild(power, log));
        machine.await("systemctl is-system-running | grep -qE 'running|degraded'");
        return machine;
    }

    private static String firstChild(Process power, Path log) throws IOException, InterruptedException {
        Path children = Path.of("/proc/" + power.pid() + "/task/" + power.pid() + "/children");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() - deadline < 0 && power.isAlive()) {
            String child = Files.readString(children).strip();
            // systemd only after the root has moved.
            if (!child.isEmpty()
                    && Files.exists(Path.of("/proc/" + child + "/root/run/karst-test"))
                    && Files.readString(Path.of("/proc/" + child + "/comm")).startsWith("systemd")) {
                return child;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new AssertionError("did not boot: " + Files.readString(log));
    }

    /** Runs a line of shell inside. */
    Tools.Outcome shell(String line) throws IOException, InterruptedException {
        return Tools.run(
                "nsenter",
                "--target",
                init,
                "--all",
                "env",
                "-i",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "DEBIAN_FRONTEND=noninteractive",
                "bash",
                "-c",
                line);
    }

    /** Runs a line of shell inside, which must succeed; what it says, without the last line's end. */
    String run(String line) throws IOException, InterruptedException {
        Tools.Outcome outcome = shell(line);
        assertEquals(0, outcome.status(), () -> line + "\n" + outcome.out());
        return outcome.out().strip();
    }

    /** Repeats a line of shell until it succeeds. */
    void await(String line) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (shell(line).status() != 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("still not: " + line + "\n"
                        + shell("journalctl -n 50 --no-pager").out());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Asks again and again until a client hears this. */
    void awaitAnswer(String answer, String bytes) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!ask(bytes).equals(answer)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("still not: " + answer);
            }
        }
    }

    /** What a client hears on port 11211 until the server hangs up. */
    String ask(String bytes) throws IOException, InterruptedException {
        return run("exec 3<>/dev/tcp/127.0.0.1/11211 && printf '" + bytes.replace("\r\n", "\\r\\n")
                        + "' >&3 && cat <&3")
                .replace("\r", "");
    }

    /** Puts a file into root's home. */
    void copyIn(Path file, String name) throws IOException {
        Files.copy(file, Path.of("/proc/" + init + "/root/root", name), StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        power.descendants().forEach(ProcessHandle::destroyForcibly);
        power.destroyForcibly();
    }
}
