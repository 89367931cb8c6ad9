package io.karst.replication;

import java.util.List;

/**
 * Whether a node that (re)started may be believed when it says miss: it is <em>cold</em> until every bucket was settled
 * with every peer, or until it has waited long enough. One thread.
 */
final class RejoinGate {
    private final List<Peer> peers;
    private final long warmupMaxMs;
    private long startedMs;
    private boolean isWarm;

    RejoinGate(List<Peer> peers, long warmupMaxMs, long nowMs) {
        this.peers = peers;
        this.warmupMaxMs = warmupMaxMs;
        startedMs = nowMs;
    }

    /** Begins again: the node is empty. */
    void chill(long nowMs) {
        startedMs = nowMs;
        isWarm = false;
    }

    void turn(long nowMs) {
        boolean inStep = peers.stream().allMatch(peer -> peer.session.lastFullSyncMs() != AntiEntropySession.NEVER);
        isWarm |= inStep || nowMs - startedMs >= warmupMaxMs;
    }

    boolean isWarm() {
        return isWarm;
    }

    boolean isWarm(int bucket) {
        return isWarm || peers.stream().allMatch(peer -> peer.session.isSettled(bucket));
    }
}
