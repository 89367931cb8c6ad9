package io.karst.appliance.ring;

import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.ExitStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code karst ring show|locate|slots|plan|check}: where clients place keys. Exit status: 0, 1 when {@code check} finds keys
 * elsewhere, 64 for wrong words or nodes, 71 when a file cannot be read. Nothing here asks DNS or a server.
 */
public final class RingCommand {

    private final PrintStream out;
    private final PrintStream err;

    /**
     * A command that talks to its user here.
     *
     * @param out for answers
     * @param err for complaints
     */
    public RingCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Command(name = "karst ring", description = "Where clients place keys, and where they look when a node is down.")
    private static final class Top implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new ConfigException("ring needs one of the words show, locate, slots, plan and check.");
        }
    }

    /** Runs it; the exit status. */
    public int run(List<String> words) {
        CommandLine line = new CommandLine(new Top())
                .addSubcommand(new ShowCommand(out))
                .addSubcommand(new LocateCommand(out, err))
                .addSubcommand(new SlotsCommand(out))
                .addSubcommand(new PlanCommand(out))
                .addSubcommand(new CheckCommand(out))
                .setExpandAtFiles(false)
                .setInterpolateVariables(false)
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((e, given) -> refuse(e))
                .setExecutionExceptionHandler((e, command, parsed) -> fail(e));
        addHelp(line);
        line.getSubcommands().values().forEach(RingCommand::addHelp);
        return line.execute(words.toArray(String[]::new));
    }

    private static void addHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("print this page and stop")
                        .build());
    }

    private int refuse(ParameterException e) {
        err.println(
                "karst: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ". See "
                        + e.getCommandLine().getCommandSpec().qualifiedName() + " --help.");
        return ExitStatus.USAGE.code();
    }

    private int fail(Exception e) throws Exception {
        if (e instanceof IOException) {
            err.println("karst: " + e.getMessage());
            return ExitStatus.OS_ERROR.code();
        }
        // Of the ring library an IllegalArgumentException is about nodes, in words for operators.
        if (e instanceof ConfigException || e instanceof IllegalArgumentException) {
            err.println("karst: " + e.getMessage());
            return ExitStatus.USAGE.code();
        }
        throw e;
    }
}
