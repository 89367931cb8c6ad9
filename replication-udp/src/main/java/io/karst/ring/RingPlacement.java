package io.karst.ring;

/** A placement in which the node of a key follows from a 32-bit hash of the key alone. */
interface RingPlacement extends Placement {
    /** Which hash of a key goes onto the ring: arcs can be compared where this is the same. */
    enum KeyHash {
        /** The first word of the key's MD5. */
        KETAMA,
        /** The key's CRC-32. */
        CRC32
    }

    /** The hash of keys on this ring. */
    default KeyHash keyHash() {
        return KeyHash.KETAMA;
    }

    /** Who owns which hashes while all nodes are up. */
    Arcs arcs();

    @Override
    default double[] shares() {
        return arcs().shares(nodeCount());
    }
}
