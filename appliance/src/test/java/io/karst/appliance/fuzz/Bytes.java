package io.karst.appliance.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow, with access to the array behind them. One thread. */
final class Bytes {
    private byte[] array = new byte[1024];
    private int length;

    /** The array, valid up to {@link #length} and until the next change. */
    byte[] array() {
        return array;
    }

    /** Bytes in use. */
    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    /** Forgets what is behind a length. */
    void cut(int newLength) {
        length = newLength;
    }

    Bytes add(int value) {
        room(1);
        array[length++] = (byte) value;
        return this;
    }

    Bytes add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return add(bytes, 0, bytes.length);
    }

    Bytes add(byte[] source, int from, int count) {
        room(count);
        System.arraycopy(source, from, array, length, count);
        length += count;
        return this;
    }

    Bytes repeat(int value, int count) {
        room(count);
        Arrays.fill(array, length, length + count, (byte) value);
        length += count;
        return this;
    }

    /** Big-endian, the lowest bytes of a number. */
    Bytes number(long value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            add((int) (value >>> shift));
        }
        return this;
    }

    /** Makes room and returns the array to write at {@link #length}; {@link #cut} tells afterwards how much there is. */
    byte[] room(int count) {
        if (array.length - length < count) {
            array = Arrays.copyOf(array, Math.max(2 * array.length, length + count));
        }
        return array;
    }

    String text(int from, int to) {
        return new String(array, from, to - from, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return text(0, length);
    }
}
