package io.karst.bench.load;

/**
 * A protocol as a client speaks it: how requests are written and how replies are read. The seam between
 * text, meta and binary; every implementation is stateless, the connection keeps what is half read.
 */
abstract sealed class Wire permits LineWire, BinaryWire {
    /** The most bytes that a get of {@code keyCount} keys takes. */
    abstract int getBound(KeySpace keys, int keyCount);

    /** The most bytes that a set of {@code valueLength} bytes takes. */
    abstract int setBound(KeySpace keys, int valueLength);

    /** Writes what precedes the first key of a get; returns the next address. */
    abstract long beginGet(long address);

    /** Writes one key of a get; returns the next address. */
    abstract long getKey(long address, KeySpace keys, long id);

    /** Writes what follows the last key of a get; returns the next address. */
    abstract long endGet(long address);

    /** Writes a whole set; returns the next address. */
    abstract long set(long address, Dataset dataset, long id, int valueLength, int version);

    /** Reads replies from {@code address} to {@code end}, in pieces of any size; 8 bytes behind the end are readable. */
    abstract void read(LoadConnection connection, long address, long end);
}
