package io.karst.replication;

/**
 * What replication asks of a store. It notes by itself which buckets change, and what leaves them.
 *
 * <p>Tombstones are items: they are walked, replaced and counted as such, and have a receipt time, on the clock of the
 * node.
 */
public interface ReplicaStore {
    /** What became of a record. */
    enum Outcome {
        /** It is in the store. */
        APPLIED,
        /**
         * The store has that version, or a later one, or the record came to fill in what may have left; nothing
         * changed.
         */
        STALE,
        /** A touch of a version that is not here; nothing changed. */
        NOT_HERE
    }

    /** Takes records; each is valid only during the call. */
    @FunctionalInterface
    interface Visitor {
        /** One record of type value or delete; from a walk, a reference in the place of a long value. */
        void visit(ReplicaRecord item);
    }

    /**
     * Applies a record if the store has no version of the key, or an older one.
     *
     * @param absentFloor when the key is absent, versions up to this one are stale
     * @param nowMs the receipt time of a tombstone
     */
    Outcome apply(ReplicaRecord item, long absentFloor, long nowMs);

    /** Shows every item and tombstone of a bucket (0 to 65,535) that is not flushed, each once, in any order. */
    void walk(int bucket, Visitor visitor);

    /** Shows the item or tombstone of a key, when there is one. */
    void read(byte[] key, int keyLength, Visitor visitor);

    /** Shows the item of a reference, when there is one. */
    default void read(ReplicaRecord reference, Visitor visitor) {
        byte[] key = new byte[reference.keyLength()];
        reference.key(key);
        read(key, key.length, item -> {
            if (item.type() == ReplicaRecord.VALUE) {
                visitor.visit(item);
            }
        });
    }

    /** Makes every item of a primary, up to a version, a miss; and takes them away, at once or in time. */
    void flush(int primary, long version);

    /** The first bucket from {@code from} on in which something has changed since it was last taken; -1 for none. */
    int takeChanged(int from);

    /** The highest version that has left a bucket: by eviction, because it expired, or as a tombstone that was purged. */
    long mark(int bucket);

    /** How many tombstones there are. */
    long tombstoneCount();

    /** Takes away the tombstones received before a time, and tells each as having left. */
    void purgeTombstones(long receivedBeforeMs);

    /** Forgets everything, marks too. */
    void clear();
}
