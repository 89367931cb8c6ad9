package io.karst.replication;

/**
 * How far a node that began empty has come with asking a peer what had left its buckets. One thread.
 *
 * <p>A node that restarts no longer knows what it had and lost. Without its peers' marks it would fill itself with an old
 * version from one of them, of which another one knows that a newer has left it, and help to serve it at QUORUM.
 */
final class Inheritance {
    private static final long RETRY_MS = 200;

    private int wanted;
    private long askedMs = Long.MIN_VALUE;

    /** Whether all marks of the peer are here. */
    boolean isComplete() {
        return wanted == BucketDigests.BUCKET_COUNT;
    }

    /** The bucket to ask from now, or -1 when nothing is to be asked. */
    int ask(long nowMs) {
        if (isComplete() || (askedMs != Long.MIN_VALUE && nowMs - askedMs < RETRY_MS)) {
            return -1;
        }
        askedMs = nowMs;
        return wanted;
    }

    /** An answer for these buckets came; whether it is the one that was asked for. */
    boolean take(int first, int behind) {
        if (first != wanted) {
            return false;
        }
        wanted = behind;
        askedMs = Long.MIN_VALUE;
        return true;
    }

    /** We begin again empty. */
    void restart() {
        wanted = 0;
        askedMs = Long.MIN_VALUE;
    }
}
