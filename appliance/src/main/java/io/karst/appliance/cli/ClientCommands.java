package io.karst.appliance.cli;

import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.Environment;
import io.karst.appliance.config.ExitStatus;
import io.karst.appliance.config.Start;
import io.karst.appliance.config.StatsGroup;
import io.karst.appliance.config.Subcommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands that ask a running server, or say something about Karst itself. Whatever goes wrong is one line on stderr. */
public final class ClientCommands {
    private final Environment environment;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * Commands that talk to their user here.
     *
     * @param in values to store, and keys that are pressed
     */
    public ClientCommands(Environment environment, InputStream in, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** Runs a command with the words behind it; the exit status. */
    public int run(Subcommand command, List<String> words) {
        try {
            Words given = Words.of(command, words);
            if (given.has("--help")) {
                out.print(command.help());
                return ExitStatus.OK.code();
            }
            ExitStatus status = execute(command, given);
            out.flush();
            // Who closes a pipe, as head does, has read enough.
            boolean isLost = out.checkError() && !Terminal.isPipe(Terminal.STDOUT);
            return isLost ? fail("stdout cannot be written", ExitStatus.OS_ERROR) : status.code();
        } catch (ConfigException e) {
            return fail(e.getMessage(), ExitStatus.USAGE);
        } catch (Refused e) {
            return fail(e.getMessage(), ExitStatus.NO);
        } catch (FileFailure e) {
            return fail(e.getMessage(), ExitStatus.OS_ERROR);
        } catch (IOException e) {
            return fail(e.getMessage(), ExitStatus.UNAVAILABLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.OK.code();
        }
    }

    private ExitStatus execute(Subcommand command, Words given) throws IOException, InterruptedException {
        return switch (command) {
            case STATS -> stats(given);
            case TOP -> new TopCommand(in, out).run(given, environment.variables());
            case LATENCY -> new LatencyPage(out).run(given, environment.variables());
            case GET, SET, DELETE -> new ItemCommands(environment.variables(), in, out, err).run(command, given);
            case VERSION -> {
                given.atMost(0);
                out.println("karst " + environment.version());
                yield ExitStatus.OK;
            }
            case HELP -> help(given);
            default -> throw new IllegalArgumentException(command + " is not run here");
        };
    }

    private int fail(@Nullable String reason, ExitStatus status) {
        err.println("karst: " + String.valueOf(reason).replaceAll("\\p{Cntrl}", "?"));
        return status.code();
    }

    private ExitStatus help(Words given) {
        List<String> words = given.atMost(1);
        if (words.isEmpty()) {
            out.print(((Start.Print) Start.from(List.of("--help"), environment)).text());
            return ExitStatus.OK;
        }
        Subcommand command = Subcommand.named(words.get(0))
                .orElseThrow(
                        () -> new ConfigException("\"" + words.get(0) + "\": not a command. karst help lists them."));
        out.print(command.help());
        return ExitStatus.OK;
    }

    // ---- stats ----

    private ExitStatus stats(Words given) throws IOException {
        List<String> words = given.positional();
        boolean namesHost = !words.isEmpty() && !StatsGroup.is(words.get(0));
        String host = namesHost ? words.get(0) : null;
        String group = String.join(" ", namesHost ? words.subList(1, words.size()) : words);
        Map<String, String> rows;
        try (TextClient client = new TextClient(given.server(host), given.access(environment.variables()))) {
            rows = client.stats(group);
        }
        if (given.has("--json")) {
            out.println(Json.of(numbers(rows)));
        } else {
            int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
            rows.forEach((name, value) -> out.println(name + " ".repeat(width - name.length()) + "  " + value));
        }
        return group.equals("slo") && "FAIL".equals(rows.get("slo")) ? ExitStatus.NO : ExitStatus.OK;
    }

    /** Values that are numbers as numbers. */
    private static Map<String, Object> numbers(Map<String, String> rows) {
        Map<String, Object> values = new LinkedHashMap<>();
        rows.forEach((name, value) ->
                values.put(name, value.matches("-?(0|[1-9][0-9]{0,17})(\\.[0-9]+)?") ? new BigDecimal(value) : value));
        return values;
    }
}
