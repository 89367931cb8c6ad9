package io.karst.protocol;

/** Decimal numbers in received bytes. Hot path: no allocation. */
final class Numbers {
    /** What is returned for anything that is not a number in range. */
    static final long INVALID = Long.MIN_VALUE;

    private Numbers() {}

    /** A decimal in 0..2^32-1, or INVALID. */
    static long unsigned32(long address, long length) {
        long value = digits(address, length);
        return value > 0xffffffffL ? INVALID : value;
    }

    /** A decimal in -2^31..2^31-1, or INVALID. */
    static long signed32(long address, long length) {
        if (length > 1 && RawBytes.get(address) == '-') {
            long value = digits(address + 1, length - 1);
            return value == INVALID || value > -(long) Integer.MIN_VALUE ? INVALID : -value;
        }
        long value = digits(address, length);
        return value > Integer.MAX_VALUE ? INVALID : value;
    }

    /** An exptime: a decimal in -2^31..2^32-1, or INVALID. The upper half is negative: libmemcached writes -1 so. */
    static long exptime(long address, long length) {
        long unsigned = unsigned32(address, length);
        return unsigned == INVALID ? signed32(address, length) : (int) unsigned;
    }

    /** Digits only; values beyond 2^40 are cut off there, which is beyond every range asked for. */
    private static long digits(long address, long length) {
        if (length == 0) {
            return INVALID;
        }
        long value = 0;
        for (long i = 0; i < length; i++) {
            int digit = RawBytes.get(address + i) - '0';
            if (digit < 0 || digit > 9) {
                return INVALID;
            }
            value = Math.min(value * 10 + digit, 1L << 40);
        }
        return value;
    }

    /** Whether the bytes are a decimal in 0..2^64-1, which is {@code number[0]} then, unsigned. */
    static boolean unsigned64(long address, long length, long[] number) {
        long value = 0;
        for (long i = 0; i < length; i++) {
            int digit = RawBytes.get(address + i) - '0';
            boolean isSmall = value >= 0 && value < Long.MAX_VALUE / 10;
            boolean fits = isSmall || Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, 10)) <= 0;
            if (digit < 0 || digit > 9 || !fits) {
                return false;
            }
            value = value * 10 + digit;
        }
        number[0] = value;
        return length > 0;
    }
}
