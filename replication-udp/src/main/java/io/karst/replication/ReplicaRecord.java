package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One change to one key, laid over a buffer, valid until the next {@link #wrap}; in batches and in the outbox of a
 * loop.
 *
 * <pre>
 *   0 u64 version                       24 u32 length of the value
 *   8 u64 expiry, microseconds since    28 u16 length of the key, 1 to 250
 *         2024-01-01, 0: never          30 u8  type: 1 value, 2 delete, 3 touch, 4 reference
 *  16 u64 hash of the key               31 u8  marks: 1 stale, 2 won, 4 the key travels in base64
 *  32 u32 client flags                  36 key, then value
 * </pre>
 *
 * A delete has no value. A touch has 8 bytes in its place: the version of the item that it was done to. A reference
 * stands for a value above {@value #MAX_INLINE_VALUE} bytes; it goes from a loop to the agent, which reads the store,
 * and never over the wire. Not thread-safe.
 */
public final class ReplicaRecord {
    /** A value with its flags and expiry. */
    public static final int VALUE = 1;
    /** A tombstone. */
    public static final int DELETE = 2;
    /** A new expiry for an item of a known version. */
    public static final int TOUCH = 3;
    /** A value to be read from the store. */
    public static final int REFERENCE = 4;

    /** Bytes of a value that a loop copies into its outbox; longer ones go as a reference. */
    public static final int MAX_INLINE_VALUE = 64 * 1024;

    /** Bytes before the key. */
    public static final int HEADER_LENGTH = 36;

    static final int MAX_KEY = 250;
    private static final int TOUCH_LENGTH = 8;

    @SuppressWarnings("NullAway.Init") // wrap() comes first.
    private DirectBuffer buffer;

    private int offset;

    /**
     * Lays this over the record at {@code offset}.
     *
     * @param limit the first offset that is not the record's any more
     * @return its length in bytes, or -1 when there is no whole and valid one
     */
    public int wrap(DirectBuffer buffer, int offset, int limit) {
        this.buffer = buffer;
        this.offset = offset;
        if (limit - offset < HEADER_LENGTH) {
            return -1;
        }
        long length = HEADER_LENGTH + (long) keyLength() + Frame.u32(buffer, offset + 24);
        return keyLength() >= 1 && keyLength() <= MAX_KEY && length <= limit - offset && typeFits() ? (int) length : -1;
    }

    private boolean typeFits() {
        return switch (type()) {
            case VALUE -> true;
            case DELETE, REFERENCE -> valueLength() == 0;
            case TOUCH -> valueLength() == TOUCH_LENGTH;
            default -> false;
        };
    }

    /** Writes a record, and returns its length. */
    public static int encode(
            MutableDirectBuffer target,
            int offset,
            int type,
            long version,
            long expiryMicros,
            int flags,
            long hash,
            byte[] key,
            byte[] value) {
        encodeHeader(target, offset, type, version, expiryMicros, flags, 0, hash, key.length, value.length);
        target.putBytes(offset + HEADER_LENGTH, key);
        target.putBytes(offset + HEADER_LENGTH + key.length, value);
        return HEADER_LENGTH + key.length + value.length;
    }

    /** Writes what stands before key and value. */
    public static void encodeHeader(
            MutableDirectBuffer target,
            int offset,
            int type,
            long version,
            long expiryMicros,
            int flags,
            int marks,
            long hash,
            int keyLength,
            int valueLength) {
        target.putLong(offset, version, LITTLE_ENDIAN);
        target.putLong(offset + 8, expiryMicros, LITTLE_ENDIAN);
        target.putLong(offset + 16, hash, LITTLE_ENDIAN);
        target.putInt(offset + 24, valueLength, LITTLE_ENDIAN);
        target.putShort(offset + 28, (short) keyLength, LITTLE_ENDIAN);
        target.putByte(offset + 30, (byte) type);
        target.putByte(offset + 31, (byte) marks);
        target.putInt(offset + 32, flags, LITTLE_ENDIAN);
    }

    /** The version, compared as a signed number; 1 and more. */
    public long version() {
        return buffer.getLong(offset, LITTLE_ENDIAN);
    }

    /** When the item expires, microseconds since 2024-01-01; 0: never. */
    public long expiryMicros() {
        return buffer.getLong(offset + 8, LITTLE_ENDIAN);
    }

    /** The hash of the key, whose high 16 bits are the bucket. */
    public long hash() {
        return buffer.getLong(offset + 16, LITTLE_ENDIAN);
    }

    /** {@link #VALUE}, {@link #DELETE}, {@link #TOUCH} or {@link #REFERENCE}. */
    public int type() {
        return buffer.getByte(offset + 30) & 0xFF;
    }

    /** What there is to say of an item besides: 1 stale, 2 won, 4 its key travels in base64. */
    public int marks() {
        return buffer.getByte(offset + 31);
    }

    /** The client's flags. */
    public int flags() {
        return buffer.getInt(offset + 32, LITTLE_ENDIAN);
    }

    /** Bytes of the key. */
    public int keyLength() {
        return buffer.getShort(offset + 28, LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Bytes of the value. */
    public int valueLength() {
        return buffer.getInt(offset + 24, LITTLE_ENDIAN);
    }

    /** The version of the item that a touch was done to. */
    public long touchedVersion() {
        return buffer.getLong(offset + HEADER_LENGTH + keyLength(), LITTLE_ENDIAN);
    }

    /** Copies the key to the start of {@code target}, which has 250 bytes, and returns its length. */
    public int key(byte[] target) {
        buffer.getBytes(offset + HEADER_LENGTH, target, 0, keyLength());
        return keyLength();
    }

    /** Where the record lies. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Offset of the value in {@link #buffer}. */
    public int valueOffset() {
        return offset + HEADER_LENGTH + keyLength();
    }

    /** Copies the value to the start of {@code target}. */
    public void value(byte[] target) {
        buffer.getBytes(offset + HEADER_LENGTH + keyLength(), target, 0, valueLength());
    }

    /** Bytes of the record. */
    int length() {
        return HEADER_LENGTH + keyLength() + valueLength();
    }

    /** Copies the whole record. */
    void copyTo(MutableDirectBuffer target, int index) {
        target.putBytes(index, buffer, offset, length());
    }
}
