package io.karst.ring;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The 32-bit hash of ketama: four bytes of an MD5 digest, read little-endian.
 * <pre>
 *  digest  0..3   4..7   8..11   12..15
 *  word      0      1      2        3       each an unsigned 32-bit number, least significant byte first
 * </pre>
 * A key uses word 0; a node name uses all four, as four points. Any thread may call; a call allocates one digest.
 * Source: evidence/replication.md §4.
 */
final class KetamaHash {
    static final int WORDS_PER_DIGEST = 4;
    static final long MASK = 0xFFFF_FFFFL;

    private static final MessageDigest MD5 = md5();

    private KetamaHash() {}

    /** The hash of a key, 0 to 2^32 - 1. */
    static long ofKey(byte[] key, int offset, int length) {
        MessageDigest digest = copy();
        digest.update(key, offset, length);
        return word(digest.digest(), 0);
    }

    /**
     * The hash of a decimal number followed by a key, 0 to 2^32 - 1: what a client adds to its hash for one more try.
     */
    static long ofNumberedKey(int number, byte[] key, int offset, int length) {
        MessageDigest digest = copy();
        digest.update(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
        digest.update(key, offset, length);
        return word(digest.digest(), 0);
    }

    /** The digest of a node's name, of which each {@link #word} is a point on the ring. */
    static byte[] ofName(String name) {
        return copy().digest(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Word {@code index}, 0 to 3, of a digest. */
    static long word(byte[] digest, int index) {
        int at = index * 4;
        return ((digest[at + 3] & 0xFFL) << 24)
                | ((digest[at + 2] & 0xFFL) << 16)
                | ((digest[at + 1] & 0xFFL) << 8)
                | (digest[at] & 0xFFL);
    }

    private static MessageDigest copy() {
        try {
            // A copy of an unused digest: getInstance would search the security providers on every lookup.
            return (MessageDigest) MD5.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("the JDK's MD5 cannot be cloned", e);
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has MD5", e);
        }
    }
}
