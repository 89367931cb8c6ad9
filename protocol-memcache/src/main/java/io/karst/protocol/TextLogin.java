package io.karst.protocol;

import java.util.Arrays;

/**
 * The way in on a server with {@code -Y}: until a client has said {@code set <key> <flags> <exptime> <length>} and then
 * {@code <user> <password>} as that item's data, nothing else is understood. Key, flags and exptime may be anything and
 * nothing is stored; a trailing {@code noreply} silences nothing. Everything up to the first space is the user, all behind
 * it the password. One per connection that is not logged in; loop thread only. Cold path: allocates.
 *
 * <p>Source: memcached 1.6.45's answers; its line limit and length limit.
 */
final class TextLogin {
    /** More bytes are needed. */
    static final int INCOMPLETE = 0;
    /** {@link #reply} is the answer, up to {@link #position} was understood. */
    static final int ANSWERED = 1;
    /** The password was right. */
    static final int LOGGED_IN = 2;
    /** It was not: {@link #reply} is the answer, to be held back for {@link Access#delayMillis}. */
    static final int FAILED = 3;
    /** {@link #reply} is the answer, and the connection ends with it: what follows cannot be made out. */
    static final int ANSWERED_AND_CLOSE = 4;
    /** Not our protocol: close without an answer. */
    static final int CLOSE = 5;

    /** Longest user and password together with the space between. */
    private static final int TOKEN_MAX = 16_384;

    /** No login begins with a line of less, line feed not counted. */
    private static final int SHORTEST_LINE = 6;

    private static final int LENGTH_WORD = 4;

    private final PasswordCheck passwords;
    private int tokenLength = -1;
    private int failureCount;

    /** Behind the last byte understood, when more are needed, too. */
    long position;

    /** The answer to it. */
    Reply reply = Reply.UNAUTHENTICATED;

    TextLogin(PasswordCheck passwords) {
        this.passwords = passwords;
    }

    /** Logins of this connection that failed. */
    int failureCount() {
        return failureCount;
    }

    /** Understands one line, or one line's data, of the bytes from {@code from} to {@code end}; one of the constants. */
    int next(long from, long end) {
        position = from;
        return tokenLength < 0 ? line(from, end) : token(from, end);
    }

    private int line(long from, long end) {
        long newline = RawBytes.newline(from, end);
        if (newline >= end) {
            return end - from > ProtocolLimits.LINE_MAX ? CLOSE : INCOMPLETE;
        }
        position = newline + 1;
        if (newline - from < SHORTEST_LINE) {
            return CLOSE;
        }
        if (newline - from > ProtocolLimits.LINE_MAX) {
            return answer(Reply.UNAUTHENTICATED);
        }
        String[] words =
                RawBytes.string(from, (int) (newline - from)).stripTrailing().split(" +");
        int first = words[0].isEmpty() ? 1 : 0;
        if (words.length <= first + LENGTH_WORD || !words[first].equals("set")) {
            return answer(Reply.UNAUTHENTICATED);
        }
        String length = words[first + LENGTH_WORD];
        if (!length.matches("[0-9]{1,10}")) {
            return answer(Reply.UNAUTHENTICATED);
        }
        if (Long.parseLong(length) > TOKEN_MAX) {
            reply = Reply.AUTH_TOKEN_TOO_LONG;
            return ANSWERED_AND_CLOSE;
        }
        tokenLength = Integer.parseInt(length);
        return next(position, end);
    }

    private int token(long from, long end) {
        int length = tokenLength;
        if (end - from < length + 2) {
            return INCOMPLETE;
        }
        tokenLength = -1;
        position = from + length + 2;
        if (!TextDecoder.hasLineEnd(from + length)) {
            return answer(Reply.BAD_LINE_TERMINATION);
        }
        long space = RawBytes.space(from, from + length);
        if (space >= from + length) {
            return answer(Reply.BAD_AUTH_TOKEN);
        }
        byte[] password = bytes(space + 1, from + length);
        boolean isRight = passwords.isRight(bytes(from, space), password);
        Arrays.fill(password, (byte) 0);
        if (isRight) {
            return LOGGED_IN;
        }
        failureCount++;
        reply = Reply.AUTH_FAILURE;
        return FAILED;
    }

    private int answer(Reply line) {
        reply = line;
        return ANSWERED;
    }

    private static byte[] bytes(long from, long end) {
        byte[] bytes = new byte[(int) (end - from)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = RawBytes.get(from + i);
        }
        return bytes;
    }
}
