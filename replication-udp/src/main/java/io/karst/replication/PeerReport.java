package io.karst.replication;

import java.nio.charset.StandardCharsets;

/**
 * How it stands with a peer.
 *
 * @param index in the placement
 * @param name on the ring
 * @param state by the time since its last heartbeat
 * @param isSending whether it gets records; otherwise hints are noted
 * @param isRefused whether it must begin again empty
 * @param isConfigDifferent whether its configuration is another one than ours
 * @param phi how surprising its silence is; infinite before the first heartbeat
 * @param outstandingBatches sent and not acknowledged
 * @param outstandingBytes the same in bytes
 * @param dirtyBuckets hints, of 65,536
 * @param lagP50Micros from a write here to the acknowledgement of the peer, since start
 * @param lagP99Micros the same
 * @param lagMaxMicros the same
 * @param skewMicros how far its clock is ahead of ours
 * @param syncedMsAgo since the last full round of anti-entropy with it began; -1 for never
 */
public record PeerReport(
        int index,
        String name,
        PeerState state,
        boolean isSending,
        boolean isRefused,
        boolean isConfigDifferent,
        double phi,
        long outstandingBatches,
        long outstandingBytes,
        int dirtyBuckets,
        long lagP50Micros,
        long lagP99Micros,
        long lagMaxMicros,
        long skewMicros,
        long syncedMsAgo) {

    static PeerReport of(Peer peer, boolean isSending, long nowMs) {
        SendWindow window = peer.link.window();
        var lag = peer.link.lagMicros();
        long synced = peer.session.lastFullSyncMs();
        return new PeerReport(
                peer.index,
                new String(peer.ringName, StandardCharsets.UTF_8),
                // One that was never heard of is not up either.
                peer.boot() == 0 ? PeerState.DOWN : PeerState.of(peer.detector.silenceMs(nowMs)),
                isSending,
                peer.isRefused(),
                peer.isConfigDifferent(),
                peer.detector.phi(nowMs),
                window.next() - window.floor(),
                window.bytes(),
                peer.link.dirtyCount(),
                lag.getValueAtPercentile(50),
                lag.getValueAtPercentile(99),
                lag.getMaxValue(),
                peer.skewMicros(),
                synced == AntiEntropySession.NEVER ? -1 : nowMs - synced);
    }
}
