package io.karst.store;

import org.agrona.UnsafeApi;

/**
 * Unsigned 64-bit numbers as ASCII digits in raw memory: what incr and decr work on. Allocation-free.
 */
final class Decimal {
    /** Digits of 2^64 - 1. */
    static final int DIGITS_MAX = 20;

    private static final long TENTH_OF_MAX = Long.divideUnsigned(-1L, 10);

    private Decimal() {}

    /** Number of digits of an unsigned number, 1..20. */
    static int digitCount(long number) {
        int digits = 1;
        long rest = number;
        while (Long.compareUnsigned(rest, 10) >= 0) {
            rest = Long.divideUnsigned(rest, 10);
            digits++;
        }
        return digits;
    }

    /** Writes the digits so that they end before {@code address + digits}; {@code digits} is {@link #digitCount}. */
    static void write(long address, long number, int digits) {
        long rest = number;
        for (int i = digits - 1; i >= 0; i--) {
            long quotient = Long.divideUnsigned(rest, 10);
            UnsafeApi.putByte(address + i, (byte) ('0' + (rest - quotient * 10)));
            rest = quotient;
        }
    }

    /**
     * Whether the bytes are a number to memcached: optional white space, an optional sign, digits that fit 64 bits, then
     * the end, or a NUL or white space and whatever follows it (C's strtoull, as its safe_strtoull uses it). Of negative
     * numbers only -0 is one.
     */
    static boolean isNumber(long address, int length) {
        int at = skipSpace(address, length);
        boolean isNegative = at < length && UnsafeApi.getByte(address + at) == '-';
        at = skipSign(address, at, length);
        int firstDigit = at;
        long number = 0;
        while (at < length && isDigit(UnsafeApi.getByte(address + at))) {
            int digit = UnsafeApi.getByte(address + at) - '0';
            if (Long.compareUnsigned(number, TENTH_OF_MAX) > 0 || (number == TENTH_OF_MAX && digit > 5)) {
                return false;
            }
            number = number * 10 + digit;
            at++;
        }
        return at > firstDigit
                && (!isNegative || number == 0)
                && (at == length || isEnd(UnsafeApi.getByte(address + at)));
    }

    /** The number in bytes for which {@link #isNumber} holds. */
    static long read(long address, int length) {
        long number = 0;
        for (int at = skipSign(address, skipSpace(address, length), length); at < length; at++) {
            byte digit = UnsafeApi.getByte(address + at);
            if (!isDigit(digit)) {
                break;
            }
            number = number * 10 + (digit - '0');
        }
        return number;
    }

    private static int skipSpace(long address, int length) {
        int at = 0;
        while (at < length && isSpace(UnsafeApi.getByte(address + at))) {
            at++;
        }
        return at;
    }

    private static int skipSign(long address, int at, int length) {
        if (at == length) {
            return at;
        }
        byte sign = UnsafeApi.getByte(address + at);
        return sign == '+' || sign == '-' ? at + 1 : at;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isEnd(byte b) {
        return b == 0 || isSpace(b);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }
}
