package io.karst.appliance.config;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;

/** Starts with a made-up environment: not root, no variables, and a resolver that never asks the network. */
final class StartFixture {
    static final Environment USER = new Environment(false, Map.of(), StartFixture::addressesOf, "1.2.3");
    static final Environment ROOT = new Environment(true, Map.of(), StartFixture::addressesOf, "1.2.3");

    private StartFixture() {}

    static Settings settings(String... words) {
        return settings(USER, words);
    }

    static Settings settings(Environment environment, String... words) {
        return assertInstanceOf(Start.Serve.class, Start.from(List.of(words), environment))
                .settings();
    }

    static String refusal(String... words) {
        return String.valueOf(assertThrows(ConfigException.class, () -> Start.from(List.of(words), USER))
                .getMessage());
    }

    static String printed(String... words) {
        return assertInstanceOf(Start.Print.class, Start.from(List.of(words), USER))
                .text();
    }

    /** A socket address from a literal, without asking anybody. */
    static InetSocketAddress at(String literal, int port) {
        return new InetSocketAddress(literal(literal), port);
    }

    private static InetAddress[] addressesOf(String name) throws UnknownHostException {
        return switch (name) {
            case "localhost" -> new InetAddress[] {literal("127.0.0.1"), literal("::1")};
            case "*" -> new InetAddress[] {literal("::")};
            default -> {
                if (!name.matches("[0-9.]+|[0-9a-f:]+")) {
                    throw new UnknownHostException(name);
                }
                yield new InetAddress[] {literal(name)};
            }
        };
    }

    private static InetAddress literal(String text) {
        try {
            return InetAddress.getAllByName(text)[0];
        } catch (UnknownHostException e) {
            throw new AssertionError(text + " is not an address", e);
        }
    }
}
