package io.karst.appliance.command;

import java.nio.charset.StandardCharsets;
import org.agrona.UnsafeApi;

/** Key bytes in raw memory as a String of one character per byte. Allocates; for admin commands. */
public final class KeyText {
    private KeyText() {}

    /** The text of {@code length} bytes at {@code address}. */
    public static String of(long address, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = UnsafeApi.getByte(address + i);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
