package io.karst.replication;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads that ask several nodes, each with a deadline, and what is learned on the way: a node that answered with something
 * older gets the newest (read repair).
 *
 * <p>The newest version of those that answered wins, unless one of them says that as new a one may have left it: then
 * the answer is a miss. Nodes that are cold do not count. One thread. Source: DESIGN section 6, "Quorum in a cache that
 * evicts".
 */
final class LevelReads {
    /** Sends a newer item to a node that has answered with an older one. */
    @FunctionalInterface
    interface ReadRepair {
        void repair(int node, ReplicaRecord newest);
    }

    private static final class Waiting {
        private final int asked;
        private final int needed;
        private final long deadlineMs;
        private final ReadAnswer answer;
        private final List<long[]> versions = new ArrayList<>(3);
        private final ReplicaRecord newest = new ReplicaRecord();
        private long newestVersion;
        private long mark;
        private int silent;
        private boolean isAnswered;

        private Waiting(int asked, int needed, long deadlineMs, ReadAnswer answer) {
            this.asked = asked;
            this.needed = needed;
            this.deadlineMs = deadlineMs;
            this.answer = answer;
        }

        private void add(int node, @Nullable ReplicaRecord item, long itsMark) {
            long version = item == null ? 0 : item.version();
            versions.add(new long[] {node, version});
            mark = Math.max(mark, itsMark);
            if (item != null && version > newestVersion) {
                newestVersion = version;
                UnsafeBuffer copy = new UnsafeBuffer(new byte[item.length()]);
                item.copyTo(copy, 0);
                newest.wrap(copy, 0, copy.capacity());
            }
        }

        private boolean isHit() {
            return newestVersion > mark && newest.type() == ReplicaRecord.VALUE;
        }

        private boolean isOver() {
            return versions.size() + silent >= asked;
        }
    }

    private final Map<Long, Waiting> waiting = new HashMap<>();
    private final ReadRepair repair;
    private final ReplicationCounters counters;
    private long nextToken;

    LevelReads(ReadRepair repair, ReplicationCounters counters) {
        this.repair = repair;
        this.counters = counters;
    }

    /** Begins a read of which {@code asked} nodes are asked, and returns its token. */
    long begin(int asked, int needed, long deadlineMs, ReadAnswer answer) {
        waiting.put(++nextToken, new Waiting(asked, needed, deadlineMs, answer));
        return nextToken;
    }

    /** A node has answered: with an item or tombstone or nothing, and the highest version that may have left it. */
    void answered(long token, int node, @Nullable ReplicaRecord item, long itsMark) {
        Waiting read = waiting.get(token);
        if (read != null && read.versions.stream().noneMatch(each -> each[0] == node)) {
            read.add(node, item, itsMark);
            settle(token, read);
        }
    }

    /** A node cannot answer: it is not there, or cold. */
    void silent(long token) {
        Waiting read = waiting.get(token);
        if (read != null) {
            read.silent++;
            settle(token, read);
        }
    }

    // The client has its answer as soon as there are enough; the others are awaited for their repair.
    private void settle(long token, Waiting read) {
        if (!read.isAnswered && read.versions.size() >= read.needed) {
            read.isAnswered = true;
            read.answer.done(true, read.isHit() ? read.newest : null);
        } else if (!read.isAnswered && read.asked - read.silent < read.needed) {
            read.isAnswered = true;
            read.answer.done(false, null);
        }
        if (read.isOver()) {
            waiting.remove(token);
            repair(read);
        }
    }

    private void repair(Waiting read) {
        if (read.newestVersion <= read.mark) {
            return;
        }
        for (long[] each : read.versions) {
            if (each[1] < read.newestVersion) {
                counters.increment(ReplicationCounter.READS_REPAIRED);
                repair.repair((int) each[0], read.newest);
            }
        }
    }

    /** Ends all reads: nobody will answer any more. */
    void giveUp() {
        for (Waiting read : waiting.values()) {
            if (!read.isAnswered) {
                read.answer.done(false, null);
            }
        }
        waiting.clear();
    }

    /** Ends the reads whose time is over. */
    void turn(long nowMs) {
        for (Iterator<Waiting> each = waiting.values().iterator(); each.hasNext(); ) {
            Waiting read = each.next();
            if (nowMs >= read.deadlineMs) {
                each.remove();
                if (!read.isAnswered) {
                    read.answer.done(false, null);
                }
                repair(read);
            }
        }
    }
}
