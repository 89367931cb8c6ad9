package io.karst.appliance.auth;

import io.karst.protocol.PasswordCheck;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * memcached's file for text logins ({@code -Y}): up to 8 lines of {@code user:password}, in clear, as that program reads
 * it; what stands behind the first colon is the password, empty lines are skipped. Thread-safe. A file that has become
 * unreadable or wrong leaves the users as they were.
 */
public final class AuthFile implements PasswordCheck {
    private static final System.Logger LOGGER = System.getLogger(AuthFile.class.getName());
    private static final int ENTRIES_MAX = 8;
    private static final int LINE_MAX = 255;
    private static final long LENGTH_MAX = 64 << 10;

    private final Path path;
    private final byte[] key = new byte[Hashes.LENGTH];
    /** A MAC of each user and password: what is compared is equally long for all, and no password lies about in memory. */
    private volatile List<byte[]> entries;

    private AuthFile(Path path) throws IOException {
        this.path = path;
        new SecureRandom().nextBytes(key);
        this.entries = read();
    }

    /**
     * Reads the file.
     *
     * @throws IOException with one line for the operator, when it cannot be used
     */
    public static AuthFile open(Path path) throws IOException {
        return new AuthFile(path);
    }

    @Override
    public boolean isRight(byte[] user, byte[] password) {
        byte[] mac = mac(user, password);
        boolean isRight = false;
        for (byte[] entry : entries) {
            // All of them, so that the time does not tell which one it was.
            isRight |= MessageDigest.isEqual(entry, mac);
        }
        return isRight;
    }

    // The length keeps "ab" + "c" apart from "a" + "bc".
    private byte[] mac(byte[] user, byte[] password) {
        byte[] length = {(byte) (user.length >> 8), (byte) user.length};
        return Hashes.hmac(key, length, user, password);
    }

    /** Reads the file again. */
    public void reload() {
        try {
            List<byte[]> fresh = read();
            entries = fresh;
            LOGGER.log(Level.INFO, "Auth file read again file={0} users={1}", path, fresh.size());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Auth file not read again, the old list stays: {0}", e.getMessage());
        }
    }

    private List<byte[]> read() throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": no such file. Name one with a user:password per line.");
        }
        if (!Files.isReadable(path)) {
            throw new IOException(path + ": may not be read by this user. Give it to the user of the server.");
        }
        if (Files.size(path) > LENGTH_MAX) {
            throw new IOException(path + ": longer than " + LENGTH_MAX + " bytes. It takes " + ENTRIES_MAX + " users.");
        }
        // One char per byte: passwords are bytes.
        List<String> lines =
                Files.readString(path, StandardCharsets.ISO_8859_1).lines().toList();
        List<byte[]> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int colon = line.indexOf(':');
            if (!line.isEmpty() && (colon < 0 || line.length() > LINE_MAX)) {
                throw new IOException(path + " line " + (i + 1) + ": not user:password in " + LINE_MAX + " bytes");
            } else if (!line.isEmpty() && found.size() == ENTRIES_MAX) {
                LOGGER.log(Level.WARNING, "Auth file: only the first {0} users count file={1}", ENTRIES_MAX, path);
                break;
            } else if (!line.isEmpty()) {
                found.add(mac(bytes(line.substring(0, colon)), bytes(line.substring(colon + 1))));
            }
        }
        return found;
    }

    private static byte[] bytes(String line) {
        return line.getBytes(StandardCharsets.ISO_8859_1);
    }
}
