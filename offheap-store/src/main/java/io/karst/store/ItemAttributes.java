package io.karst.store;

/**
 * What an item carries besides its key and value; a mutable flyweight to hand over with
 * {@link StoreSession#lockedStore}. Owned by one thread, no allocation.
 */
public final class ItemAttributes {
    /** Units of {@link #expiry} per second: an exptime may be given to 1/256 s. */
    public static final int FRACTIONS_PER_SECOND = 256;

    int flags;
    long expiry;
    int marks;
    boolean isKeyEncoded;
    boolean hasExplicitCas;
    long explicitCas;

    /** Attributes of a plain item: no flags, no exptime, its version as its CAS token. */
    public ItemAttributes clear() {
        flags = 0;
        expiry = 0;
        marks = 0;
        isKeyEncoded = false;
        hasExplicitCas = false;
        explicitCas = 0;
        return this;
    }

    /** Client flags, unsigned. */
    public ItemAttributes flags(int clientFlags) {
        flags = clientFlags;
        return this;
    }

    /** When the item expires, Unix time in 1/256 s; 0 for never. */
    public ItemAttributes expiry(long unixFractions) {
        expiry = unixFractions;
        return this;
    }

    /** When the item expires, Unix seconds, unsigned; 0 for never. */
    public ItemAttributes expiresAt(int unixSeconds) {
        return expiry(Integer.toUnsignedLong(unixSeconds) * FRACTIONS_PER_SECOND);
    }

    /** Stale: readers are told so, and the first of them to refresh the item. */
    public ItemAttributes stale(boolean isStale) {
        marks = isStale ? marks | ItemLayout.STALE : marks & ~ItemLayout.STALE;
        return this;
    }

    /** Won: a reader was already told to refresh the item. */
    public ItemAttributes won(boolean isWon) {
        marks = isWon ? marks | ItemLayout.WON : marks & ~ItemLayout.WON;
        return this;
    }

    /** Whether the key travels in base64 (meta flag b). */
    public ItemAttributes keyEncoded(boolean isEncoded) {
        isKeyEncoded = isEncoded;
        return this;
    }

    /** A CAS token of the client's own choosing (meta flag E), unsigned. */
    public ItemAttributes explicitCas(long token) {
        hasExplicitCas = true;
        explicitCas = token;
        return this;
    }

    /** The attributes of an item in memory, without its explicit CAS token: whatever is written next gets a new one. */
    ItemAttributes copyOf(long item, int control) {
        flags = ItemLayout.flags(item, control);
        expiry = ItemLayout.expiry(item, control);
        marks = control & ItemLayout.MARKS;
        isKeyEncoded = ItemLayout.isKeyEncoded(item, control);
        hasExplicitCas = false;
        explicitCas = 0;
        return this;
    }

    /** The control byte of a plain value with these attributes. */
    int control() {
        int exptime = isKeyEncoded
                ? ItemLayout.EXPTIME_EXTENDED
                : (expiry & 0xff) != 0
                        ? ItemLayout.EXPTIME_FRACTION
                        : expiry != 0 ? ItemLayout.EXPTIME_SECONDS : ItemLayout.EXPTIME_ABSENT;
        return ItemLayout.TYPE_VALUE
                | exptime
                | (flags != 0 ? ItemLayout.HAS_FLAGS : 0)
                | (hasExplicitCas ? ItemLayout.HAS_EXPLICIT_CAS : 0)
                | marks;
    }
}
