package io.karst.ring;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The 32-bit hash of ketama: four bytes of an MD5 digest, read little-endian.
 * <pre>
 *  digest  0..3   4..7   8..11   12..15
 *  word      0      1      2        3       each an unsigned 32-bit number, least significant byte first
 * </pre>
 * A key uses word 0; a node name uses all four, as four points. Each thread has a digest of its own, so a call allocates
 * nothing but a thread's first. Source: evidence/replication.md §4.
 */
final class KetamaHash {
    static final int WORDS_PER_DIGEST = 4;
    static final int DIGESTS_PER_NODE = 40;
    static final long MASK = 0xFFFF_FFFFL;

    private static final ThreadLocal<KetamaHash> OF_THREAD = ThreadLocal.withInitial(KetamaHash::new);

    private final MessageDigest md5 = newDigest("MD5");
    private final byte[] digest = new byte[16];

    private KetamaHash() {}

    /** The hash of a key, 0 to 2^32 - 1. */
    static long ofKey(byte[] key, int offset, int length) {
        KetamaHash hash = OF_THREAD.get();
        hash.md5.update(key, offset, length);
        return hash.finish();
    }

    /** The hash of a digit, 0 to 9, followed by a key: what a client adds to its hash for one more try. */
    static long ofNumberedKey(int digit, byte[] key, int offset, int length) {
        KetamaHash hash = OF_THREAD.get();
        hash.md5.update((byte) ('0' + digit));
        hash.md5.update(key, offset, length);
        return hash.finish();
    }

    /** The ring on which node {@code n} of {@code names} has four points for each of its {@code digestCounts[n]} digests. */
    static Ring ring(String[] names, int[] digestCounts) {
        long pointCount = 0;
        for (int node = 0; node < names.length; node++) {
            pointCount += (long) digestCounts[node] * WORDS_PER_DIGEST;
            if (digestCounts[node] > Ring.ORDINAL_MAX || pointCount > Ring.POINT_MAX || node >= Ring.NODE_MAX) {
                throw new IllegalArgumentException("at " + names[node] + ", node " + node
                        + ", the ring has too many points. Use smaller weights, or fewer nodes than " + Ring.NODE_MAX
                        + ".");
            }
        }
        long[] points = new long[(int) pointCount];
        int count = 0;
        MessageDigest md5 = newDigest("MD5");
        for (int node = 0; node < names.length; node++) {
            for (int ordinal = 0; ordinal < digestCounts[node]; ordinal++) {
                byte[] digest = md5.digest((names[node] + "-" + ordinal).getBytes(StandardCharsets.UTF_8));
                for (int word = 0; word < WORDS_PER_DIGEST; word++) {
                    points[count++] = Ring.point(word(digest, word), node, ordinal);
                }
            }
        }
        return Ring.of(points);
    }

    /** A digest that every JDK has. */
    static MessageDigest newDigest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has " + algorithm, e);
        }
    }

    private long finish() {
        try {
            md5.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new AssertionError("an MD5 digest has " + digest.length + " bytes", e);
        }
        return word(digest, 0);
    }

    /** Word {@code index}, 0 to 3, of a digest. */
    private static long word(byte[] digest, int index) {
        int at = index * 4;
        return ((digest[at + 3] & 0xFFL) << 24)
                | ((digest[at + 2] & 0xFFL) << 16)
                | ((digest[at + 1] & 0xFFL) << 8)
                | (digest[at] & 0xFFL);
    }
}
