package io.karst.appliance.auth;

import io.karst.appliance.cli.Terminal;
import io.karst.appliance.config.ExitStatus;
import io.karst.appliance.config.Settings;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code karst passwd [--file FILE] [--delete] NAME}: keeps the users file. The password is asked for twice on a terminal,
 * without echo, and is otherwise the first line of stdin; it never is an argument, which everybody on the machine can see.
 */
public final class PasswdCommand {
    private static final int PASSWORD_MAX = 1024;
    private static final String USAGE = "use: karst passwd [--file FILE] [--delete] NAME";

    private final InputStream in;
    private final @Nullable Console terminal;
    private final PrintStream out;
    private final PrintStream err;

    PasswdCommand(InputStream in, @Nullable Console terminal, PrintStream out, PrintStream err) {
        this.in = in;
        this.terminal = terminal;
        this.out = out;
        this.err = err;
    }

    /** Does what the words behind {@code passwd} say; returns the exit status: 0, 64 for wrong words, 71 otherwise. */
    @SuppressWarnings("SystemConsoleNull") // Since JDK 22 a console may be no terminal: that is looked at separately.
    public static int run(List<String> words) {
        boolean isTerminal = Terminal.isTerminal(Terminal.STDIN);
        Console console = isTerminal ? System.console() : null;
        if (isTerminal && console == null) {
            System.err.println("karst passwd: stdin is a terminal and stdout is not. Redirect both or neither.");
            return ExitStatus.USAGE.code();
        }
        return new PasswdCommand(System.in, console, System.out, System.err).execute(words);
    }

    int execute(List<String> words) {
        Path file = Path.of(Settings.DEFAULT_SASL_USERS);
        boolean isDelete = false;
        String name = null;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--delete")) {
                isDelete = true;
            } else if (word.equals("--file") && i + 1 < words.size()) {
                file = Path.of(words.get(++i));
            } else if (word.startsWith("--file=")) {
                file = Path.of(word.substring("--file=".length()));
            } else if (word.startsWith("-") || name != null) {
                return refuse(word + ": " + USAGE, ExitStatus.USAGE.code());
            } else {
                name = word;
            }
        }
        Optional<String> prepared = Optional.ofNullable(name).flatMap(Saslprep::prepare);
        if (prepared.isEmpty() || !isName(prepared.get())) {
            return refuse(
                    name == null
                            ? USAGE
                            : "not a name. Use up to " + UsersFile.NAME_MAX
                                    + " bytes without colons, controls, and a number sign in front.",
                    ExitStatus.USAGE.code());
        }
        try {
            return isDelete ? delete(new UsersFile(file), prepared.get()) : put(new UsersFile(file), prepared.get());
        } catch (IOException e) {
            return refuse(e.getMessage() == null ? e.toString() : e.getMessage(), ExitStatus.OS_ERROR.code());
        }
    }

    private static boolean isName(String name) {
        return !name.isBlank()
                && name.indexOf(':') < 0
                && !name.startsWith("#")
                && name.getBytes(StandardCharsets.UTF_8).length <= UsersFile.NAME_MAX;
    }

    private int delete(UsersFile file, String name) throws IOException {
        if (!file.remove(name)) {
            return refuse("no user " + name, ExitStatus.OS_ERROR.code());
        }
        out.println("user " + name + " deleted");
        return 0;
    }

    private int put(UsersFile file, String name) throws IOException {
        String password = terminal == null ? fromStdin() : fromTerminal(terminal, name);
        Optional<String> prepared = Optional.ofNullable(password).flatMap(Saslprep::prepare);
        if (password == null) {
            return refuse("the two passwords differ; nothing changed", ExitStatus.USAGE.code());
        } else if (prepared.isEmpty() || prepared.get().isEmpty()) {
            return refuse(
                    "not a password. Use at least one character, and no control characters.", ExitStatus.USAGE.code());
        }
        byte[] bytes = prepared.get().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > PASSWORD_MAX) {
            return refuse("not a password. Use at most " + PASSWORD_MAX + " bytes.", ExitStatus.USAGE.code());
        }
        boolean isNew = file.put(name, ScramSecret.of(bytes));
        out.println("user " + name + (isNew ? " added" : " changed"));
        return 0;
    }

    private String fromStdin() throws IOException {
        byte[] bytes = in.readNBytes(2 * PASSWORD_MAX);
        String text = Utf8.decode(bytes);
        return text == null ? "" : text.lines().findFirst().orElse("");
    }

    /** Null when the second entry differs. */
    private static @Nullable String fromTerminal(Console terminal, String name) {
        char[] first = terminal.readPassword("Password for %s: ", name);
        char[] second = terminal.readPassword("Once more: ");
        if (first == null || second == null || !Arrays.equals(first, second)) {
            return null;
        }
        return new String(first);
    }

    private int refuse(String reason, int status) {
        err.println("karst passwd: " + reason);
        return status;
    }
}
