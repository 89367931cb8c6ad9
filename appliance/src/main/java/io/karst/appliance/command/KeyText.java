package io.karst.appliance.command;

import org.agrona.UnsafeApi;

/** Key bytes in raw memory as text of one character per byte. For admin commands. */
public final class KeyText {
    private KeyText() {}

    /** Appends the text of {@code length} bytes at {@code address}; allocates no more than the builder does. */
    public static void append(StringBuilder text, long address, int length) {
        for (int i = 0; i < length; i++) {
            text.append((char) (UnsafeApi.getByte(address + i) & 0xff));
        }
    }

    /** The text of {@code length} bytes at {@code address}. Allocates. */
    public static String of(long address, int length) {
        StringBuilder text = new StringBuilder(length);
        append(text, address, length);
        return text.toString();
    }
}
