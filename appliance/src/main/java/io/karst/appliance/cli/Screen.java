package io.karst.appliance.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A terminal that is drawn on: another page than the shell's, without cursor and echo. {@link #close}, and the end of the process
 * whatever its reason, give it back as it was.
 */
final class Screen implements AutoCloseable {
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_PAGE = "\u001b[J";
    private static final String NEW_LINE = "\r\n";

    private final InputStream keys;
    private final PrintStream out;
    private final String saved;
    private final Thread atExit = new Thread(this::restore, "karst-terminal");
    private boolean isRestored;

    private Screen(InputStream keys, PrintStream out, String saved) {
        this.keys = keys;
        this.out = out;
        this.saved = saved;
    }

    /**
     * Takes the terminal on stdin and stdout.
     *
     * @param keys the process's stdin
     * @throws IOException when there is no stty, which knows how
     */
    static Screen open(InputStream keys, PrintStream out) throws IOException, InterruptedException {
        Screen screen = new Screen(keys, out, stty("-g"));
        Runtime.getRuntime().addShutdownHook(screen.atExit);
        // A read waits a tenth of a second for a key, and is empty then.
        stty("-icanon", "-echo", "min", "0", "time", "1");
        out.print(ENTER);
        out.flush();
        return screen;
    }

    /** Java cannot set a terminal's modes. */
    private static String stty(String... words) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("stty").redirectInput(Redirect.INHERIT).redirectErrorStream(true);
        builder.command().addAll(List.of(words));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new FileFailure("karst top needs stty (package coreutils)", e);
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        if (process.waitFor() != 0) {
            throw new FileFailure("stty: " + said, null);
        }
        return said;
    }

    /** Draws lines from the top. */
    void draw(List<String> lines) {
        StringBuilder page = new StringBuilder(HOME);
        lines.forEach(line -> page.append(line).append(REST_OF_LINE).append(NEW_LINE));
        out.print(page.append(REST_OF_PAGE));
        out.flush();
    }

    /** Waits; true when somebody pressed q meanwhile. */
    boolean isQuitWithin(long nanos) throws IOException {
        long deadline = System.nanoTime() + nanos;
        while (System.nanoTime() - deadline < 0) {
            int key = keys.read();
            if (key == 'q' || key == 'Q') {
                return true;
            }
            if (key < 0) {
                pause();
            }
        }
        return false;
    }

    /** Also when stdin has ended and reads no longer wait. */
    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void restore() {
        if (!isRestored) {
            isRestored = true;
            out.print(LEAVE);
            out.flush();
            try {
                stty(saved);
            } catch (IOException e) {
                out.println("karst: the terminal stays as it is; type: stty sane");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook has run or will find nothing to do.
        }
    }
}
