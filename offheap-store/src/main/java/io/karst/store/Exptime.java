package io.karst.store;

/**
 * memcached's exptime: 0 is never, negative is already over, up to 30 days counts from now, anything above is a Unix time.
 * Results are Unix seconds as an unsigned 32-bit number, 0 for never. Source: memcached's protocol.txt, "Expiration
 * times"; the last rule is PROTOCOL section 1: a moment at or before the server's start is over.
 */
public final class Exptime {
    /** Longest relative exptime, seconds: 30 days. */
    public static final int RELATIVE_MAX = 60 * 60 * 24 * 30;

    /** A moment that is always over. */
    static final int OVER = 1;

    private Exptime() {}

    /**
     * When an item with this exptime goes.
     *
     * @param exptime as the client wrote it
     * @param nowSeconds Unix seconds, unsigned
     * @param startSeconds when the server started, Unix seconds, unsigned
     */
    public static int resolve(int exptime, int nowSeconds, int startSeconds) {
        if (exptime == 0) {
            return 0;
        }
        if (exptime < 0) {
            return OVER;
        }
        if (exptime <= RELATIVE_MAX) {
            return nowSeconds + exptime;
        }
        return Integer.compareUnsigned(exptime, startSeconds) <= 0 ? OVER : exptime;
    }
}
