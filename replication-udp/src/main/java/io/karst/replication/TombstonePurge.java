package io.karst.replication;

import java.util.List;

/*
 * A tombstone may go when nobody can have anything older any more. Two obvious rules are wrong, and the simulator shows
 * it: by age alone, a peer that was away for longer brings the deleted item back; by age and by the time of the
 * deletion, a deletion that reached us late goes before we have passed it on. What counts is when WE received it: if a
 * full round of anti-entropy with every peer began after that, every peer has had it, too.
 *
 * A peer that is away for ever would then keep tombstones for ever. Above the limit, the peer that has been out of step
 * longest is refused, if it is away: it must begin again empty (as another boot) before anything is taken from it.
 */

/** When tombstones may be purged, and who is refused so that they may. One thread. */
class TombstonePurge {
    /** A round must have begun this long after the receipt: twice what clocks may differ by. */
    static final long MARGIN_MS = 2 * Version.MAX_AHEAD_MICROS / 1000;

    private final ReplicationConfig config;

    TombstonePurge(ReplicationConfig config) {
        this.config = config;
    }

    /** Tombstones received before this may go, by the rule; {@link Long#MIN_VALUE}: none. */
    long cutoffMs(List<Peer> peers, long nowMs) {
        long cutoffMs = nowMs - config.retentionMs();
        for (Peer peer : peers) {
            if (!peer.isRefused()) {
                long syncMs = peer.session.lastFullSyncMs();
                cutoffMs = Math.min(cutoffMs, syncMs == AntiEntropySession.NEVER ? syncMs : syncMs - MARGIN_MS);
            }
        }
        return cutoffMs;
    }

    /** Purges, and refuses a peer when there are too many tombstones all the same. */
    void turn(ReplicaStore store, List<Peer> peers, long nowMs) {
        long cutoffMs = cutoffMs(peers, nowMs);
        if (cutoffMs != AntiEntropySession.NEVER) {
            store.purgeTombstones(cutoffMs);
        }
        if (store.tombstoneCount() > config.tombstoneLimit()) {
            peers.stream()
                    .filter(peer -> !peer.isRefused() && peer.detector.silenceMs(nowMs) > PeerState.DOWN_MS)
                    .min((a, b) -> Long.compare(a.session.lastFullSyncMs(), b.session.lastFullSyncMs()))
                    .ifPresent(Peer::refuse);
        }
    }
}
