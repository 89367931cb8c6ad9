package io.karst.appliance.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The terminal of this process, if it has one. */
public final class Terminal {
    /** Where words come from. */
    public static final int STDIN = 0;
    /** Where answers go. */
    public static final int STDOUT = 1;

    private Terminal() {}

    /** Whether a file descriptor is a terminal. */
    public static boolean isTerminal(int descriptor) {
        return target(descriptor).matches("/dev/(pts/|tty|console).*");
    }

    /** Whether a file descriptor is a pipe. */
    static boolean isPipe(int descriptor) {
        return target(descriptor).startsWith("pipe:");
    }

    private static String target(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
        } catch (IOException e) {
            return "";
        }
    }
}
