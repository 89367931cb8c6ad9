package io.karst.appliance.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the settings depend on besides command line and file; replaced in tests.
 *
 * @param isRoot whether the process runs as root
 * @param variables the environment variables
 * @param hosts finds the addresses of a name
 * @param version this Karst's version, as {@code -V} prints it
 */
public record Environment(boolean isRoot, Map<String, String> variables, Hosts hosts, String version) {
    /** The real one. */
    public static Environment ofThisProcess() {
        return new Environment(
                isRoot(Path.of("/proc/self/status")), System.getenv(), Hosts.system(), versionOf(Environment.class));
    }

    // The user id of the process: the name in user.name may be anything, and is "?" for an id without a name.
    private static boolean isRoot(Path status) {
        try (var lines = Files.lines(status)) {
            return lines.anyMatch(line -> line.matches("Uid:\\s+\\d+\\s+0\\s.*"));
        } catch (IOException | UncheckedIOException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    private static String versionOf(Class<?> type) {
        String version = type.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
