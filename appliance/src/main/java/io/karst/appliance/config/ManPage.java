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
                .B karst passwd
                .RI [ "\\-\\-file FILE" ]
                .RI [ \\-\\-delete ]
                .I NAME
                .br
                .B karst ring
                .RB { show | locate | slots | plan | check }
                .RI [ options ]
                .br
                .B karst doctor
                .RI [ \\-\\-json ]
                .RI [ \\-\\-all ]
                .RI [ "\\-\\-root DIR" ]
                .RI [ "\\-\\-emit DIR" ]
                .RI [ options ]
                .br
                .B karst plan
                .RI [ "\\-\\-items N" ]
                .RI [ "\\-\\-requests N" ]
                .I ...
                .br
                .B karst warm
                .RI "\\-\\-from HOST:PORT" " [ " "\\-\\-to HOST:PORT" " ]"
                .SH DESCRIPTION
                Karst serves memcached's text protocol on TCP or on a unix socket, in the foreground, until SIGTERM.
                memcached's letters and long names mean what they mean there. The command line wins over the file of
                .BR \\-\\-config ,
                the file over the defaults.
                .PP
                .B karst passwd
                adds a user to the file of
                .BR sasl_users ,
                gives one another password, or deletes one. It asks for the password on a terminal, and reads it from
                the first line of its input otherwise.
                .PP
                .B karst ring
                tells where clients place keys on nodes that it is given: the part that each node owns, the nodes of a key,
                what moves when a node comes or goes, and whether a client's own view is the same.
                .B karst ring show \\-\\-help
                and so on list the options. Its exit status is 1 when
                .B check
                finds a key elsewhere, 71 when a file cannot be read.
                .PP
                .B karst doctor
                compares this machine with what a server with these options asks of it, or with those of
                .IR /etc/karst/karst.conf ,
                and says what to change and why. It changes nothing:
                .B \\-\\-emit
                writes files to read and to copy. Exit status: 0 nothing to do, 1 warnings, 2 errors.
                .PP
                .B karst plan
                says how many servers a load needs, and shows the figures;
                .B karst plan \\-\\-help
                lists what it can be told.
                .PP
                .B karst warm
                copies the items of a running memcached.
                """);
        for (Topic topic : Topic.values()) {
            appendTopic(page, topic);
        }
        appendShort(page, "ACCEPTED WITHOUT EFFECT", Support.IGNORED);
        appendShort(page, "NOT YET SUPPORTED", Support.REFUSED);
        return page.append("""
                        .SH EXIT STATUS
                        0 after SIGTERM, \\-\\-help or \\-\\-version; 64 when an option is wrong, with one line of reason on stderr.
                        .SH ENVIRONMENT
                        .TP
                        .B MEMCACHED_PORT_FILENAME
                        File to write the ports in use to.
                        .SH SEE ALSO
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
