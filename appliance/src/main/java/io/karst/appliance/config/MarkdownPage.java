package io.karst.appliance.config;

import java.util.List;

/** The Markdown made from the {@link Option} table: the README's table and the reference page. */
final class MarkdownPage {
    private MarkdownPage() {}

    /** The table of all options that have an effect, for the README. */
    static String table() {
        StringBuilder table = new StringBuilder("| option | default | meaning |\n|---|---|---|\n");
        for (Topic topic : Topic.values()) {
            for (Option option : OptionText.inTopic(topic, Support.MEMCACHED, Support.OURS)) {
                table.append("| `").append(OptionText.names(option).strip()).append("` | ");
                table.append(OptionText.hasDefault(option) ? "`" + option.defaultText() + "`" : "");
                table.append(" | ").append(option.meaning()).append(" |\n");
            }
        }
        return table.toString();
    }

    /** The reference page of all options. */
    static String reference() {
        StringBuilder page = new StringBuilder("""
                # Options

                Made from the table in `appliance/.../config/Option.java`; change it there. memcached's letters and long
                names mean what they mean in memcached 1.6.45. The command line wins over the file of `--config`, the file
                over the defaults. `karst --help` prints the short form, `stats settings` what a running server uses.

                """);
        for (Topic topic : Topic.values()) {
            appendTopic(page, topic, OptionText.inTopic(topic, Support.MEMCACHED, Support.OURS));
        }
        page.append("""
                ## Accepted without effect

                They belong to memcached's inner workings, or cannot be done from Java. Each one given is named in one log
                line at start.

                """);
        appendShort(page, Support.IGNORED);
        page.append("""

                ## Not yet supported

                Karst refuses to start with these, because going on without them would pretend something.

                """);
        appendShort(page, Support.REFUSED);
        return page.toString();
    }

    private static void appendTopic(StringBuilder page, Topic topic, List<Option> options) {
        if (options.isEmpty()) {
            return;
        }
        page.append("## ").append(topic.title()).append("\n\n");
        for (Option option : options) {
            page.append("### `").append(OptionText.names(option).strip()).append("`\n\n");
            page.append(sentence(option.meaning()));
            append(page, OptionText.range(option));
            append(page, OptionText.hasDefault(option) ? "Default: `" + option.defaultText() + "`." : "");
            append(page, option.support() == Support.OURS ? "Karst's own." : "");
            append(page, option.statKey().isEmpty() ? "" : "In `stats settings`: `" + option.statKey() + "`.");
            page.append(option.detail().isEmpty() ? "" : "\n\n" + option.detail())
                    .append("\n\n");
        }
    }

    private static void appendShort(StringBuilder page, Support support) {
        page.append("| option | meaning in memcached | here |\n|---|---|---|\n");
        for (Topic topic : Topic.values()) {
            for (Option option : OptionText.inTopic(topic, support)) {
                page.append("| `").append(OptionText.names(option).strip()).append("` | ");
                page.append(option.meaning()).append(" | ");
                page.append((option.instead() + " " + option.detail()).strip()).append(" |\n");
            }
        }
    }

    private static void append(StringBuilder page, String sentence) {
        page.append(sentence.isEmpty() ? "" : " " + sentence);
    }

    private static String sentence(String meaning) {
        return Character.toUpperCase(meaning.charAt(0)) + meaning.substring(1) + ".";
    }
}
