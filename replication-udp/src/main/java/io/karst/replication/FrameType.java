package io.karst.replication;

import org.jspecify.annotations.Nullable;

/** What a frame is, the second byte of each; docs/wire/replication.md draws them. */
enum FrameType {
    /** Who the sender is, and whose boot it has heard of. */
    HELLO(1, 34 + 1),
    /** Records to apply. */
    BATCH(2, RecordBatch.BODY),
    /** Up to which batch everything has been applied. */
    ACK(3, 32),
    /** Clock, configuration and flush versions, every 200 ms. */
    HEARTBEAT(4, Heartbeat.BODY),
    /** 256 digests: of all groups, or of the buckets of one group. */
    DIGESTS(5, DigestFrame.LENGTH),
    /** Which of 256 digests differ. */
    DIFFERENCES(6, DifferenceFrame.LENGTH),
    /** What the sender has in one bucket. */
    SUMMARY(7, BucketSummary.BODY),
    /** How much of a summary has still to move. */
    ANSWER(8, 36),
    /** Which items of a bucket the sender wants. */
    PULL(9, PullRequest.BODY),
    /** What has the receiver under a key? */
    QUERY(10, QueryFrame.BODY + 1),
    /** The answer to a query. */
    REPLY(11, ReplyFrame.BODY),
    /** What has left the receiver's buckets? */
    MARKS_WANTED(12, MarksWanted.LENGTH),
    /** The answer to that. */
    MARKS(13, MarksFrame.BODY);

    private static final @Nullable FrameType[] BY_CODE = new FrameType[256];

    static {
        for (FrameType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final int minLength;

    FrameType(int code, int minLength) {
        this.code = code;
        this.minLength = minLength;
    }

    /** The byte on the wire. */
    int code() {
        return code;
    }

    /** The bytes that every frame of this type has, header included. */
    int minLength() {
        return minLength;
    }

    /** The type with this byte, or null. */
    static @Nullable FrameType of(int code) {
        return BY_CODE[code & 0xFF];
    }
}
