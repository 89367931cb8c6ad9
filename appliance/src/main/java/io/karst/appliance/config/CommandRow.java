package io.karst.appliance.config;

import java.util.ArrayList;
import java.util.List;

/**
 * One row of the {@link Subcommand} table while it is being written down: each method fills one column and returns the row. Used by
 * the table's initialiser only, so it is neither shared nor changed afterwards.
 */
final class CommandRow {
    final String word;
    final List<String> uses = new ArrayList<>();
    final List<Subcommand.Flag> flags = new ArrayList<>();
    final List<String> details = new ArrayList<>();
    String meaning = "";

    private CommandRow(String word) {
        this.word = word;
    }

    static CommandRow command(String word) {
        return new CommandRow(word);
    }

    /** What stands behind the word. */
    CommandRow use(String words) {
        uses.add(words);
        return this;
    }

    CommandRow means(String sentence) {
        meaning = sentence;
        return this;
    }

    /** One more paragraph. */
    CommandRow more(String sentences) {
        details.add(sentences);
        return this;
    }

    /** An option without a value. */
    CommandRow flag(String names, String sentence) {
        return takes(names, "", sentence);
    }

    /** An option with a value; several names are separated by a comma and a space. */
    CommandRow takes(String names, String placeholder, String sentence) {
        flags.add(new Subcommand.Flag(List.of(names.split(", ")), placeholder, sentence));
        return this;
    }

    /** The options of everything that talks to a running server. */
    CommandRow asksAServer() {
        return takes("--server", "HOST[:PORT]", "the server to ask (127.0.0.1:11211)")
                .flag("--tls", "speak TLS")
                .takes("--ca", "FILE", "authorities that may sign the server's certificate, PEM; implies --tls")
                .takes("--cert", "FILE", "certificate to show, PEM; needs --key")
                .takes("--key", "FILE", "its private key, PEM")
                .takes("--login", "NAME", "log in, as -Y asks for")
                .takes("--password-file", "FILE", "file whose first line is the password; otherwise KARST_PASSWORD");
    }
}
