package io.karst.appliance;

import io.karst.appliance.auth.AuthFile;
import io.karst.appliance.auth.SaslAuthenticator;
import io.karst.appliance.config.Settings;
import io.karst.protocol.Access;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files of users that the settings name, and the logins made from them. Thread-safe. */
final class Logins implements AutoCloseable {
    private final @Nullable SaslAuthenticator sasl;
    private final @Nullable AuthFile authFile;

    private Logins(@Nullable SaslAuthenticator sasl, @Nullable AuthFile authFile) {
        this.sasl = sasl;
        this.authFile = authFile;
    }

    /**
     * Reads the files.
     *
     * @throws IOException with one line for the operator
     */
    static Logins open(Settings.Security security) throws IOException {
        Path authFile = security.authFile();
        return new Logins(
                security.saslEnabled() ? SaslAuthenticator.open(security.saslUsers()) : null,
                authFile == null ? null : AuthFile.open(authFile));
    }

    Access access() {
        return new Access(sasl, authFile);
    }

    /** Reads the files again; one that is wrong changes nothing. */
    void reload() {
        if (sasl != null) {
            sasl.reload();
        }
        if (authFile != null) {
            authFile.reload();
        }
    }

    /** Ends logins under way; after the loops have ended. */
    @Override
    public void close() {
        if (sasl != null) {
            sasl.close();
        }
    }
}
