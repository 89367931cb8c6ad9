package io.karst.appliance.robustness;

import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes the rows of docs/operate/slow-profile.md to target/slow-profile/*.md, from where a person copies them. */
final class SlowProfile {
    private SlowProfile() {}

    /** Writes and prints one row, in a file named after the scenario. */
    static void row(String scenario, String what, String command, String seed, String value)
            throws IOException, InterruptedException {
        Path directory = Files.createDirectories(Tools.inTree("target/slow-profile"));
        String commit = Tools.run("git", "-C", directory.toString(), "rev-parse", "--short", "HEAD")
                .out();
        String row = "| " + String.join(" | ", what, "`" + command + "`", seed, commit.trim(), value) + " |\n";
        Files.writeString(directory.resolve(scenario + ".md"), row);
        System.out.print(row);
    }

    /** {@code String.format} without surprises of a locale. */
    static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
