package io.karst.appliance.watch;

import io.karst.store.SizeBand;

/** memcached's slab classes, of which Karst has two: 1 for the small arena, 2 for the large one. */
public final class SlabClass {
    /** What memcached says of an item that is nowhere. */
    public static final int NONE = 0;

    private SlabClass() {}

    /** The class of a band. */
    public static int of(SizeBand band) {
        return band == SizeBand.SMALL ? 1 : 2;
    }
}
