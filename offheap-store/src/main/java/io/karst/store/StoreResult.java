package io.karst.store;

/** How an operation that changes an item ended: the outcomes that memcached's protocols can tell apart. */
public enum StoreResult {
    /** Done. */
    STORED,
    /** The condition of add, replace, append or prepend did not hold. */
    NOT_STORED,
    /** The CAS token is not the item's. */
    EXISTS,
    /** There is no such item. */
    NOT_FOUND,
    /** The value is not a number (incr, decr). */
    NON_NUMERIC,
    /** The item can never fit. */
    TOO_LARGE,
    /** There is no room and nothing may be evicted. */
    NO_MEMORY
}
