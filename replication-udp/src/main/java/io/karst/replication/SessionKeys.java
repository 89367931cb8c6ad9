package io.karst.replication;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys from the one that all nodes share: one for each direction between two nodes in one pair of lives, so that no
 * nonce is used twice under a key though nothing is kept on disk. HKDF-SHA-256, RFC 5869. Immutable; any thread.
 */
public final class SessionKeys {
    /** Bytes of a salt that a node draws when it starts. */
    static final int SALT_LENGTH = 16;

    private static final int KEY_LENGTH = 16;
    private static final String HMAC = "HmacSHA256";

    private final byte[] shared;

    /** Keys derived from {@code shared}, at least 16 random bytes. */
    SessionKeys(byte[] shared) {
        if (shared.length < KEY_LENGTH) {
            throw new IllegalArgumentException("replication key: " + shared.length + " bytes are too few. Use at least "
                    + KEY_LENGTH + " random ones.");
        }
        this.shared = shared.clone();
    }

    /** The AES-128 key for what {@code sender} seals for {@code receiver}; salts are those of their present lives. */
    SecretKeySpec key(String sender, byte[] senderSalt, String receiver, byte[] receiverSalt) {
        ByteArrayOutputStream salt = new ByteArrayOutputStream();
        salt.writeBytes(senderSalt);
        salt.writeBytes(receiverSalt);
        byte[] info = info("karst replication 1", sender, receiver);
        return new SecretKeySpec(expand(hmac(salt.toByteArray(), shared), info), 0, KEY_LENGTH, "AES");
    }

    /** What proves that a hello is of somebody who has the key: 32 bytes. */
    byte[] proof(String sender, String receiver, byte[] hello) {
        return hmac(expand(hmac(new byte[32], shared), info("karst hello 1", sender, receiver)), hello);
    }

    // Lengths before the names, so that no two pairs of names read alike.
    private static byte[] info(String purpose, String sender, String receiver) {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        for (String part : Arrays.asList(purpose, sender, receiver)) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            info.write(bytes.length);
            info.writeBytes(bytes);
        }
        return info.toByteArray();
    }

    // One block is enough for a key of up to 32 bytes.
    private static byte[] expand(byte[] pseudoRandomKey, byte[] info) {
        byte[] block = Arrays.copyOf(info, info.length + 1);
        block[info.length] = 1;
        return hmac(pseudoRandomKey, block);
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }
}
