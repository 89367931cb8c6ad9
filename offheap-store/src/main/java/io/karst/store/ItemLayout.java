package io.karst.store;

import org.agrona.UnsafeApi;

/**
 * The bytes of an item inside a Chronicle Map entry. The entry is Chronicle's ({@code stop-bit key length, key, stop-bit
 * value length, value}; its spec/3-memory-layout.md), the value is ours:
 *
 * <pre>
 *  offset  width
 *  0       1      control, below
 *  1       3      access metadata, little-endian ({@link io.karst.eviction.AccessMetadata})
 *  4       8      version, little-endian, positive: order of writes, CAS token and replication stamp in one
 *  12      0|4|5  exptime: Unix seconds, unsigned; five bytes add 1/256 s (T0.2). Absent: the item never expires
 *  ..      0|4    client flags, unsigned. Absent: 0
 *  ..      0|8    explicit CAS (meta flag E). Absent: the version is the CAS token
 *  ..      n      value bytes
 *
 *  control: bit 0..1 type (0 value, 1 counter, 2 compressed, 3 see bits 6..7)
 *           bit 2    client flags present
 *           bit 3..4 exptime width (0 absent, 1 four bytes, 2 five bytes)
 *           bit 5    explicit CAS present
 *           bit 6    stale    bit 7 recache token handed out ("win")
 *           For type 3, which can be neither stale nor won, bits 6..7 are the kind: 0 tombstone, 1..3 collections.
 * </pre>
 *
 * All multi-byte fields are little-endian and unaligned. Only the three access bytes may be written under a shared lock;
 * everything else needs the segment's write lock. Nothing here allocates. Source: DESIGN section 4, "Item header".
 */
final class ItemLayout {
    static final int TYPE_MASK = 3;
    static final int TYPE_VALUE = 0;
    static final int TYPE_COUNTER = 1;
    static final int TYPE_COMPRESSED = 2;
    static final int TYPE_OTHER = 3;

    static final int HAS_FLAGS = 1 << 2;
    static final int EXPTIME_SECONDS = 1 << 3;
    static final int EXPTIME_FRACTION = 2 << 3;
    static final int EXPTIME_MASK = 3 << 3;
    static final int HAS_EXPLICIT_CAS = 1 << 5;
    static final int STALE = 1 << 6;
    static final int WON = 1 << 7;

    static final int METADATA_OFFSET = 1;
    static final int VERSION_OFFSET = 4;
    static final int OPTIONAL_OFFSET = 12;

    private ItemLayout() {}

    /** The control byte of a plain value. */
    static int controlFor(int flags, int expiresAt) {
        return TYPE_VALUE | (flags != 0 ? HAS_FLAGS : 0) | (expiresAt != 0 ? EXPTIME_SECONDS : 0);
    }

    static int exptimeLength(int control) {
        int width = (control & EXPTIME_MASK) >>> 3;
        return width == 0 ? 0 : 3 + width;
    }

    /** Bytes before the value bytes, 12..29. */
    static int headerLength(int control) {
        return OPTIONAL_OFFSET
                + exptimeLength(control)
                + ((control & HAS_FLAGS) != 0 ? 4 : 0)
                + ((control & HAS_EXPLICIT_CAS) != 0 ? 8 : 0);
    }

    static int control(long item) {
        return UnsafeApi.getByte(item) & 0xff;
    }

    static int metadata(long item) {
        return UnsafeApi.getInt(item) >>> 8;
    }

    /** Three bytes, in two stores that never touch their neighbours. */
    static void metadata(long item, int metadata) {
        UnsafeApi.putShort(item + METADATA_OFFSET, (short) metadata);
        UnsafeApi.putByte(item + METADATA_OFFSET + 2, (byte) (metadata >>> 16));
    }

    static long version(long item) {
        return UnsafeApi.getLong(item + VERSION_OFFSET);
    }

    static void version(long item, long version) {
        UnsafeApi.putLong(item + VERSION_OFFSET, version);
    }

    /** Unix seconds, unsigned; 0 means never. */
    static int expiresAt(long item, int control) {
        return (control & EXPTIME_MASK) == 0 ? 0 : UnsafeApi.getInt(item + OPTIONAL_OFFSET);
    }

    /** Rewrites the seconds of an exptime that is present. */
    static void expiresAt(long item, int control, int expiresAt) {
        assert (control & EXPTIME_MASK) != 0;
        UnsafeApi.putInt(item + OPTIONAL_OFFSET, expiresAt);
        if ((control & EXPTIME_MASK) == EXPTIME_FRACTION) {
            UnsafeApi.putByte(item + OPTIONAL_OFFSET + 4, (byte) 0);
        }
    }

    static int flags(long item, int control) {
        return (control & HAS_FLAGS) == 0 ? 0 : UnsafeApi.getInt(item + OPTIONAL_OFFSET + exptimeLength(control));
    }

    /** What a client sees as the CAS token, unsigned. */
    static long cas(long item, int control) {
        return (control & HAS_EXPLICIT_CAS) == 0 ? version(item) : UnsafeApi.getLong(item + headerLength(control) - 8);
    }

    /** Writes the header of a plain value; its length is {@link #headerLength} of the control byte. */
    static void writeHeader(long item, int control, int metadata, long version, int expiresAt, int flags) {
        UnsafeApi.putByte(item, (byte) control);
        metadata(item, metadata);
        version(item, version);
        long at = item + OPTIONAL_OFFSET;
        if ((control & EXPTIME_MASK) != 0) {
            UnsafeApi.putInt(at, expiresAt);
            at += 4;
        }
        if ((control & HAS_FLAGS) != 0) {
            UnsafeApi.putInt(at, flags);
        }
    }

    /** Whether the item has expired at {@code nowSeconds} (Unix, unsigned): memcached's rule, exptime at or before now. */
    static boolean isExpired(long item, int control, int nowSeconds) {
        int expiresAt = expiresAt(item, control);
        return expiresAt != 0 && Integer.compareUnsigned(expiresAt, nowSeconds) <= 0;
    }
}
