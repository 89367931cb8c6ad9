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
 *  12      0|4|5|6  exptime: Unix seconds, unsigned, 0 for never; a fifth byte adds 1/256 s (T0.2), a sixth says what
 *                 else there is to say of the key: bit 0, it travels in base64. Absent: the item never expires
 *  ..      0|4    client flags, unsigned. Absent: 0
 *  ..      0|8    explicit CAS (meta flag E). Absent: the version is the CAS token
 *  ..      n      value bytes
 *
 *  control: bit 0..1 type (0 value, 1 counter, 2 compressed, 3 see bits 6..7)
 *           bit 2    client flags present
 *           bit 3..4 exptime width (0 absent, 1 four bytes, 2 five bytes, 3 six bytes)
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
    static final int EXPTIME_ABSENT = 0;
    static final int EXPTIME_SECONDS = 1 << 3;
    static final int EXPTIME_FRACTION = 2 << 3;
    static final int EXPTIME_EXTENDED = 3 << 3;
    static final int EXPTIME_MASK = 3 << 3;
    static final int HAS_EXPLICIT_CAS = 1 << 5;
    static final int STALE = 1 << 6;
    static final int WON = 1 << 7;
    static final int MARKS = STALE | WON;

    /** The control byte of a tombstone, which has nothing optional. */
    static final int TOMBSTONE = TYPE_OTHER;

    /** Value bytes of a tombstone: when it was received, milliseconds of the node's clock. */
    static final int TOMBSTONE_VALUE_LENGTH = 8;

    private static final int KEY_ENCODED = 1;

    static final int METADATA_OFFSET = 1;
    static final int VERSION_OFFSET = 4;
    static final int OPTIONAL_OFFSET = 12;

    private ItemLayout() {}

    static int exptimeLength(int control) {
        int width = (control & EXPTIME_MASK) >>> 3;
        return width == 0 ? 0 : 3 + width;
    }

    /** Bytes before the value bytes, 12..30. */
    static int headerLength(int control) {
        return OPTIONAL_OFFSET
                + exptimeLength(control)
                + ((control & HAS_FLAGS) != 0 ? 4 : 0)
                + ((control & HAS_EXPLICIT_CAS) != 0 ? 8 : 0);
    }

    /** Whether an item stands for a key that was deleted. */
    static boolean isTombstone(long item) {
        return (control(item) & (TYPE_MASK | MARKS)) == TOMBSTONE;
    }

    /** Makes a tombstone of {@link #OPTIONAL_OFFSET} and {@link #TOMBSTONE_VALUE_LENGTH} bytes. */
    static void writeTombstone(long item, int metadata, long version, long receivedMs) {
        UnsafeApi.putByte(item, (byte) TOMBSTONE);
        metadata(item, metadata);
        version(item, version);
        UnsafeApi.putLong(item + OPTIONAL_OFFSET, receivedMs);
    }

    /** When a tombstone was received, milliseconds of the node's clock. */
    static long receivedMs(long item) {
        return UnsafeApi.getLong(item + OPTIONAL_OFFSET);
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

    /** When the item expires in 1/256 s of Unix time; 0 means never. */
    static long expiry(long item, int control) {
        int width = control & EXPTIME_MASK;
        if (width == EXPTIME_ABSENT) {
            return 0;
        }
        long seconds = Integer.toUnsignedLong(UnsafeApi.getInt(item + OPTIONAL_OFFSET)) << 8;
        return width == EXPTIME_SECONDS ? seconds : seconds | (UnsafeApi.getByte(item + OPTIONAL_OFFSET + 4) & 0xff);
    }

    /** Whether an exptime can be written over the present one without moving anything. */
    static boolean hasRoomFor(int control, long expiry) {
        int width = control & EXPTIME_MASK;
        return width == EXPTIME_ABSENT ? expiry == 0 : width != EXPTIME_SECONDS || (expiry & 0xff) == 0;
    }

    /** Rewrites an exptime for which {@link #hasRoomFor} holds. */
    static void expiry(long item, int control, long expiry) {
        assert hasRoomFor(control, expiry);
        int width = control & EXPTIME_MASK;
        if (width != EXPTIME_ABSENT) {
            UnsafeApi.putInt(item + OPTIONAL_OFFSET, (int) (expiry >>> 8));
            if (width != EXPTIME_SECONDS) {
                UnsafeApi.putByte(item + OPTIONAL_OFFSET + 4, (byte) expiry);
            }
        }
    }

    /** Whether the key travels in base64. */
    static boolean isKeyEncoded(long item, int control) {
        return (control & EXPTIME_MASK) == EXPTIME_EXTENDED
                && (UnsafeApi.getByte(item + OPTIONAL_OFFSET + 5) & KEY_ENCODED) != 0;
    }

    /** Sets the stale and won marks; nothing else of the item moves. */
    static void marks(long item, int control, int marks) {
        UnsafeApi.putByte(item, (byte) ((control & ~MARKS) | marks));
    }

    static int flags(long item, int control) {
        return (control & HAS_FLAGS) == 0 ? 0 : UnsafeApi.getInt(item + OPTIONAL_OFFSET + exptimeLength(control));
    }

    /** What a client sees as the CAS token, unsigned. */
    static long cas(long item, int control) {
        return (control & HAS_EXPLICIT_CAS) == 0 ? version(item) : UnsafeApi.getLong(item + headerLength(control) - 8);
    }

    /** Writes the header of a value; its length is {@link #headerLength} of the control byte. */
    static void writeHeader(long item, int control, int metadata, long version, ItemAttributes attributes) {
        UnsafeApi.putByte(item, (byte) control);
        metadata(item, metadata);
        version(item, version);
        long at = item + OPTIONAL_OFFSET;
        int width = control & EXPTIME_MASK;
        if (width != EXPTIME_ABSENT) {
            UnsafeApi.putInt(at, (int) (attributes.expiry >>> 8));
            if (width != EXPTIME_SECONDS) {
                UnsafeApi.putByte(at + 4, (byte) attributes.expiry);
            }
            if (width == EXPTIME_EXTENDED) {
                UnsafeApi.putByte(at + 5, (byte) (attributes.isKeyEncoded ? KEY_ENCODED : 0));
            }
            at += exptimeLength(control);
        }
        if ((control & HAS_FLAGS) != 0) {
            UnsafeApi.putInt(at, attributes.flags);
            at += 4;
        }
        if ((control & HAS_EXPLICIT_CAS) != 0) {
            UnsafeApi.putLong(at, attributes.explicitCas);
        }
    }

    /**
     * Whether the item has expired: memcached's rule, exptime at or before now.
     *
     * @param nowSeconds Unix seconds, unsigned
     * @param nowFraction and 1/256 s, 0..255
     */
    static boolean isExpired(long item, int control, int nowSeconds, int nowFraction) {
        int expiresAt = expiresAt(item, control);
        if (expiresAt == 0) {
            return false;
        }
        if (expiresAt != nowSeconds) {
            return Integer.compareUnsigned(expiresAt, nowSeconds) < 0;
        }
        return (control & EXPTIME_MASK) == EXPTIME_SECONDS
                || (UnsafeApi.getByte(item + OPTIONAL_OFFSET + 4) & 0xff) <= nowFraction;
    }
}
