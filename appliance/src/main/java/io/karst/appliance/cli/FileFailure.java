package io.karst.appliance.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file or the terminal, not a server, is what went wrong; the message names it. */
final class FileFailure extends IOException {
    private static final long serialVersionUID = 1;

    FileFailure(String message, @Nullable IOException cause) {
        super(message, cause);
    }
}
