package io.karst.appliance.auth;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one message of SASL PLAIN (RFC 4616): {@code [authzid] NUL name NUL password}, in UTF-8.
 *
 * @param name prepared
 * @param password prepared, not empty
 */
record PlainMessage(String name, String password) {

    /** Reads one; null when it is none, or asks to act as somebody else. */
    static @Nullable PlainMessage parse(byte[] message) {
        String text = Utf8.decode(message);
        if (text == null) {
            return null;
        }
        String[] parts = text.split("\0", -1);
        if (parts.length != 3) {
            return null;
        }
        Optional<String> name = Saslprep.prepare(parts[1]);
        Optional<String> password = Saslprep.prepare(parts[2]);
        boolean isSomebodyElse = !parts[0].isEmpty() && !parts[0].equals(parts[1]);
        boolean isUsable =
                name.isPresent() && password.isPresent() && !password.get().isEmpty();
        return isUsable && !isSomebodyElse ? new PlainMessage(name.get(), password.get()) : null;
    }
}
