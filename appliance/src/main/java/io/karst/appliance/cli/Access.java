package io.karst.appliance.cli;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a server lets a client in.
 *
 * @param tls what to trust and to show, or null to speak in clear
 * @param login the name of a user, as {@code -Y} asks for, or null
 * @param password theirs
 */
record Access(@Nullable SSLContext tls, @Nullable String login, String password) {
    /** In clear, without a login. */
    static final Access OPEN = new Access(null, null, "");

    @Override
    public String toString() {
        return "Access[login=" + login + "]";
    }
}
