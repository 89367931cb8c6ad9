package io.karst.appliance.config;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Completion of the {@code karst} command for bash, made from the {@link Option} and {@link Subcommand} tables. */
final class BashCompletion {

    private BashCompletion() {}

    /** The file, for {@code /usr/share/bash-completion/completions}. */
    static String text() {
        return """
                # Completion for karst. Made from the tables in config/Option.java and Subcommand.java; change it there.
                _karst() {
                    local word=$2 before=$3 words command=${COMP_WORDS[1]:-}
                    [ "$COMP_CWORD" -gt 1 ] || command=
                    case $command in
                @cases@
                    esac
                    case $before in
                        @files@)
                            mapfile -t COMPREPLY < <(compgen -f -- "$word")
                            return
                            ;;
                        -o | --extended)
                            words="@sub@"
                            compopt -o nospace
                            ;;
                        *)
                            words=${words:-"@long@"}
                            [ "$COMP_CWORD" -ne 1 ] || words="@commands@ $words"
                            ;;
                    esac
                    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
                }
                complete -o default -F _karst karst
                """.replace("@files@", joined(" | ", BashCompletion::takesFile, BashCompletion::spellings))
                .replace("@sub@", joined(" ", Option::isSubOption, Option::longName))
                .replace("@long@", joined(" ", option -> !option.isSubOption(), option -> "--" + option.longName()))
                .replace("@commands@", words(Subcommand::word))
                .replace("@cases@", cases());
    }

    private static String words(Function<Subcommand, String> text) {
        return Stream.of(Subcommand.values()).map(text).collect(Collectors.joining(" "));
    }

    /** What may stand behind each command. The doctor takes the server's options, too. */
    private static String cases() {
        return Stream.of(Subcommand.values())
                .filter(command -> command != Subcommand.SERVE && command != Subcommand.DOCTOR)
                .map(command -> "        " + command.word() + ") words=\"" + wordsOf(command) + "\" ;;")
                .collect(Collectors.joining("\n"));
    }

    private static String wordsOf(Subcommand command) {
        String flags = command.flags().stream().map(Subcommand.Flag::name).collect(Collectors.joining(" "));
        String others = switch (command) {
            case STATS -> StatsGroup.words();
            case RING -> "show locate slots plan check";
            case HELP -> words(Subcommand::word);
            default -> "";
        };
        return Stream.of(others, flags, "--help")
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static boolean takesFile(Option option) {
        return option.argument() == Argument.FILE && !option.isSubOption();
    }

    private static String spellings(Option option) {
        String longName = "--" + option.longName();
        return option.letter() == 0 ? longName : "-" + option.letter() + " | " + longName;
    }

    private static String joined(String separator, Predicate<Option> wanted, Function<Option, String> text) {
        return Stream.of(Option.values())
                .filter(wanted)
                .filter(option -> option.support() == Support.MEMCACHED || option.support() == Support.OURS)
                .map(text)
                .collect(Collectors.joining(separator));
    }
}
