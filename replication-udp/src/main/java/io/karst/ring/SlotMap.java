package io.karst.ring;

import java.util.List;

/**
 * The 16,384 slots of a Redis cluster, laid over nodes in ranges of lengths that follow their weights: what a node holds in
 * the words of somebody who comes from there. No memcached client places keys so. Immutable.
 */
public final class SlotMap {
    /** How many slots there are. */
    public static final int SLOT_COUNT = 16_384;

    private static final int CRC16_POLYNOMIAL = 0x1021;

    private final List<RingNode> nodes;

    /** The first slot of each node, and {@link #SLOT_COUNT} behind the last. */
    private final int[] starts;

    /**
     * The slots over these nodes, at least one.
     *
     * @throws IllegalArgumentException when there is no node, or one name twice
     */
    public SlotMap(List<RingNode> nodes) {
        this.nodes = RingNode.checked(nodes);
        long total = nodes.stream().mapToLong(RingNode::weight).sum();
        starts = new int[nodes.size() + 1];
        long before = 0;
        for (int node = 0; node < nodes.size(); node++) {
            before += nodes.get(node).weight();
            starts[node + 1] = (int) Math.round((double) before * SLOT_COUNT / total);
        }
    }

    /** The slot of a key, 0 to 16383: CRC-16 (XMODEM) of its bytes, modulo 16384. */
    public static int slot(byte[] key, int offset, int length) {
        int crc = 0;
        for (int i = offset; i < offset + length; i++) {
            crc ^= (key[i] & 0xFF) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ CRC16_POLYNOMIAL;
            }
        }
        return crc & SLOT_COUNT - 1;
    }

    /** The node that has a slot, by index. */
    public int node(int slot) {
        for (int node = 0; node < nodes.size(); node++) {
            if (slot < starts[node + 1]) {
                return node;
            }
        }
        throw new IllegalArgumentException("slot " + slot + ": there are " + SLOT_COUNT + ".");
    }

    /** The first slot of a node. */
    public int first(int node) {
        return starts[node];
    }

    /** How many slots a node has, from its first one on; a node of little weight may have none. */
    public int slotCount(int node) {
        return starts[node + 1] - starts[node];
    }
}
