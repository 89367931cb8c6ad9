package io.karst.appliance.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that is written about commands, made from the {@link Subcommand} and {@link ExitStatus} tables. */
final class CommandPages {
    private static final int WIDTH = 80;
    private static final int NAME_WIDTH = 25;

    private CommandPages() {}

    // ---- help ----

    /** What {@code karst <command> --help} prints, at most 80 columns wide. */
    static String help(Subcommand command) {
        StringBuilder page = new StringBuilder();
        for (String use : command.uses()) {
            page.append(page.isEmpty() ? "usage: " : "       ")
                    .append(synopsis(command, use))
                    .append('\n');
        }
        page.append('\n').append(block(sentence(command.meaning()), 0)).append('\n');
        for (String detail : command.details()) {
            page.append('\n').append(block(detail, 0)).append('\n');
        }
        if (!command.flags().isEmpty()) {
            page.append('\n');
            command.flags().forEach(flag -> appendFlag(page, flag));
        }
        return page.append("\nExit status: ")
                .append(block(statuses(), "Exit status: ".length()))
                .append(".\n")
                .toString();
    }

    private static String statuses() {
        return Stream.of(ExitStatus.OK, ExitStatus.NO, ExitStatus.USAGE, ExitStatus.UNAVAILABLE, ExitStatus.OS_ERROR)
                .map(status -> status.code() + " " + status.meaning().replaceFirst(";.*", ""))
                .collect(Collectors.joining("; "));
    }

    private static void appendFlag(StringBuilder page, Subcommand.Flag flag) {
        String names = "  " + flag.text();
        page.append(names)
                .append(
                        names.length() < NAME_WIDTH
                                ? " ".repeat(NAME_WIDTH - names.length())
                                : "\n" + " ".repeat(NAME_WIDTH))
                .append(block(flag.meaning(), NAME_WIDTH))
                .append('\n');
    }

    /** The lines of {@code karst help} that name the commands. */
    static String list() {
        StringBuilder list = new StringBuilder();
        for (Subcommand command : Subcommand.values()) {
            String word = "  " + command.word();
            list.append(word)
                    .append(" ".repeat(12 - word.length()))
                    .append(block(command.meaning(), 12))
                    .append('\n');
        }
        return list.toString();
    }

    /** Text in lines that fit behind an indentation; the first line is not indented. */
    private static String block(String text, int indentation) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > WIDTH - indentation) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(line.toString());
        return String.join("\n" + " ".repeat(indentation), lines);
    }

    private static String synopsis(Subcommand command, String use) {
        return ("karst " + command.word() + " " + use).strip();
    }

    private static String sentence(String meaning) {
        return Character.toUpperCase(meaning.charAt(0)) + meaning.substring(1) + ".";
    }

    // ---- karst(8) ----

    /** The manual page {@code karst(8)} in man's macros. */
    static String manual() {
        StringBuilder page = new StringBuilder("""
                .\\" Made from the tables in config/Subcommand.java and config/ExitStatus.java; change it there.
                .TH KARST 8
                .SH NAME
                karst \\- commands to operate the Karst cache server
                .SH SYNOPSIS
                """);
        boolean isFirst = true;
        for (Subcommand command : Subcommand.values()) {
            for (String use : command.uses()) {
                page.append(isFirst ? "" : ".br\n")
                        .append(".B karst ")
                        .append(command.word())
                        .append('\n');
                page.append(use.isEmpty() ? "" : ManPage.escaped(use) + "\n");
                isFirst = false;
            }
        }
        page.append("""
                .SH DESCRIPTION
                Without a command
                .B karst
                serves, as
                .BR karst (1)
                describes. The commands below look at a running server, at a machine or at plans.
                Those that ask a server speak memcached's text protocol, so that most of them work with memcached, too;
                a server that is told
                .B \\-S
                or
                .B \\-B binary
                does not speak it.
                """);
        for (Subcommand command : Subcommand.values()) {
            appendManual(page, command);
        }
        page.append(".SH EXIT STATUS\n");
        for (ExitStatus status : ExitStatus.values()) {
            page.append(".TP\n.B ").append(status.code()).append('\n');
            ManPage.appendSentence(page, sentence(status.meaning()));
        }
        return page.append("""
                        .SH ENVIRONMENT
                        .TP
                        .B KARST_PASSWORD
                        The password for
                        .BR \\-\\-login ,
                        when no file is named.
                        .SH SEE ALSO
                        .BR karst (1),
                        .BR karst.conf (5)
                        """).toString();
    }

    private static void appendManual(StringBuilder page, Subcommand command) {
        page.append(".SH ").append(command.word().toUpperCase(Locale.ROOT)).append('\n');
        ManPage.appendSentence(page, sentence(command.meaning()));
        command.details().forEach(detail -> ManPage.appendSentence(page, detail));
        for (Subcommand.Flag flag : command.flags()) {
            page.append(".TP\n.B ").append(ManPage.escaped(flag.text())).append('\n');
            ManPage.appendSentence(page, sentence(flag.meaning()));
        }
    }

    // ---- Markdown ----

    /** The table for the README. */
    static String table() {
        StringBuilder table = new StringBuilder("| command | what it does |\n|---|---|\n");
        for (Subcommand command : Subcommand.values()) {
            table.append("| `karst ")
                    .append(command.word())
                    .append("` | ")
                    .append(command.meaning())
                    .append(" |\n");
        }
        return table.toString();
    }

    /** The reference page of all commands. */
    static String reference() {
        StringBuilder page = new StringBuilder("""
                # Commands

                Made from the tables in `appliance/.../config/Subcommand.java` and `ExitStatus.java`; change it there. `man 8
                karst` says the same, `karst <command> --help` its part. The commands that ask a server speak memcached's text
                protocol, so that most of them work with memcached, too; a server with `-S` or `-B binary` does not speak it.

                """);
        for (Subcommand command : Subcommand.values()) {
            page.append("## `karst ").append(command.word()).append("`\n\n");
            page.append(command.uses().stream()
                    .map(use -> "    " + synopsis(command, use) + "\n")
                    .collect(Collectors.joining("", "", "\n")));
            page.append(sentence(command.meaning())).append('\n');
            command.details().forEach(detail -> page.append('\n').append(detail).append('\n'));
            page.append('\n');
            if (!command.flags().isEmpty()) {
                page.append("| option | meaning |\n|---|---|\n");
                command.flags()
                        .forEach(flag -> page.append("| `")
                                .append(flag.text())
                                .append("` | ")
                                .append(flag.meaning())
                                .append(" |\n"));
                page.append('\n');
            }
        }
        page.append("## Exit status\n\n| status | meaning |\n|---|---|\n");
        for (ExitStatus status : ExitStatus.values()) {
            page.append("| ")
                    .append(status.code())
                    .append(" | ")
                    .append(status.meaning())
                    .append(" |\n");
        }
        return page.toString();
    }
}
