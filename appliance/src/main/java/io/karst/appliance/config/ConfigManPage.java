package io.karst.appliance.config;

/** The manual page {@code karst.conf(5)}, made from the {@link Option} table: what a line of the file may say. */
final class ConfigManPage {
    private ConfigManPage() {}

    /** The page. */
    static String text() {
        StringBuilder page = new StringBuilder("""
                .\\" Made from the table in config/Option.java; change it there.
                .TH KARST.CONF 5
                .SH NAME
                karst.conf \\- configuration of the Karst cache server
                .SH DESCRIPTION
                .B karst \\-\\-config=/etc/karst/karst.conf
                reads one option per line, written
                .IR "name = value" ,
                or as on the command line:
                .BR "\\-m 64" .
                A number sign begins a comment. The command line wins over the file, the file over the defaults. An
                unknown name stops the start, with the file and the line in the message.
                .PP
                After a change restart the service. Files of users and of certificates are read again by
                .BR "systemctl reload karst" ,
                without a restart.
                .SH OPTIONS
                """);
        for (Option option : Option.values()) {
            if (SettingsResolver.isSetting(option)) {
                appendOption(page, option);
            }
        }
        return page.append("""
                        .SH FILES
                        .I /etc/karst/karst.conf
                        is what the service reads;
                        .I /etc/default/karst
                        has flags for Java.
                        .SH SEE ALSO
                        .BR karst (1)
                        """).toString();
    }

    private static void appendOption(StringBuilder page, Option option) {
        page.append(".TP\n.B ")
                .append(ManPage.escaped(option.longName()))
                .append(" = ")
                .append(ManPage.escaped(
                        option.argument() == Argument.FLAG
                                ? "yes"
                                : option.argument().placeholder()))
                .append('\n');
        ManPage.appendSentence(page, ManPage.sentence(option));
        ManPage.appendSentence(page, OptionText.range(option));
        ManPage.appendSentence(page, OptionText.hasDefault(option) ? "Default: " + option.defaultText() + "." : "");
        ManPage.appendSentence(page, option.detail());
    }
}
