package io.karst.bench.load;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** How the commands of this module end: with the status that each help page names. */
public final class BenchCommand {
    private static final int WRONG_OPTIONS = 2;
    private static final int NOTHING_MEASURED = 3;

    private BenchCommand() {}

    /** Runs a picocli command and ends the process; a reason goes to standard error behind the command's name. */
    public static void runAndExit(Callable<Integer> command, String... args) {
        System.exit(new CommandLine(command)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println(line.getCommandName() + ": " + e.getMessage());
                    return e instanceof IllegalArgumentException ? WRONG_OPTIONS : NOTHING_MEASURED;
                })
                .execute(args));
    }
}
