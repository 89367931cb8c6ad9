package io.karst.appliance.robustness;

import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which core a thread runs on: the server's is 0, everybody else's 1. Where there is only one, or no taskset, any. */
final class Cores {
    private Cores() {}

    /** What to put before the command line of a server that is to have core 0 for itself. */
    static List<String> server() throws IOException, InterruptedException {
        return canPin() ? List.of("taskset", "-c", "0") : List.of();
    }

    /** Moves the calling thread to core 1. */
    static void client() throws IOException, InterruptedException {
        if (canPin()) {
            Tools.run("taskset", "-cp", "1", self());
        }
    }

    /**
     * The same, only when nobody who measures wants the core: a nice value of 10 still had one get in a hundred wait one to
     * three milliseconds for the reader of a dump, which the server has nothing to do with.
     */
    static void humbleClient() throws IOException, InterruptedException {
        client();
        String self = self();
        Tools.run("/bin/sh", "-c", "chrt --idle --pid 0 " + self + " || renice -n 19 -p " + self + " || true");
    }

    private static String self() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString();
    }

    private static boolean canPin() throws IOException, InterruptedException {
        return Runtime.getRuntime().availableProcessors() > 1
                && Tools.run("/bin/sh", "-c", "command -v taskset").status() == 0;
    }
}
