package io.karst.appliance.http;

import io.karst.appliance.auth.Hashes;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.regex.Pattern;

/**
 * The token that a file has on its first line (RFC 6750). Thread-safe. A file that has become unreadable or wrong leaves the
 * token as it was.
 */
final class BearerToken {
    private static final System.Logger LOGGER = System.getLogger(BearerToken.class.getName());
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]{32,1024}=*");
    private static final long LENGTH_MAX = 4096;

    private final Path file;
    /** What is compared is equally long for all, and the token itself does not lie about in memory. */
    private volatile byte[] digest;

    private BearerToken(Path file) throws IOException {
        this.file = file;
        this.digest = read();
    }

    /**
     * Reads the file.
     *
     * @throws IOException with one line for the operator, when it cannot be used
     */
    static BearerToken open(Path file) throws IOException {
        return new BearerToken(file);
    }

    /** Whether somebody who says this knows the token. Takes as long for a wrong one as for the right one. */
    boolean isRight(String presented) {
        return MessageDigest.isEqual(digest, digest(presented));
    }

    /** Reads the file again. */
    void reload() {
        try {
            digest = read();
            LOGGER.log(Level.INFO, "Admin token read again file={0}", file);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Admin token not read again, the old one stays: {0}", e.getMessage());
        }
    }

    private byte[] read() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no such file. Put a token on its first line: openssl rand -hex 32.");
        }
        if (!Files.isReadable(file)) {
            throw new IOException(file + ": may not be read by this user. Give it to the user of the server.");
        }
        String token = Files.size(file) > LENGTH_MAX
                ? ""
                : Files.readString(file, StandardCharsets.ISO_8859_1)
                        .lines()
                        .findFirst()
                        .orElse("")
                        .strip();
        if (!FORM.matcher(token).matches()) {
            throw new IOException(file
                    + ": no token of 32 to 1024 letters, digits and ._~+/- on its first line. Make one with openssl"
                    + " rand -hex 32.");
        }
        return digest(token);
    }

    private static byte[] digest(String token) {
        return Hashes.sha256(token.getBytes(StandardCharsets.ISO_8859_1));
    }
}
