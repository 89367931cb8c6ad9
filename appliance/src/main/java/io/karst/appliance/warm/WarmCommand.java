package io.karst.appliance.warm;

import io.karst.appliance.cli.Endpoint;
import io.karst.appliance.config.ExitStatus;
import io.karst.appliance.config.Subcommand;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * {@code karst warm --from HOST:PORT [--to HOST:PORT] [--overwrite]}: reads its words, runs {@link Warming}, tells how it
 * went. Exit status: 0 when the copy is complete, 64 for wrong words, 69 when a server cannot be had or refuses.
 */
public final class WarmCommand {

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
                    out.print(Subcommand.WARM.help());
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
            return ExitStatus.UNAVAILABLE.code();
        }
        out.println("Warmed " + to + " from " + from + ": " + counts.summary());
        if (counts.refused() > 0) {
            err.println("karst: " + to + " refused " + counts.refused() + " items, the last with: " + counts.refusal());
            return ExitStatus.NO.code();
        }
        return 0;
    }

    private int refuse(String reason) {
        err.println("karst: " + reason);
        return ExitStatus.USAGE.code();
    }
}
