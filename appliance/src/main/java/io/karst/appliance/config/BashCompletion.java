package io.karst.appliance.config;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Completion of the {@code karst} command for bash, made from the {@link Option} table. */
final class BashCompletion {
    private static final String COMMANDS = "doctor passwd plan ring warm";

    private BashCompletion() {}

    /** The file, for {@code /usr/share/bash-completion/completions}. */
    static String text() {
        return """
                # Completion for karst. Made from the table in config/Option.java; change it there.
                _karst() {
                    local word=$2 before=$3 words
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
                            words="@long@"
                            [ "$COMP_CWORD" -ne 1 ] || words="@commands@ $words"
                            ;;
                    esac
                    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
                }
                complete -o default -F _karst karst
                """.replace("@files@", joined(" | ", BashCompletion::takesFile, BashCompletion::spellings))
                .replace("@sub@", joined(" ", Option::isSubOption, Option::longName))
                .replace("@long@", joined(" ", option -> !option.isSubOption(), option -> "--" + option.longName()))
                .replace("@commands@", COMMANDS);
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
