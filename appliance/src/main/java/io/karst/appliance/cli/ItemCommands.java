package io.karst.appliance.cli;

import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.ExitStatus;
import io.karst.appliance.config.Subcommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** {@code karst get}, {@code set} and {@code delete}: one item, its key in UTF-8. */
final class ItemCommands {
    private static final int KEY_MAX = 250;
    private static final int VALUE_MAX = 1 << 30;
    private static final long FLAGS_MAX = 0xffff_ffffL;
    private static final long EXPTIME_MAX = Integer.MAX_VALUE;

    private final Map<String, String> environment;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    ItemCommands(Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    ExitStatus run(Subcommand command, Words given) throws IOException {
        List<String> words = given.atMost(command == Subcommand.SET ? 2 : 1);
        if (words.isEmpty()) {
            throw new ConfigException(
                    command.word() + ": the key is missing. See karst " + command.word() + " --help.");
        }
        String key = key(words.get(0));
        // What is wrong with the words is said before anybody is asked.
        Endpoint server = given.server(null);
        Access access = given.access(environment);
        return switch (command) {
            case GET -> get(server, access, key, words.get(0));
            case SET -> set(server, access, key, words, given);
            default -> delete(server, access, key, words.get(0));
        };
    }

    /** The key as the protocol has it: a character is a byte. */
    private static String key(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        boolean hasControls = word.chars().anyMatch(character -> character <= ' ' || character == 127);
        if (bytes.length == 0 || bytes.length > KEY_MAX || hasControls) {
            throw new ConfigException("\"" + word + "\": not a key. Use 1 to " + KEY_MAX
                    + " bytes without spaces and control characters.");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private ExitStatus get(Endpoint server, Access access, String key, String shown) throws IOException {
        try (TextClient client = new TextClient(server, access)) {
            client.write("get " + key + "\r\n");
            client.flush();
            String line = client.line();
            if (line.equals("END")) {
                return notFound(shown);
            }
            String[] words = line.split(" ");
            if (words.length != 4 || !words[0].equals("VALUE") || !words[3].matches("[0-9]{1,9}|10[0-9]{8}")) {
                throw new Refused(server + " answered get with: " + line);
            }
            byte[] value = new byte[Integer.parseInt(words[3])];
            client.read(value, value.length);
            out.write(value, 0, value.length);
            if (Terminal.isTerminal(Terminal.STDOUT)) {
                out.println();
            }
            return ExitStatus.OK;
        }
    }

    private ExitStatus set(Endpoint server, Access access, String key, List<String> words, Words given)
            throws IOException {
        long flags = given.number("--flags", 0, FLAGS_MAX, 0);
        long exptime = given.number("--exptime", -1, EXPTIME_MAX, 0);
        byte[] value = words.size() == 1 || words.get(1).equals("-")
                ? fromStdin()
                : words.get(1).getBytes(StandardCharsets.UTF_8);
        try (TextClient client = new TextClient(server, access)) {
            client.write("set " + key + " " + flags + " " + exptime + " " + value.length + "\r\n");
            client.write(value, value.length);
            client.write("\r\n");
            client.flush();
            return done(client, "STORED");
        }
    }

    private byte[] fromStdin() throws IOException {
        byte[] value;
        try {
            value = in.readNBytes(VALUE_MAX + 1);
        } catch (IOException e) {
            throw new FileFailure("stdin: cannot be read: " + e.getMessage(), e);
        }
        if (value.length > VALUE_MAX) {
            throw new ConfigException("stdin: longer than " + VALUE_MAX + " bytes, the most that any server takes.");
        }
        return value;
    }

    private ExitStatus delete(Endpoint server, Access access, String key, String shown) throws IOException {
        try (TextClient client = new TextClient(server, access)) {
            client.write("delete " + key + "\r\n");
            client.flush();
            String line = client.line();
            if (line.equals("NOT_FOUND")) {
                return notFound(shown);
            }
            if (!line.equals("DELETED")) {
                throw new Refused(server + " answered delete with: " + line);
            }
            return ExitStatus.OK;
        }
    }

    private static ExitStatus done(TextClient client, String expected) throws IOException {
        String line = client.line();
        if (!line.equals(expected)) {
            throw new Refused(client.endpoint() + " answered set with: " + line);
        }
        return ExitStatus.OK;
    }

    private ExitStatus notFound(String key) {
        err.println("karst: \"" + key + "\": not found");
        return ExitStatus.NO;
    }
}
