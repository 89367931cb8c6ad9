package io.karst.appliance.config;

import java.util.ArrayList;
import java.util.List;

/** The commented configuration file: every option with an effect, at its default, each behind a number sign. */
final class ConfigTemplate {
    private static final int WIDTH = 100;

    private ConfigTemplate() {}

    /** The file. Taking away the sign before a {@code name = value} line changes nothing until the value is changed. */
    static String text() {
        StringBuilder file = new StringBuilder("""
                # Configuration of Karst, read with karst --config=<this file>.
                # One option per line: name = value, or as on the command line (-m 64). The command line wins over this file.
                # Commented lines show the defaults. An unknown name stops the start, with file and line.
                """);
        for (Topic topic : Topic.values()) {
            List<Option> options = OptionText.inTopic(topic, Support.MEMCACHED, Support.OURS).stream()
                    .filter(SettingsResolver::isSetting)
                    .toList();
            if (!options.isEmpty()) {
                file.append("\n#\n# ").append(topic.title()).append("\n#\n");
                options.forEach(option -> appendOption(file, option));
            }
        }
        return file.toString();
    }

    private static void appendOption(StringBuilder file, Option option) {
        file.append('\n');
        String text = Character.toUpperCase(option.meaning().charAt(0))
                + option.meaning().substring(1) + ". "
                + OptionText.range(option);
        wrapped((text.strip() + " " + option.detail()).strip())
                .forEach(line -> file.append("# ").append(line).append('\n'));
        file.append("#")
                .append(option.longName())
                .append(" = ")
                .append(shownValue(option))
                .append('\n');
    }

    private static String shownValue(Option option) {
        if (option == Option.VERBOSE) {
            return "0";
        }
        return option.argument() == Argument.FILE ? "/path/to/file" : option.defaultText();
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
