package io.karst.appliance.watch;

import org.agrona.UnsafeApi;

/**
 * Keys as memcached shows them in key dumps and logs: letters, digits and {@code -._~} as they are, every other byte as
 * {@code %XX}. What it writes never contains a control byte or a space. Stateless, allocates nothing.
 */
public final class UriKey {
    private static final String DIGITS = "0123456789ABCDEF";

    private UriKey() {}

    /** Appends the key of {@code length} bytes at {@code address}; at most three characters per byte. */
    public static void append(StringBuilder text, long address, int length) {
        for (int i = 0; i < length; i++) {
            append(text, UnsafeApi.getByte(address + i) & 0xff);
        }
    }

    /** Appends a key whose characters are its bytes. */
    public static void append(StringBuilder text, String key) {
        for (int i = 0; i < key.length(); i++) {
            append(text, key.charAt(i) & 0xff);
        }
    }

    private static void append(StringBuilder text, int octet) {
        if (isUnreserved(octet)) {
            text.append((char) octet);
        } else {
            text.append('%').append(DIGITS.charAt(octet >>> 4)).append(DIGITS.charAt(octet & 15));
        }
    }

    private static boolean isUnreserved(int octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || octet == '-'
                || octet == '.'
                || octet == '_'
                || octet == '~';
    }
}
