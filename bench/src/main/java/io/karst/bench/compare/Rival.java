package io.karst.bench.compare;

/**
 * One server of a comparison.
 *
 * @param name as tables show it, mode included
 * @param command for a shell; <code>{port}</code> and <code>{memory}</code> are replaced, and appended as {@code -p} and
 *     {@code -m} where they are missing
 */
public record Rival(String name, String command) {
    /** The command with its port and its memory limit, MiB. */
    String commandLine(int port, int memoryMib) {
        String line = command;
        if (!line.contains("{port}")) {
            line += " -p {port}";
        }
        if (!line.contains("{memory}") && !line.contains(" -m ")) {
            line += " -m {memory}";
        }
        return line.replace("{port}", Integer.toString(port)).replace("{memory}", Integer.toString(memoryMib));
    }
}
