package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A frame laid over a buffer, valid until the next {@link #wrap}; subclasses know the body. Little-endian, every length
 * unsigned.
 *
 * <pre>
 *  0 u8  layout, 1        2 u8 node of the sender       4 u32 length of the frame, header included
 *  1 u8  type             3 u8 flags of the type        8 u64 boot of the sender
 * </pre>
 *
 * Nothing that comes off the wire makes it throw: {@link #wrap} says whether every length inside fits. One thread.
 */
abstract class Frame {
    static final int HEADER_LENGTH = 16;
    static final int LAYOUT = 1;

    private final FrameType type;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    Frame(FrameType type) {
        this.type = type;
    }

    /** The type of a whole frame of {@code length} bytes, or null when it is none: wrong layout, type or length. */
    static @Nullable FrameType type(DirectBuffer buffer, int offset, int length) {
        if (length < HEADER_LENGTH || (buffer.getByte(offset) & 0xFF) != LAYOUT) {
            return null;
        }
        FrameType type = FrameType.of(buffer.getByte(offset + 1));
        boolean whole = u32(buffer, offset + 4) == length;
        return type != null && whole && length >= type.minLength() ? type : null;
    }

    /** Writes the header of a frame of {@code length} bytes to the start of a buffer, and returns the length. */
    static int encodeHeader(MutableDirectBuffer target, FrameType type, int node, int flags, long boot, int length) {
        target.putByte(0, (byte) LAYOUT);
        target.putByte(1, (byte) type.code());
        target.putByte(2, (byte) node);
        target.putByte(3, (byte) flags);
        target.putInt(4, length, LITTLE_ENDIAN);
        target.putLong(8, boot, LITTLE_ENDIAN);
        return length;
    }

    /** Lays this over a frame; false when it is not a whole frame of this type, and nothing else may be asked then. */
    final boolean wrap(DirectBuffer buffer, int offset, int length) {
        if (type(buffer, offset, length) != type) {
            return false;
        }
        view.wrap(buffer, offset, length);
        return fits();
    }

    /** Whether every length in the body fits the frame. */
    abstract boolean fits();

    /** Bytes of the frame. */
    final int length() {
        return view.capacity();
    }

    final int node() {
        return u8(2);
    }

    final int flags() {
        return u8(3);
    }

    final long boot() {
        return u64(8);
    }

    final DirectBuffer view() {
        return view;
    }

    final int u8(int index) {
        return view.getByte(index) & 0xFF;
    }

    final int u16(int index) {
        return view.getShort(index, LITTLE_ENDIAN) & 0xFFFF;
    }

    final long u64(int index) {
        return view.getLong(index, LITTLE_ENDIAN);
    }

    static long u32(DirectBuffer buffer, int index) {
        return buffer.getInt(index, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }
}
