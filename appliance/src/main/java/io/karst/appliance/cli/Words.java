package io.karst.appliance.cli;

import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.Subcommand;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The words behind a command, read as its row of the {@link Subcommand} table says. */
final class Words {
    private final Subcommand command;
    private final ParseResult given;

    private Words(Subcommand command, ParseResult given) {
        this.command = command;
        this.given = given;
    }

    /**
     * Reads them.
     *
     * @throws ConfigException when they do not fit the row
     */
    static Words of(Subcommand command, List<String> words) {
        CommandSpec spec = CommandSpec.create().name("karst " + command.word());
        for (Subcommand.Flag flag : command.flags()) {
            OptionSpec.Builder option = OptionSpec.builder(flag.names().toArray(String[]::new));
            spec.addOption(
                    flag.placeholder().isEmpty()
                            ? option.type(boolean.class).build()
                            : option.type(String.class).arity("1").build());
        }
        spec.addOption(OptionSpec.builder("-h", "--help").type(boolean.class).build());
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
        CommandLine line = new CommandLine(spec)
                .setExpandAtFiles(false)
                .setInterpolateVariables(false)
                .setOverwrittenOptionsAllowed(true);
        try {
            return new Words(command, line.parseArgs(words.toArray(String[]::new)));
        } catch (ParameterException e) {
            throw new ConfigException(command.word() + ": "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ". See karst " + command.word()
                    + " --help.");
        }
    }

    /** Whether an option is there; by its long name. */
    boolean has(String name) {
        return given.hasMatchedOption(name);
    }

    /** The value of an option, or null when it is not there. */
    @Nullable
    String value(String name) {
        return given.matchedOptionValue(name, (String) null);
    }

    /** A number between two others, or one in its place when it is not there. */
    long number(String name, long least, long most, long otherwise) {
        String text = value(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("-?[0-9]{1,18}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
            throw new ConfigException(name + "=\"" + text + "\": use a number from " + least + " to " + most + ".");
        }
        return Long.parseLong(text);
    }

    /** What is no option, in its order. */
    List<String> positional() {
        return given.commandSpec().positionalParameters().get(0).originalStringValues();
    }

    /** The same, refused when there are more. */
    List<String> atMost(int count) {
        List<String> words = positional();
        if (words.size() > count) {
            throw new ConfigException(
                    "\"" + words.get(count) + "\": stray word. See karst " + command.word() + " --help.");
        }
        return words;
    }

    /** The server to ask: {@code --server}, or a word that names it, or the one on this machine. */
    Endpoint server(@Nullable String word) {
        String option = value("--server");
        if (option != null && word != null) {
            throw new ConfigException("\"" + word + "\": --server names the server already. Leave one of them out.");
        }
        String text = option == null ? word : option;
        Endpoint endpoint = text == null ? Endpoint.DEFAULT : Endpoint.orHost(text);
        if (endpoint == null) {
            throw new ConfigException("\"" + text + "\": not an address. Write HOST or HOST:PORT.");
        }
        return endpoint;
    }

    /** How the server lets us in. */
    Access access(Map<String, String> environment) {
        String login = value("--login");
        return new Access(tls(), login, login == null ? "" : password(environment));
    }

    private String password(Map<String, String> environment) {
        String file = value("--password-file");
        String password = file == null ? environment.get("KARST_PASSWORD") : firstLine(file);
        if (password == null || password.isEmpty()) {
            throw new ConfigException(
                    "--login: there is no password. Name a file with --password-file, or set KARST_PASSWORD.");
        }
        return password;
    }

    private static @Nullable String firstLine(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            throw new ConfigException("--password-file=\"" + file + "\": cannot be read.");
        }
    }

    private @Nullable SSLContext tls() {
        String authorities = value("--ca");
        String certificate = value("--cert");
        String key = value("--key");
        if (!has("--tls") && authorities == null && certificate == null && key == null) {
            return null;
        }
        if ((certificate == null) != (key == null)) {
            throw new ConfigException("--cert and --key go together. Give both, or none.");
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
            if (authorities != null) {
                builder.trustManager(Path.of(authorities).toFile());
            }
            if (certificate != null && key != null) {
                builder.keyManager(Path.of(certificate).toFile(), Path.of(key).toFile());
            }
            return ((JdkSslContext) builder.build()).context();
        } catch (SSLException | IllegalArgumentException e) {
            throw new ConfigException("--ca, --cert, --key: not usable: " + reason(e) + ".");
        }
    }

    /** The deepest reason: the first one only says that a file is invalid. */
    private static String reason(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null ? deepest.toString() : deepest.getMessage();
    }
}
