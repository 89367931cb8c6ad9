package io.karst.store;

/**
 * Hears of what a session has changed, once per operation, when all of it is done. Called on the session's thread under
 * the lock of the key, so changes of a key by one session come in the order of their versions: be quick, and call nothing
 * of the session but the accessors.
 */
public interface ChangeListener {
    /** An item was stored or has another version; the session's accessors speak of it. */
    void stored(long hash, long key, int keyLength);

    /** A key was deleted, or was to be and is not there: a tombstone or the bucket's mark has this version. */
    void deleted(long hash, long key, int keyLength, long version);
}
