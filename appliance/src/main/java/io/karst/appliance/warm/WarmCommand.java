package io.karst.appliance.warm;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code karst warm --from HOST:PORT [--to HOST:PORT] [--overwrite]}: reads its words, runs {@link Warming}, tells how it
 * went. Exit status: 0 when the copy is complete, 64 for wrong words, 69 when a server cannot be had or refuses.
 */
public final class WarmCommand {
    /** The first word of the command line. */
    public static final String NAME = "warm";

    private static final int EXIT_REFUSED = 1;
    private static final int EXIT_USAGE = 64;
    private static final int EXIT_UNAVAILABLE = 69;
    private static final String USAGE = "usage: karst warm --from HOST:PORT [--to HOST:PORT] [--overwrite]\n\n"
            + "Copies the items of a running memcached (1.4.31 or later) to a running Karst, with flags and remaining time"
            + " to live.\n\n"
            + "  --from HOST:PORT   the memcached to copy from\n"
            + "  --to HOST:PORT     the Karst to copy to (127.0.0.1:11211)\n"
            + "  --overwrite        replace what is already there; otherwise what clients wrote meanwhile stays\n\n"
            + "Exit status: 0 everything is copied that could be, 1 the target refused items, 64 wrong options, 69 a server"
            + " did not answer.\n";

    private final PrintStream out;
    private final PrintStream err;

    /**
     * A command that talks to its user here.
     *
     * @param out for the summary
     * @param err for progress and complaints
     */
    public WarmCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs it; the exit status. Blocks until everything is copied. */
    public int run(List<String> words) {
        Endpoint from = null;
        Endpoint to = Endpoint.of("127.0.0.1:11211");
        boolean overwrites = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String value = i + 1 < words.size() ? words.get(i + 1) : "";
            switch (word) {
                case "--from", "--to" -> {
                    Endpoint endpoint = Endpoint.of(value);
                    if (endpoint == null) {
                        return refuse(word + "=\"" + value + "\": not an address. Write HOST:PORT.");
                    }
                    if (word.equals("--from")) {
                        from = endpoint;
                    } else {
                        to = endpoint;
                    }
                    i++;
                }
                case "--overwrite" -> overwrites = true;
                case "-h", "--help" -> {
                    out.print(USAGE);
                    return 0;
                }
                default -> {
                    return refuse(word + ": not an option of warm. See karst warm --help.");
                }
            }
        }
        if (from == null || to == null) {
            return refuse("warm needs --from HOST:PORT, the memcached to copy from.");
        }
        return warm(from, to, overwrites);
    }

    private int warm(Endpoint from, Endpoint to, boolean overwrites) {
        Warming.Counts counts = new Warming.Counts();
        try {
            new Warming(from, to, overwrites, counts, text -> err.println("karst warm: " + text)).run();
        } catch (IOException e) {
            err.println("karst: warm from " + from + " to " + to + " stopped after " + counts.copied() + " items: "
                    + e.getMessage());
            return EXIT_UNAVAILABLE;
        }
        out.println("Warmed " + to + " from " + from + ": " + counts.summary());
        if (counts.refused() > 0) {
            err.println("karst: " + to + " refused " + counts.refused() + " items, the last with: " + counts.refusal());
            return EXIT_REFUSED;
        }
        return 0;
    }

    private int refuse(String reason) {
        err.println("karst: " + reason);
        return EXIT_USAGE;
    }

    /**
     * Where a server listens.
     *
     * @param port 1..65535
     */
    record Endpoint(String host, int port) {
        /** From {@code host:port}, IPv6 addresses in brackets; null when it is not one. */
        static @Nullable Endpoint of(String text) {
            int colon = text.lastIndexOf(':');
            if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
                return null;
            }
            int port = Integer.parseInt(text.substring(colon + 1));
            String host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
            return port < 1 || port > 65_535 || host.isEmpty() ? null : new Endpoint(host, port);
        }

        @Override
        public String toString() {
            return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
        }
    }
}
