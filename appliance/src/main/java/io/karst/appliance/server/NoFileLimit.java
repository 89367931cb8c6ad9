package io.karst.appliance.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many files the process may open, and making that more. The JVM has already raised its soft limit to the hard one when
 * we come; only root can go on from there, and we do it as root would by hand, with prlimit(1).
 */
public final class NoFileLimit {
    private static final Pattern ROW = Pattern.compile("Max open files\\s+(\\S+)\\s+(\\S+).*");
    private static final long PRLIMIT_SECONDS = 5;

    private final Path limitsFile;
    private final List<String> prlimit;

    NoFileLimit(Path limitsFile, List<String> prlimit) {
        this.limitsFile = limitsFile;
        this.prlimit = prlimit;
    }

    /**
     * The open-file limit.
     *
     * @param soft what the kernel enforces now
     * @param hard what it can be raised to without privileges
     */
    record Limit(long soft, long hard) {}

    /**
     * Makes sure that this process may open so many files, raising its limit where it can.
     *
     * @param needed files: one for each connection, and the process's own
     * @return the limit in force, at least {@code needed}
     * @throws IOException with the numbers, when the limit is lower and cannot be raised
     */
    public static long raise(long needed) throws IOException {
        return ofThisProcess().raiseTo(needed);
    }

    static NoFileLimit ofThisProcess() {
        String pid = Long.toString(ProcessHandle.current().pid());
        return new NoFileLimit(Path.of("/proc/self/limits"), List.of("prlimit", "--pid", pid));
    }

    long raiseTo(long needed) throws IOException {
        Limit limit = read();
        if (limit.soft() >= needed) {
            return limit.soft();
        }
        runPrlimit(needed, Math.max(needed, limit.hard()));
        Limit raised = read();
        if (raised.soft() < needed) {
            throw new IOException("conn-limit needs " + needed + " open files, and this process may have "
                    + raised.soft() + " (hard limit " + raised.hard() + "). Raise it with ulimit -n or LimitNOFILE=,"
                    + " start as root, or lower -c by " + (needed - raised.soft()) + ".");
        }
        return raised.soft();
    }

    Limit read() throws IOException {
        for (String line : Files.readAllLines(limitsFile)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                return new Limit(number(row.group(1)), number(row.group(2)));
            }
        }
        throw new IOException(limitsFile + ": no row \"Max open files\"");
    }

    private static long number(String text) {
        return text.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(text);
    }

    /** Tries; whether it worked is seen afterwards. */
    private void runPrlimit(long soft, long hard) {
        List<String> command = new ArrayList<>(prlimit);
        command.add("--nofile=" + soft + ":" + (hard == Long.MAX_VALUE ? "unlimited" : hard));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PRLIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            // No prlimit here: the limit stays, and the caller says so with its numbers.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
