package io.karst.replication;

import java.lang.System.Logger.Level;
import java.util.List;

/** What the operator's log has of peers: what has become another than it was. */
final class PeerLog {
    private static final System.Logger LOGGER = System.getLogger(PeerLog.class.getName());
    private static final long SKEW_MICROS = 5_000_000;

    private PeerLog() {}

    /** Compares two reports of the same peers. */
    static void tell(List<PeerReport> before, List<PeerReport> now) {
        for (int i = 0; i < now.size(); i++) {
            tell(before.get(i), now.get(i));
        }
    }

    private static void tell(PeerReport before, PeerReport now) {
        String name = now.name();
        if (now.isConfigDifferent() && !before.isConfigDifferent()) {
            LOGGER.log(
                    Level.WARNING,
                    "peer {0} has another configuration: compare peers file, placement and replicas on both",
                    name);
        }
        if (now.isSending() != before.isSending()) {
            LOGGER.log(Level.INFO, now.isSending() ? "peer {0} is there" : "peer {0} is away, hints are noted", name);
        }
        if (now.isRefused() && !before.isRefused()) {
            LOGGER.log(Level.WARNING, "peer {0} was away for too long and must begin again empty", name);
        }
        if (isSkewed(now) && !isSkewed(before)) {
            LOGGER.log(
                    Level.WARNING,
                    "the clock of peer {0} is {1} ms ahead of ours: see to time synchronisation",
                    name,
                    Long.toString(now.skewMicros() / 1000));
        }
    }

    private static boolean isSkewed(PeerReport peer) {
        return Math.abs(peer.skewMicros()) > SKEW_MICROS;
    }
}
