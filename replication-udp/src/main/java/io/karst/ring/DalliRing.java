package io.karst.ring;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/** Where Ruby's dalli looks for a key. Names are {@code host:port}; weights are the third part of its server strings. */
final class DalliRing extends NodeWalk implements RingPlacement {
    /*
     * Points are the first 32 bits, big-endian, of SHA-1("name:i"), 160 per node of equal weight. The hash of a key is its
     * CRC-32, and the key belongs to the last point that is not above it. When that node is down the client hashes the
     * digits of a counter and the key: 20 tries in all, the first with the key alone.
     */

    private static final int TRY_COUNT = 20;
    private static final int POINTS_PER_NODE = 160;

    private static final ThreadLocal<CRC32> OF_THREAD = ThreadLocal.withInitial(CRC32::new);

    private final Ring ring;

    DalliRing(List<RingNode> nodes) {
        super(nodes);
        long[] points = new long[nodeCount() * POINTS_PER_NODE];
        MessageDigest sha1 = KetamaHash.newDigest("SHA-1");
        int count = 0;
        for (int node = 0; node < nodeCount(); node++) {
            for (int i = 0; i < pointCount(node); i++) {
                String text = nodes.get(node).name() + ":" + i;
                points[count++] = Ring.point(word(sha1.digest(text.getBytes(StandardCharsets.UTF_8))), node, 0);
            }
        }
        ring = Ring.of(Arrays.copyOf(points, count));
    }

    @Override
    public int primary(byte[] key, int offset, int length) {
        return owner(ofKey(key, offset, length));
    }

    @Override
    public KeyHash keyHash() {
        return KeyHash.CRC32;
    }

    @Override
    public Arcs arcs() {
        return Arcs.counterclockwise(ring);
    }

    @Override
    int fill(byte[] key, int offset, int length, int[] filled, int from, boolean apart) {
        int count = from;
        long hash = ofKey(key, offset, length);
        for (int t = 0; t < TRY_COUNT && count < filled.length; t++) {
            int node = owner(hash);
            if (!isTaken(node, filled, count, apart)) {
                filled[count++] = node;
            }
            hash = ofNumberedKey(t, key, offset, length);
        }
        return fillRest(filled, count, apart);
    }

    private int owner(long hash) {
        return ring.node(ring.predecessor(hash));
    }

    private int pointCount(int node) {
        double points = (double) ((long) nodeCount() * POINTS_PER_NODE * weight(node)) / totalWeight();
        return (int) Math.floor(points);
    }

    private static long word(byte[] digest) {
        return ((digest[0] & 0xFFL) << 24)
                | ((digest[1] & 0xFFL) << 16)
                | ((digest[2] & 0xFFL) << 8)
                | (digest[3] & 0xFFL);
    }

    private static long ofKey(byte[] key, int offset, int length) {
        CRC32 crc = OF_THREAD.get();
        crc.reset();
        crc.update(key, offset, length);
        return crc.getValue();
    }

    /** The hash of a decimal number, 0 to 99, followed by a key. */
    private static long ofNumberedKey(int number, byte[] key, int offset, int length) {
        CRC32 crc = OF_THREAD.get();
        crc.reset();
        if (number >= 10) {
            crc.update('0' + number / 10);
        }
        crc.update('0' + number % 10);
        crc.update(key, offset, length);
        return crc.getValue();
    }
}
