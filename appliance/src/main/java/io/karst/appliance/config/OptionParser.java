package io.karst.appliance.config;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Reads words the way memcached's getopt does: {@code -p11211}, {@code -vM}, {@code -vv}, {@code --port=1},
 * abbreviated long names, the last of several values. The picocli specification is built from the {@link Option} table,
 * with every value kept as text: what it means is for {@link ArgumentText}, so that all refusals read alike.
 */
final class OptionParser {
    private final CommandLine commandLine;

    OptionParser() {
        CommandSpec spec = CommandSpec.create().name("karst");
        for (Option option : Option.values()) {
            if (!option.isSubOption()) {
                spec.addOption(specOf(option));
            }
        }
        commandLine = new CommandLine(spec)
                .setOverwrittenOptionsAllowed(true)
                .setAbbreviatedOptionsAllowed(true)
                .setExpandAtFiles(false)
                .setInterpolateVariables(false);
    }

    /** The options in {@code words}; refuses unknown ones, missing and stray arguments, and values out of range. */
    GivenOptions parse(List<String> words, Source source) {
        GivenOptions options = new GivenOptions();
        for (OptionSpec spec : parsed(words, source).matchedOptionsSet()) {
            Option option = optionOf(spec);
            for (String text : textsOf(spec)) {
                add(options, option, text, source);
            }
        }
        return options;
    }

    private ParseResult parsed(List<String> words, Source source) {
        try {
            return commandLine.parseArgs(words.toArray(String[]::new));
        } catch (UnmatchedArgumentException e) {
            throw unknown(e, source);
        } catch (MissingParameterException e) {
            throw valueMissing(e, source);
        } catch (ParameterException e) {
            throw new ConfigException(source.prefix()
                    + String.valueOf(e.getMessage())
                            .lines()
                            .findFirst()
                            .orElse("")
                            .replaceFirst("^Error: ", "") + ". karst --help lists all options.");
        }
    }

    private static ConfigException valueMissing(MissingParameterException e, Source source) {
        String names = e.getMissing().stream()
                .filter(OptionSpec.class::isInstance)
                .map(spec -> OptionText.names(optionOf((OptionSpec) spec)).strip())
                .collect(Collectors.joining(" "));
        return new ConfigException(source.prefix() + names + ": its value is missing. Give one.");
    }

    private static ConfigException unknown(UnmatchedArgumentException e, Source source) {
        String word = e.getUnmatched().get(0);
        if (!word.startsWith("-")) {
            return new ConfigException(source.prefix() + "\"" + word + "\": stray word. Options start with a hyphen.");
        }
        return unknown(word, source);
    }

    /** The refusal of a name that is not in the table. */
    static ConfigException unknown(String name, Source source) {
        return new ConfigException(source.prefix() + "\"" + name + "\": unknown option. karst --help lists them all.");
    }

    /** Adds one option, and for {@code -o} each of its sub-options. */
    static void add(GivenOptions options, Option option, String text, Source source) {
        if (option == Option.EXTENDED) {
            addSubOptions(options, text, source);
        } else {
            options.add(new Given(option, text, source));
        }
    }

    private static void addSubOptions(GivenOptions options, String list, Source source) {
        for (String part : list.split(",")) {
            if (!part.isEmpty()) {
                addSubOption(options, part, source);
            }
        }
    }

    private static void addSubOption(GivenOptions options, String part, Source source) {
        int equals = part.indexOf('=');
        String name = equals < 0 ? part : part.substring(0, equals);
        Option option = Option.named(name).filter(Option::isSubOption).orElseThrow(() -> unknown("-o " + name, source));
        options.add(new Given(option, equals < 0 ? alone(option, source) : part.substring(equals + 1), source));
    }

    private static String alone(Option option, Source source) {
        return switch (option.argument()) {
            case FLAG -> "yes";
            case OPTIONAL_NUMBER -> option.defaultText();
            default ->
                throw new ConfigException(
                        source.prefix() + "-o " + option.longName() + ": its value is missing. Write -o "
                                + option.longName() + "=" + option.argument().placeholder() + ".");
        };
    }

    // Of a flag picocli keeps how often it was given, and no text.
    private static List<String> textsOf(OptionSpec spec) {
        return spec.getValue() instanceof boolean[] times
                ? Collections.nCopies(times.length, "yes")
                : spec.originalStringValues();
    }

    private static Option optionOf(OptionSpec spec) {
        return Option.named(spec.longestName().substring(2)).orElseThrow();
    }

    private static OptionSpec specOf(Option option) {
        String longName = "--" + option.longName();
        OptionSpec.Builder builder = option.letter() == 0
                ? OptionSpec.builder(longName)
                : OptionSpec.builder("-" + option.letter(), longName);
        return option.argument() == Argument.FLAG
                ? builder.type(boolean[].class).arity("0").build()
                : builder.type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("1")
                        .build();
    }
}
