package io.karst.replication;

import java.util.Locale;

/** What a node counts; {@link #toString} is the name in stats. */
public enum ReplicationCounter {
    /** Frames that are no frames, or contradict themselves. */
    FRAMES_MALFORMED,
    /** Frames of a node that has not said hello, says it is somebody else, or must begin again empty first. */
    FRAMES_REFUSED,
    /** Records that were applied. */
    RECORDS_APPLIED,
    /** Records that were older than what was there, or flushed, or had left. */
    RECORDS_STALE,
    /** Records and flushes more than 5 s ahead of our clock: alarm. */
    VERSIONS_AHEAD,
    /** Records too long for a frame, which are not replicated. */
    RECORDS_TOO_LONG,
    /** Batches that were sent again. */
    BATCHES_RESENT,
    /** Batches that were refused or never acknowledged; their buckets are dirty. */
    BATCHES_TO_DIRTY,
    /** Records that became hints because the peer is away. */
    RECORDS_HINTED,
    /** Buckets whose hints got too old. */
    HINTS_EXPIRED,
    /** Items sent by anti-entropy and replayed hints. */
    ITEMS_REPAIRED,
    /** Nodes that answered a read with something older, and were sent the newest. */
    READS_REPAIRED,
    /** Buckets of which records found no room in a loop's outbox, so that they are dirty; once for several of a moment. */
    RECORDS_DROPPED,
    /** Rounds of anti-entropy that were completed. */
    ROUNDS_COMPLETED,
    /** Times this node began again empty because a peer asked for it. */
    REBUILDS,
    /** Heartbeats of peers with another configuration. */
    CONFIG_MISMATCHES;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
