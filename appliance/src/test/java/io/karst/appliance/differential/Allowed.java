package io.karst.appliance.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The allow-list, {@code differential/allowed.txt} on the class path: blocks of four lines, a command, memcached 1.6.18's answer
 * and ours as regular expressions, and the reason.
 */
final class Allowed {
    private record Entry(Pattern command, Pattern theirs, Pattern ours) {}

    private final List<Entry> entries = new ArrayList<>();

    Allowed() {
        List<String> lines = new ArrayList<>();
        for (String line : read().lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                lines.add(line);
            }
        }
        for (int i = 0; i + 3 < lines.size(); i += 4) {
            entries.add(new Entry(
                    pattern(lines.get(i), "command: "),
                    pattern(lines.get(i + 1), "theirs:"),
                    pattern(lines.get(i + 2), "ours:")));
            if (!lines.get(i + 3).startsWith("because: ")) {
                throw new IllegalStateException("no reason: " + lines.get(i));
            }
        }
        if (lines.size() % 4 != 0) {
            throw new IllegalStateException("an entry has four lines");
        }
    }

    private static Pattern pattern(String line, String prefix) {
        if (!line.startsWith(prefix)) {
            throw new IllegalStateException("not " + prefix + " " + line);
        }
        return Pattern.compile(line.substring(prefix.length()).trim());
    }

    private static String read() {
        try (InputStream in = Allowed.class.getResourceAsStream("/differential/allowed.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether two servers may answer a command so differently. */
    boolean allows(String command, String theirs, String ours) {
        return entries.stream()
                .anyMatch(entry -> entry.command.matcher(command).matches()
                        && entry.theirs.matcher(theirs).matches()
                        && entry.ours.matcher(ours).matches());
    }
}
