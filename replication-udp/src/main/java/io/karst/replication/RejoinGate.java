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
    private boolean isInStep;

    RejoinGate(List<Peer> peers, long warmupMaxMs, long nowMs) {
        this.peers = peers;
        this.warmupMaxMs = warmupMaxMs;
        startedMs = nowMs;
    }

    /** Begins again: the node is empty. */
    void chill(long nowMs) {
        startedMs = nowMs;
        isWarm = false;
        isInStep = false;
    }

    void turn(long nowMs) {
        isInStep |= peers.stream()
                .allMatch(peer ->
                        peer.session.lastFullSyncMs() != AntiEntropySession.NEVER && peer.inheritance.isComplete());
        isWarm |= isInStep || nowMs - startedMs >= warmupMaxMs;
    }

    /** Whether everything was settled with every peer once, however long that took: what a quorum wants to know. */
    boolean isInStep() {
        return isInStep;
    }

    boolean isWarm() {
        return isWarm;
    }
}
