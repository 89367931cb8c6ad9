package io.karst.bench.load;

/**
 * What one server holds, as far as its client knows: how keys are written, how long each value is, with which flags and
 * exptime it is stored, and which versions may come back. One per server, kept from run to run; not thread-safe.
 */
public final class Dataset {
    private final KeySpace keys;
    private final ValueSizes sizes;
    private final int flags;
    private final int exptime;
    private final VersionLedger ledger;
    private final boolean versioned;

    private Dataset(KeySpace keys, ValueSizes sizes, int flags, int exptime, VersionLedger ledger, boolean versioned) {
        this.keys = keys;
        this.sizes = sizes;
        this.flags = flags;
        this.exptime = exptime;
        this.ledger = ledger;
        this.versioned = versioned;
    }

    /** Keys 0 to {@code keyCount - 1}, each set any number of times; 16 bytes of bookkeeping per key. */
    public static Dataset versioned(KeySpace keys, ValueSizes sizes, int flags, int exptime, int keyCount) {
        return new Dataset(keys, sizes, flags, exptime, new VersionLedger(keyCount), true);
    }

    /** Any 64-bit key number; a key has the same value whenever it is set. */
    public static Dataset unversioned(KeySpace keys, ValueSizes sizes, int flags, int exptime) {
        return new Dataset(keys, sizes, flags, exptime, new VersionLedger(0), false);
    }

    KeySpace keys() {
        return keys;
    }

    int flags() {
        return flags;
    }

    int exptime() {
        return exptime;
    }

    int valueLength(long id) {
        return sizes.length(id);
    }

    int valueLengthMax() {
        return sizes.lengthMax();
    }

    int issue(long id) {
        return versioned ? ledger.issue((int) id) : 0;
    }

    void settle(long id, boolean stored) {
        if (versioned) {
            ledger.settle((int) id, stored);
        }
    }

    int floor(long id) {
        return versioned ? ledger.floor((int) id) : 0;
    }

    boolean allows(long id, int version, int floor) {
        return versioned ? ledger.allows((int) id, version, floor) : version == 0;
    }

    /** The server lost everything, for example because it was started again. */
    public void forget() {
        ledger.forget();
    }
}
