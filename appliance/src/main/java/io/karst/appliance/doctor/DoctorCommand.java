package io.karst.appliance.doctor;

import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.Environment;
import io.karst.appliance.config.ExitStatus;
import io.karst.appliance.config.HeapDemand;
import io.karst.appliance.config.Settings;
import io.karst.appliance.config.Start;
import io.karst.appliance.config.Subcommand;
import io.karst.tuning.doctor.Demand;
import io.karst.tuning.doctor.Doctor;
import io.karst.tuning.doctor.DropIns;
import io.karst.tuning.doctor.Finding;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code karst doctor [--json] [--all] [--root DIR] [--emit DIR] [options of the server]}: examines the machine for a server
 * with these options, or with those of /etc/karst/karst.conf. Exit status: 0 nothing to do, 1 warnings, 2 errors, 64 wrong
 * words, 71 when files cannot be written.
 */
public final class DoctorCommand {
    private static final Path CONFIGURATION = Path.of("/etc/karst/karst.conf");

    private final Environment environment;
    private final long bufferBytes;
    private final PrintStream out;
    private final PrintStream err;

    private boolean isJson;
    private boolean isAll;
    private Path root = Path.of("/");
    private @Nullable Path emitted;
    private final List<String> serverWords = new ArrayList<>();

    /**
     * A command that runs once.
     *
     * @param bufferBytes network buffers of a server at their most
     */
    public DoctorCommand(Environment environment, long bufferBytes, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.bufferBytes = bufferBytes;
        this.out = out;
        this.err = err;
    }

    /** Runs it; the exit status. */
    public int run(List<String> words) {
        if (words.contains("--help")) {
            out.print(Subcommand.DOCTOR.help());
            return 0;
        }
        try {
            read(words);
            List<Finding> findings = Doctor.examine(root, demand());
            out.print(isJson ? JsonReport.text(findings) : TextReport.text(findings, isAll));
            emit(findings);
            return Doctor.status(findings);
        } catch (ConfigException e) {
            err.println("karst: " + e.getMessage());
            return ExitStatus.USAGE.code();
        } catch (IOException e) {
            err.println("karst: --emit=\"" + emitted + "\": cannot be written: " + e + ". Name a directory that can.");
            return ExitStatus.OS_ERROR.code();
        }
    }

    private void read(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case "--json" -> isJson = true;
                case "--all" -> isAll = true;
                case "--root" -> root = directory(words, ++i);
                case "--emit" -> emitted = directory(words, ++i);
                default -> serverWords.add(words.get(i));
            }
        }
        if (!Files.isDirectory(root)) {
            throw new ConfigException("--root=\"" + root + "\": not a directory. Name one that looks like /.");
        }
    }

    private static Path directory(List<String> words, int index) {
        if (index >= words.size()) {
            throw new ConfigException(words.get(index - 1) + ": its value is missing. Give a directory.");
        }
        return Path.of(words.get(index));
    }

    private Demand demand() {
        if (serverWords.isEmpty() && Files.isReadable(CONFIGURATION)) {
            serverWords.add("--config=" + CONFIGURATION);
        }
        if (!(Start.from(serverWords, environment) instanceof Start.Serve serve)) {
            throw new ConfigException("doctor: only options of a server can be examined. See karst doctor --help.");
        }
        Settings settings = serve.settings();
        return new Demand(
                settings.memory().limitBytes(),
                bufferBytes
                        + HeapDemand.bytes(
                                settings.network().maxConnections(),
                                settings.security().tls().isEnabled()),
                settings.network().maxConnections(),
                settings.network().backlog(),
                settings.commands().threads(),
                Math.max(0, settings.network().tcpPort()),
                settings.memory().lock());
    }

    private void emit(List<Finding> findings) throws IOException {
        if (emitted != null) {
            for (Path file : DropIns.write(findings, emitted)) {
                err.println("karst: wrote " + file + ". Nothing is applied: its first lines say how.");
            }
        }
    }
}
