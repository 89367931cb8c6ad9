package io.karst.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where something was measured, for the page.
 *
 * @param commit short hash; with {@code + changes} when the tree differs from it
 * @param hardware processor, cores, memory
 * @param kernel its release
 * @param jvm that runs this
 * @param loadAverage of 1, 5 and 15 minutes
 */
public record Machine(String commit, String hardware, String kernel, String jvm, String loadAverage) {
    /** This machine, and the source tree at {@code root}. */
    public static Machine read(Path root) throws IOException {
        String model = line("/proc/cpuinfo", "model name");
        long memoryMib = Long.parseLong(line("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "")) >> 10;
        return new Machine(
                output(root, "git", "rev-parse", "--short", "HEAD")
                        + (output(root, "git", "status", "--porcelain", "-uno").isEmpty() ? "" : " + changes"),
                model + ", " + output(root, "nproc", "--all") + " cores, " + memoryMib + " MiB",
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private static String line(String file, String key) throws IOException {
        for (String line : Files.readAllLines(Path.of(file))) {
            if (line.startsWith(key)) {
                return line.substring(line.indexOf(':') + 1).strip();
            }
        }
        return "";
    }

    private static String output(Path directory, String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
