package io.karst.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Who must log in before anything else is answered. At most one of the two is there: SASL is for the binary protocol only,
 * the other for text only.
 *
 * @param sasl logins of the binary protocol ({@code -S}), or null
 * @param passwords logins of the text protocol ({@code -Y}), or null
 */
public record Access(@Nullable Authenticator sasl, @Nullable PasswordCheck passwords) {
    /** Nobody needs to log in. */
    public static final Access OPEN = new Access(null, null);

    /** Logins failed before a connection is closed. */
    public static final int FAILURES_MAX = 5;

    private static final long DELAY_MILLIS = 100;

    /** Milliseconds to hold a refusal back, the longer the more logins of the connection have failed, this one included. */
    public static long delayMillis(int failureCount) {
        return DELAY_MILLIS * failureCount;
    }

    /** Refuses both at once. */
    public Access {
        if (sasl != null && passwords != null) {
            throw new IllegalArgumentException("logins for the binary protocol only and for the text protocol only");
        }
    }

    /** Whether a connection may begin in text. */
    public boolean takesText() {
        return sasl == null;
    }

    /** Whether a connection may begin in binary. */
    public boolean takesBinary() {
        return passwords == null;
    }
}
