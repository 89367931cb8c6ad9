package io.karst.replication;

/** How long a peer has been silent, in words. It is reported; what is sent follows φ. */
public enum PeerState {
    /** Heard of within 10 s. */
    UP,
    /** Silent for 10 s. */
    SUSPECT,
    /** Silent for 30 s. */
    DOWN;

    static final long SUSPECT_MS = 10_000;
    static final long DOWN_MS = 30_000;

    static PeerState of(long silenceMs) {
        if (silenceMs >= DOWN_MS) {
            return DOWN;
        }
        return silenceMs >= SUSPECT_MS ? SUSPECT : UP;
    }
}
