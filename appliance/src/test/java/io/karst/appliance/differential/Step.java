package io.karst.appliance.differential;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * One random command, in the bytes that each server gets: equal but for CAS tokens.
 *
 * @param shown as a person reads it
 * @param bytes for a server with these tokens
 * @param isLast whether what follows may be taken for its data, or its data for commands, so that nothing comparable does
 */
record Step(String shown, Function<Tokens, byte[]> bytes, boolean isLast) {
    Step(String shown, Function<Tokens, byte[]> bytes) {
        this(shown, bytes, false);
    }

    /** The same, as the last one of its chunk. */
    Step last(boolean wanted) {
        return new Step(shown, bytes, wanted);
    }

    /** A command in Latin-1 that needs no token. */
    static Step text(String command) {
        byte[] bytes = command.getBytes(StandardCharsets.ISO_8859_1);
        return new Step(visible(command), tokens -> bytes);
    }

    /** A command in Latin-1 with {@code {cas}} in it: the token of a key. */
    static Step withToken(String command, String key) {
        return new Step(
                visible(command),
                tokens ->
                        command.replace("{cas}", Long.toString(tokens.of(key))).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Line ends and what is no ASCII, written out; long runs shortened. */
    static String visible(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\r' -> shown.append("\\r");
                case '\n' -> shown.append("\\n");
                default -> shown.append(c < ' ' || c > '~' ? String.format("\\x%02x", (int) c) : Character.toString(c));
            }
        }
        return shown.toString();
    }
}
