package io.karst.appliance.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page of {@code --help}: plain text of at most 80 columns, made from the {@link Option} table. */
final class HelpPage {
    private static final int NAME_WIDTH = 32;
    private static final int WIDTH = 80;

    private HelpPage() {}

    /** The whole page. */
    static String text(String version) {
        StringBuilder page = new StringBuilder("karst " + version + ": a cache that speaks memcached's protocol\n\n"
                + "Usage: karst [options]\n"
                + "       karst COMMAND ...          karst COMMAND --help says more\n\n"
                + "Commands:\n"
                + CommandPages.list()
                + "\n"
                + "Try it:  printf 'set a 0 0 1\\r\\n1\\r\\nget a\\r\\nquit\\r\\n' | nc 127.0.0.1 11211\n");
        for (Topic topic : Topic.values()) {
            List<Option> options = OptionText.inTopic(topic, Support.MEMCACHED, Support.OURS);
            if (!options.isEmpty()) {
                page.append('\n').append(topic.title()).append(":\n");
                options.forEach(option -> appendOption(page, option));
            }
        }
        appendNames(page, "Accepted for memcached's sake, without effect:", Support.IGNORED);
        appendNames(page, "Not yet supported, refused at start:", Support.REFUSED);
        return page.append("\nSizes take k, m or g. A flag of memcached means here what it means there.\n")
                .toString();
    }

    private static void appendOption(StringBuilder page, Option option) {
        String names = "  " + OptionText.names(option);
        List<String> lines = wrapped(option.meaning() + OptionText.defaultInParentheses(option), WIDTH - NAME_WIDTH);
        boolean fits = names.length() < NAME_WIDTH;
        page.append(names).append(fits ? " ".repeat(NAME_WIDTH - names.length()) : "\n" + " ".repeat(NAME_WIDTH));
        page.append(String.join("\n" + " ".repeat(NAME_WIDTH), lines)).append('\n');
    }

    private static void appendNames(StringBuilder page, String title, Support support) {
        String names = Stream.of(Option.values())
                .filter(option -> option.support() == support)
                .map(OptionText::shortName)
                .collect(Collectors.joining(", "));
        page.append('\n').append(title).append("\n  ");
        page.append(String.join("\n  ", wrapped(names, WIDTH - 2))).append('\n');
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
