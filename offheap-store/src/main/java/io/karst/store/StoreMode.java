package io.karst.store;

/** Under which condition, and how, a value is stored: the six storage commands of memcached. */
public enum StoreMode {
    /** Whatever was there. */
    SET,
    /** Only if nothing is there. */
    ADD,
    /** Only if something is there. */
    REPLACE,
    /** Behind the bytes that are there; flags and exptime stay. */
    APPEND,
    /** Before the bytes that are there; flags and exptime stay. */
    PREPEND,
    /** Only if the item's CAS token is the given one. */
    CAS
}
