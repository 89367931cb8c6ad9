package io.karst.appliance.auth;

import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * One user of one version of the users file. Thread-safe.
 *
 * <p>Remembers, while the process runs and the file stays, a MAC of the password that was last right, under a key that
 * never leaves the process: PHP and its like log in for every page, and 4096 HMACs each would be the server's main
 * occupation. Someone who can read that MAC and its key in our memory can read the passwords of clients there as well.
 */
final class User {
    private static final byte[] MEMO_KEY = new byte[Hashes.LENGTH];

    static {
        new SecureRandom().nextBytes(MEMO_KEY);
    }

    private final ScramSecret secret;
    private volatile byte[] memo = new byte[0];

    User(ScramSecret secret) {
        this.secret = secret;
    }

    ScramSecret secret() {
        return secret;
    }

    /** Whether this password was found right before; no answer about any other. Takes microseconds. */
    boolean isKnownRight(byte[] password) {
        return MessageDigest.isEqual(memo, Hashes.hmac(MEMO_KEY, password));
    }

    /** Whether this password is right. Takes milliseconds: not for an event loop. */
    boolean verify(byte[] password) {
        boolean isRight = secret.isOf(password);
        if (isRight) {
            memo = Hashes.hmac(MEMO_KEY, password);
        }
        return isRight;
    }
}
