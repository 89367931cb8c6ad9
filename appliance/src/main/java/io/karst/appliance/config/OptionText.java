package io.karst.appliance.config;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** How options are written in help and documents; shared by all of them. */
final class OptionText {
    private OptionText() {}

    /** The options under a heading that have one of these kinds of support, in the order of the table. */
    static List<Option> inTopic(Topic topic, Support... supports) {
        return Stream.of(Option.values())
                .filter(option -> option.topic() == topic)
                .filter(option -> Arrays.asList(supports).contains(option.support()))
                .toList();
    }

    /** All ways to write it: {@code -m, --memory-limit=<size>}. */
    static String names(Option option) {
        String argument = option.argument().placeholder();
        if (option.isSubOption()) {
            return "-o " + option.longName() + (argument.isEmpty() ? "" : "=" + argument);
        }
        String longName = "--" + option.longName() + (argument.isEmpty() ? "" : "=" + argument);
        return option.letter() == 0 ? "    " + longName : "-" + option.letter() + ", " + longName;
    }

    /** The shortest way to write its name: {@code -m}, {@code --config}, and for an {@code -o} option its bare name. */
    static String shortName(Option option) {
        if (option.isSubOption()) {
            return option.longName();
        }
        return option.letter() == 0 ? "--" + option.longName() : "-" + option.letter();
    }

    /** The default in parentheses after a space, or nothing where there is none worth saying. */
    static String defaultInParentheses(Option option) {
        return hasDefault(option) ? " (" + option.defaultText() + ")" : "";
    }

    /** Whether its default is a value. */
    static boolean hasDefault(Option option) {
        return option.argument() != Argument.FLAG && !option.defaultText().equals("none");
    }

    /** The words and numbers it accepts as a sentence, or nothing where its kind says all. */
    static String range(Option option) {
        if (!option.choices().isEmpty()) {
            return "One of " + String.join(", ", option.choices()) + ".";
        }
        if (option.least() == Long.MIN_VALUE) {
            return "";
        }
        String from = "From " + number(option, option.least());
        return option.most() == Row.UNBOUNDED ? from + " up." : from + " to " + number(option, option.most()) + ".";
    }

    private static String number(Option option, long value) {
        return switch (option.argument()) {
            case BYTES, MEBIBYTES -> Quantity.text(value);
            case OCTAL -> Long.toOctalString(value);
            default -> String.valueOf(value);
        };
    }
}
