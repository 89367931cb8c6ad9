package io.karst.appliance.cli;

import io.karst.appliance.config.Environment;
import io.karst.appliance.config.Hosts;
import io.karst.appliance.config.Subcommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** How a command ended, and what it said; characters are bytes. */
record Told(int status, String out, String err) {
    /** Runs a command. */
    static Told run(String command, String... words) {
        return run(Map.of(), "", command, words);
    }

    /** Runs a command with variables in its environment and a text on its stdin. */
    static Told run(Map<String, String> variables, String input, String command, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Environment environment = new Environment(false, variables, Hosts.system(), "0.0.0-test");
        int status = new ClientCommands(
                        environment,
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(Subcommand.named(command).orElseThrow(), List.of(words));
        return new Told(status, out.toString(StandardCharsets.ISO_8859_1), err.toString(StandardCharsets.UTF_8));
    }

    /** What it complained of, which must be one line. */
    String complaint() {
        if (err.lines().count() != 1 || !err.startsWith("karst: ")) {
            throw new AssertionError("not one line: " + err);
        }
        return err.strip();
    }
}
