package io.karst.appliance;

import io.karst.appliance.auth.AuthFile;
import io.karst.appliance.config.Settings;
import io.karst.protocol.Access;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files of users that the settings name, and the logins made from them. Thread-safe. */
final class Logins {
    private final @Nullable AuthFile authFile;

    private Logins(@Nullable AuthFile authFile) {
        this.authFile = authFile;
    }

    /**
     * Reads the files.
     *
     * @throws IOException with one line for the operator
     */
    static Logins open(Settings.Security security) throws IOException {
        Path authFile = security.authFile();
        return new Logins(authFile == null ? null : AuthFile.open(authFile));
    }

    Access access() {
        return new Access(null, authFile);
    }

    /** Reads the files again. */
    void reload() {
        if (authFile != null) {
            authFile.reload();
        }
    }
}
