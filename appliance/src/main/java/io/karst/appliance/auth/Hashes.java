package io.karst.appliance.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256, HMAC-SHA-256 and PBKDF2 over them, which every JDK has. Thread-safe; allocates. */
public final class Hashes {
    /** Bytes of a SHA-256. */
    static final int LENGTH = 32;

    private static final String HMAC = "HmacSHA256";
    private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

    private Hashes() {}

    /** SHA-256 of a message, 32 bytes. */
    public static byte[] sha256(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(message);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The MAC of the parts, one behind the other, under a key of at least one byte. */
    static byte[] hmac(byte[] key, byte[]... parts) {
        Mac mac = keyed(key);
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    /**
     * The first block of PBKDF2 (RFC 8018), which is all that SCRAM wants and calls Hi. About a microsecond per iteration.
     *
     * @param password at least one byte
     */
    static byte[] pbkdf2(byte[] password, byte[] salt, int iterations) {
        Mac mac = keyed(password);
        mac.update(salt);
        byte[] link = mac.doFinal(FIRST_BLOCK);
        byte[] sum = link.clone();
        for (int i = 1; i < iterations; i++) {
            link = mac.doFinal(link);
            xor(sum, link);
        }
        Arrays.fill(link, (byte) 0);
        return sum;
    }

    /** Adds other to target, bit by bit. */
    static void xor(byte[] target, byte[] other) {
        for (int i = 0; i < target.length; i++) {
            target[i] ^= other[i];
        }
    }

    /** HMAC-SHA-256 under a key of at least one byte; for one thread. */
    public static Mac keyed(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
