package io.karst.appliance.config;

import java.util.Locale;

/** The manual page {@code karst(1)} in man's macros, made from the {@link Option} table. */
final class ManPage {
    private ManPage() {}

    /** The page. */
    static String text() {
        StringBuilder page = new StringBuilder("""
                .\\" Made from the table in config/Option.java; change it there.
                .TH KARST 1
                .SH NAME
                karst \\- cache that speaks memcached's protocol, with its memory off the Java heap
                .SH SYNOPSIS
                .B karst
                .RI [ options ]
                .br
                .B karst
                .I COMMAND ...
                .SH DESCRIPTION
                Karst serves memcached's text protocol on TCP or on a unix socket, in the foreground, until SIGTERM.
                memcached's letters and long names mean what they mean there. The command line wins over the file of
                .BR \\-\\-config ,
                the file over the defaults.
                .PP
                The commands, such as
                .BR "karst stats" ,
                .BR "karst top" ,
                .B karst doctor
                and
                .BR "karst passwd" ,
                are those of
                .BR karst (8).
                """);
        for (Topic topic : Topic.values()) {
            appendTopic(page, topic);
        }
        appendShort(page, "ACCEPTED WITHOUT EFFECT", Support.IGNORED);
        appendShort(page, "NOT YET SUPPORTED", Support.REFUSED);
        return page.append("""
                        .SH EXIT STATUS
                        0 after a stop that a client asked for, \\-\\-help or \\-\\-version; 143 after SIGTERM; 64 when an option
                        is wrong, 71 when the machine refuses, with one line of reason on stderr.
                        .SH ENVIRONMENT
                        .TP
                        .B MEMCACHED_PORT_FILENAME
                        File to write the ports in use to.
                        .SH SEE ALSO
                        .BR karst (8),
                        .BR karst.conf (5),
                        .BR memcached (1)
                        """).toString();
    }

    private static void appendTopic(StringBuilder page, Topic topic) {
        var options = OptionText.inTopic(topic, Support.MEMCACHED, Support.OURS);
        if (options.isEmpty()) {
            return;
        }
        page.append(".SH ").append(topic.title().toUpperCase(Locale.ROOT)).append('\n');
        for (Option option : options) {
            page.append(".TP\n.B ")
                    .append(escaped(OptionText.names(option).strip()))
                    .append('\n');
            appendSentence(page, sentence(option));
            appendSentence(page, OptionText.range(option));
            appendSentence(page, OptionText.hasDefault(option) ? "Default: " + option.defaultText() + "." : "");
            appendSentence(page, option.detail());
        }
    }

    private static void appendShort(StringBuilder page, String title, Support support) {
        page.append(".SH ").append(title).append('\n');
        for (Option option : Option.values()) {
            if (option.support() == support) {
                page.append(".TP\n.B ")
                        .append(escaped(OptionText.names(option).strip()))
                        .append('\n');
                appendSentence(page, sentence(option));
                appendSentence(page, option.instead());
                appendSentence(page, option.detail());
            }
        }
    }

    /** What an option means, from its capital letter to its full stop. */
    static String sentence(Option option) {
        return Character.toUpperCase(option.meaning().charAt(0))
                + option.meaning().substring(1) + ".";
    }

    static void appendSentence(StringBuilder page, String sentence) {
        if (!sentence.isEmpty()) {
            page.append(escaped(sentence)).append('\n');
        }
    }

    static String escaped(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
