package io.karst.appliance.robustness;

import java.io.IOException;
import java.util.Set;

/** A client that sends one random command at a time and checks the answer. */
interface Talk extends AutoCloseable {
    /**
     * Sends one command, or a few, and reads what they answer.
     *
     * @throws AssertionError when an answer is not well formed
     */
    void step() throws Exception;

    @Override
    void close() throws IOException;

    /** The commands sent so far, by their names. */
    Set<String> said();

    /** Checks that a value is made of its key's letter ({@code v<n>}) or digits ({@code n<n>}). */
    static void checkValue(String key, String value) {
        boolean isNumber = key.startsWith("n");
        char letter = isNumber ? '0' : (char) ('a' + Integer.parseInt(key.substring(1)) % 26);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isNumber ? (c < '0' || c > '9') && c != ' ' : c != letter) {
                throw new AssertionError("wrong byte at " + i + " of " + key + ": " + (int) c);
            }
        }
    }
}
