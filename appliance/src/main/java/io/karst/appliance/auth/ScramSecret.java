package io.karst.appliance.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is kept of a password: enough to verify it, not enough to log in with (RFC 5802, RFC 7677). Immutable.
 *
 * <p>Written {@code SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>}, the three in base64, as PostgreSQL and
 * RFC 5803 do.
 */
final class ScramSecret {
    /** What RFC 7677 asks for at least; a login by PLAIN costs this many HMACs, some milliseconds. */
    static final int DEFAULT_ITERATIONS = 4096;

    /** Above this, one login would keep a core busy for a second. */
    static final int MAX_ITERATIONS = 1_000_000;

    static final int SALT_LENGTH = 16;

    private static final Pattern TEXT = Pattern.compile("SCRAM-SHA-256\\$([0-9]{1,7}):([^$:]+)\\$([^$:]+):([^$:]+)");
    private static final byte[] CLIENT_KEY = ascii("Client Key");
    private static final byte[] SERVER_KEY = ascii("Server Key");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final int iterations;
    private final byte[] salt;
    private final byte[] storedKey;
    private final byte[] serverKey;

    private ScramSecret(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
        this.iterations = iterations;
        this.salt = salt;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
    }

    /** The secret of a prepared, non-empty password, with a new salt. Takes milliseconds. */
    static ScramSecret of(byte[] password) {
        byte[] salt = new byte[SALT_LENGTH];
        RANDOM.nextBytes(salt);
        return of(password, salt, DEFAULT_ITERATIONS);
    }

    static ScramSecret of(byte[] password, byte[] salt, int iterations) {
        byte[] salted = Hashes.pbkdf2(password, salt, iterations);
        return new ScramSecret(
                iterations,
                salt.clone(),
                Hashes.sha256(Hashes.hmac(salted, CLIENT_KEY)),
                Hashes.hmac(salted, SERVER_KEY));
    }

    /** A secret that no password has, which answers and costs like one that does. */
    static ScramSecret decoy(byte[] salt, int iterations) {
        byte[] nobodys = new byte[2 * Hashes.LENGTH];
        RANDOM.nextBytes(nobodys);
        return new ScramSecret(iterations, salt.clone(), Hashes.sha256(nobodys), Hashes.sha256(nobodys));
    }

    /**
     * Reads what {@link #text} writes.
     *
     * @throws IllegalArgumentException when it is not that, or the iterations are outside 4096 to {@link #MAX_ITERATIONS}
     */
    static ScramSecret parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a SCRAM-SHA-256 secret");
        }
        int iterations = Integer.parseInt(matcher.group(1));
        byte[] salt = base64(matcher.group(2));
        byte[] storedKey = base64(matcher.group(3));
        byte[] serverKey = base64(matcher.group(4));
        if (iterations < DEFAULT_ITERATIONS || iterations > MAX_ITERATIONS) {
            throw new IllegalArgumentException("iterations outside " + DEFAULT_ITERATIONS + " to " + MAX_ITERATIONS);
        }
        if (storedKey.length != Hashes.LENGTH || serverKey.length != Hashes.LENGTH) {
            throw new IllegalArgumentException("a key that is not " + Hashes.LENGTH + " bytes long");
        }
        return new ScramSecret(iterations, salt, storedKey, serverKey);
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not base64", e);
        }
    }

    /** For the users file. */
    String text() {
        Base64.Encoder encoder = Base64.getEncoder();
        return "SCRAM-SHA-256$" + iterations + ":" + encoder.encodeToString(salt) + "$"
                + encoder.encodeToString(storedKey) + ":" + encoder.encodeToString(serverKey);
    }

    int iterations() {
        return iterations;
    }

    byte[] salt() {
        return salt.clone();
    }

    /** Whether this is the secret of a prepared, non-empty password. Takes milliseconds: not for an event loop. */
    boolean isOf(byte[] password) {
        byte[] salted = Hashes.pbkdf2(password, salt, iterations);
        return MessageDigest.isEqual(storedKey, Hashes.sha256(Hashes.hmac(salted, CLIENT_KEY)));
    }

    /** Whether a SCRAM client proof, over the messages of one login, was made with the password. */
    boolean isProvenBy(byte[] proof, byte[] authMessage) {
        if (proof.length != Hashes.LENGTH) {
            return false;
        }
        byte[] clientKey = Hashes.hmac(storedKey, authMessage);
        Hashes.xor(clientKey, proof);
        return MessageDigest.isEqual(storedKey, Hashes.sha256(clientKey));
    }

    /** What shows a SCRAM client that we know its secret, too. */
    byte[] serverSignature(byte[] authMessage) {
        return Hashes.hmac(serverKey, authMessage);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
