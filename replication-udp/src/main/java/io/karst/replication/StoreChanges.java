package io.karst.replication;

/** Learns what changes in a store; versions are 0 where there is no item. */
public interface StoreChanges {
    /** A key has another version than before, or was flushed. */
    void changed(byte[] key, int keyLength, long hash, long before, long after);

    /** The version of a key has left: by eviction, because it expired, or as a tombstone that was purged. */
    void left(byte[] key, int keyLength, long hash, long before);
}
