package io.karst.appliance.slow;

import io.karst.appliance.auth.Hashes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Keys of items as they may stand in logs: the first 16 hexadecimal digits of HMAC-SHA-256 under a secret. With the operator's
 * secret the same key has the same hash on every node and after every start; with none, a secret of this process is drawn.
 * Immutable; each thread takes a {@link Hasher} of its own.
 */
public final class KeyHash {
    private static final int SECRET_BYTES = 32;
    private static final int SHOWN_BYTES = 8;

    private final byte[] secret;

    private KeyHash(byte[] secret) {
        this.secret = secret;
    }

    /**
     * Under the secret that a file holds, or under one of this process.
     *
     * @param file its first line is the secret, or null
     * @throws IOException when the file cannot be read or is empty; the message names it and says what to do
     */
    public static KeyHash of(@Nullable Path file) throws IOException {
        if (file == null) {
            byte[] drawn = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(drawn);
            return new KeyHash(drawn);
        }
        String line;
        try {
            line = Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new IOException(
                    "slow_log_secret=\"" + file + "\": cannot be read. Name a file with a secret in it.", e);
        }
        if (line.isEmpty()) {
            throw new IOException("slow_log_secret=\"" + file + "\": its first line is empty. Put a secret there.");
        }
        return new KeyHash(line.getBytes(StandardCharsets.UTF_8));
    }

    /** One thread's. Makes its first hash here, which loads classes. */
    Hasher hasher() {
        Hasher hasher = new Hasher(secret);
        hasher.hash(new byte[1], 1);
        return hasher;
    }

    /** Hashes; used by one thread. */
    static final class Hasher {
        private final Mac mac;

        private Hasher(byte[] secret) {
            mac = Hashes.keyed(secret);
        }

        /** The hash of the first {@code keyLength} bytes. Allocates some hundred bytes. */
        String hash(byte[] key, int keyLength) {
            mac.update(ByteBuffer.wrap(key, 0, keyLength));
            return HexFormat.of().formatHex(mac.doFinal(), 0, SHOWN_BYTES);
        }
    }
}
