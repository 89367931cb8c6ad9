package io.karst.appliance.config;

import java.util.ArrayList;
import java.util.List;

/** What a command line asks for: a server, or a page of text. Begin reading here: {@link #from} is the way in. */
public sealed interface Start {
    /**
     * Run a server.
     *
     * @param settings with these
     */
    record Serve(Settings settings) implements Start {}

    /**
     * Print a text to stdout and exit with status 0.
     *
     * @param text ends with a line feed
     */
    record Print(String text) implements Start {}

    /**
     * Reads the command line and the file that it may name.
     *
     * @throws ConfigException when the process must not start; its message is one line for stderr
     */
    static Start from(List<String> words, Environment environment) {
        OptionParser parser = new OptionParser();
        GivenOptions commandLine = parser.parse(words, Source.COMMAND_LINE);
        if (commandLine.isOn(Option.HELP)) {
            return new Print(HelpPage.text(environment.version()));
        } else if (commandLine.isOn(Option.VERSION)) {
            return new Print("karst " + environment.version() + "\n");
        } else if (commandLine.isOn(Option.LICENSE)) {
            return new Print("karst " + environment.version() + "\n\nLicensed under the Apache License, Version 2.0;"
                    + " the text is in the file LICENSE\nand at https://www.apache.org/licenses/LICENSE-2.0.\n");
        }
        List<String> notices = new ArrayList<>();
        GivenOptions options = new GivenOptions();
        commandLine
                .last(Option.CONFIG)
                .ifPresent(file -> options.overrideWith(new ConfigFile(parser, notices).read(file)));
        options.overrideWith(commandLine);
        return new Serve(new SettingsResolver(options, environment, notices).resolve());
    }
}
