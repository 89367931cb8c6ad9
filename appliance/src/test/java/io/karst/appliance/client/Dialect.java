package io.karst.appliance.client;

import java.util.Locale;

/** What a client speaks to a server; {@link #SASL} is binary after a login. */
enum Dialect {
    TEXT,
    BINARY,
    SASL;

    /** As the scripts take it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
