package io.karst.appliance.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a configuration file: UTF-8, one option per line, in either of two notations.
 * <pre>
 *  # a comment, also behind a value        memory-limit = 64         name = value; the name is a long name or an -o name
 *  -m 64                                   --conn-limit=2048         as on the command line, as in Debian's memcached.conf
 * </pre>
 * {@code logfile <path>}, Debian's one word of its own, is skipped. Everything unknown is refused with file and line.
 */
final class ConfigFile {
    private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*");
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z][A-Za-z0-9_-]*)\\s*=\\s*(.*)");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
    private static final Set<Option> COMMAND_LINE_ONLY =
            EnumSet.of(Option.CONFIG, Option.HELP, Option.VERSION, Option.LICENSE);

    private final OptionParser parser;
    private final List<String> notices;

    /** Notices about skipped lines are added to {@code notices}. */
    ConfigFile(OptionParser parser, List<String> notices) {
        this.parser = parser;
        this.notices = notices;
    }

    /** The options of the file that {@code config} names. */
    GivenOptions read(Given config) {
        Path file = ArgumentText.file(config);
        GivenOptions options = new GivenOptions();
        List<String> lines = linesOf(config, file);
        for (int i = 0; i < lines.size(); i++) {
            readLine(
                    COMMENT.matcher(lines.get(i)).replaceFirst("").strip(),
                    Source.line(file.toString(), i + 1),
                    options);
        }
        return options;
    }

    private void readLine(String line, Source source, GivenOptions options) {
        Matcher assignment = ASSIGNMENT.matcher(line);
        if (line.isEmpty()) {
            return;
        } else if (line.startsWith("-")) {
            append(options, parser.parse(words(line), source));
        } else if (assignment.matches()) {
            assign(options, assignment.group(1), assignment.group(2), source);
        } else if (line.matches("logfile(\\s.*)?")) {
            notices.add(source.prefix() + "logfile is skipped: Karst logs to stderr.");
        } else {
            throw new ConfigException(source.prefix() + "\"" + line + "\": not an option. Write name = value, or the"
                    + " option as on the command line.");
        }
    }

    private static void append(GivenOptions options, GivenOptions line) {
        for (Option option : Option.values()) {
            for (Given given : line.all(option)) {
                add(options, given);
            }
        }
    }

    private static void assign(GivenOptions options, String name, String value, Source source) {
        Option option = Option.named(name).orElseThrow(() -> OptionParser.unknown(name, source));
        if (option == Option.VERBOSE && value.matches("[0-3]")) {
            for (int i = 0; i < Integer.parseInt(value); i++) {
                options.add(new Given(option, "yes", source));
            }
        } else if (option == Option.EXTENDED) {
            OptionParser.add(options, option, value, source);
        } else {
            add(options, new Given(option, unquoted(value), source));
        }
    }

    private static void add(GivenOptions options, Given given) {
        if (COMMAND_LINE_ONLY.contains(given.option())) {
            throw new ConfigException(given.source().prefix() + given.option().longName()
                    + ": for the command line only. Take the line out.");
        }
        options.add(given);
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(unquoted(matcher.group()));
        }
        return words;
    }

    private static String unquoted(String text) {
        Matcher matcher = WORD.matcher(text);
        if (!matcher.matches() || matcher.group(3) != null) {
            return text;
        }
        return text.substring(1, text.length() - 1);
    }

    private static List<String> linesOf(Given config, Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw config.refuse("no such file. Name one that exists, or leave --config out.");
        } catch (IOException e) {
            throw config.refuse("cannot be read (" + e + "). Name a readable text file.");
        }
    }
}
