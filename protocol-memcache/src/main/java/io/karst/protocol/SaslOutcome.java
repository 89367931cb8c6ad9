package io.karst.protocol;

import java.nio.charset.StandardCharsets;

/** What one step of a login came to. Immutable. */
public final class SaslOutcome {
    /** Most bytes of {@link #data}; with a header it fits into {@link ReplyWriter#MIN_ROOM}. */
    public static final int DATA_MAX = 2048;

    private static final SaslOutcome FAILED = new SaslOutcome(Status.FAILURE, new byte[0]);

    /** How far the login is. */
    public enum Status {
        /** The client must answer {@link SaslOutcome#data}: binary status 0x21. */
        CONTINUE,
        /** The connection is logged in: binary status 0. */
        SUCCESS,
        /** It is not: binary status 0x20, without data. */
        FAILURE
    }

    private final Status status;
    private final byte[] data;

    private SaslOutcome(Status status, byte[] data) {
        if (data.length > DATA_MAX) {
            throw new IllegalArgumentException("a login step of " + data.length + " bytes");
        }
        this.status = status;
        this.data = data;
    }

    /** A challenge, possibly empty, in UTF-8. */
    public static SaslOutcome challenge(String data) {
        return new SaslOutcome(Status.CONTINUE, data.getBytes(StandardCharsets.UTF_8));
    }

    /** A login that went well, with the server's last words in UTF-8. */
    public static SaslOutcome success(String data) {
        return new SaslOutcome(Status.SUCCESS, data.getBytes(StandardCharsets.UTF_8));
    }

    /** A login that did not. */
    public static SaslOutcome failure() {
        return FAILED;
    }

    /** How far the login is. */
    public Status status() {
        return status;
    }

    /** The body of the answer; a copy. */
    public byte[] data() {
        return data.clone();
    }
}
