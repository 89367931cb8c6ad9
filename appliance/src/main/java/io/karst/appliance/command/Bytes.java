package io.karst.appliance.command;

import org.agrona.UnsafeApi;

/** Bytes of a request, for those who keep them. */
final class Bytes {
    private Bytes() {}

    /** A character for each byte. */
    static String text(long address, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) (UnsafeApi.getByte(address + i) & 0xff));
        }
        return text.toString();
    }
}
