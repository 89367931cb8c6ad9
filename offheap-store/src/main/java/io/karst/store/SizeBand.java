package io.karst.store;

/** The two kinds of item by length, each with its arena: what statistics show as slab classes. */
public enum SizeBand {
    /** Items up to 16 KiB, in 16-byte chunks. */
    SMALL,
    /** Longer items, in 4 KiB chunks. */
    LARGE
}
