package io.karst.replication;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node knows and has of another one. One thread. */
final class Peer {
    /** Stands for whichever boot the peer says next. */
    static final long ANY_BOOT = -1;

    final int index;
    final byte[] ringName;
    final PeerLink link;
    final AntiEntropySession session;
    final ReceiveTracker received = new ReceiveTracker();
    final PhiAccrualDetector detector;
    final Inheritance inheritance = new Inheritance();

    private long boot;
    private long refusedBoot;
    private long skewMicros;
    private boolean isAckDue;
    private boolean isHelloDue = true;
    private boolean isConfigDifferent;

    Peer(int index, byte[] ringName, PeerLink link, AntiEntropySession session, PhiAccrualDetector detector) {
        this.index = index;
        this.ringName = ringName;
        this.link = link;
        this.session = session;
        this.detector = detector;
    }

    /** The one with a number, or null when that is nobody's, or our own. */
    static @Nullable Peer find(List<Peer> peers, int number) {
        for (Peer peer : peers) {
            if (peer.index == number) {
                return peer;
            }
        }
        return null;
    }

    /** The peer's boot, 0 before its first hello. */
    long boot() {
        return boot;
    }

    /** The peer said hello: when with another boot than before, all that was on its way to the old one is moot. */
    void boot(long boot) {
        if (boot != this.boot) {
            this.boot = boot;
            refusedBoot = refusedBoot == ANY_BOOT ? boot : refusedBoot;
            forgetTraffic();
        }
    }

    /** Begins again with whatever was on its way in either direction. */
    void forgetTraffic() {
        link.giveUp();
        received.reset();
        session.restart();
    }

    /** Takes nothing more from this boot of the peer: it was away for longer than tombstones could wait. */
    void refuse() {
        refusedBoot = boot == 0 ? ANY_BOOT : boot;
        link.clear();
        session.restart();
    }

    /** We begin again empty, so nobody is out of step with us. */
    void forget() {
        refusedBoot = 0;
        link.clear();
        received.reset();
        inheritance.restart();
        session.reset();
        isHelloDue = true;
    }

    /** The boot that must begin again empty, or 0. */
    long refusedBoot() {
        return refusedBoot;
    }

    boolean isRefused() {
        return refusedBoot == ANY_BOOT || (refusedBoot != 0 && refusedBoot == boot);
    }

    void heartbeat(Heartbeat frame, long nowMs, long clockMicros, boolean isConfigDifferent) {
        detector.heartbeat(nowMs);
        skewMicros = frame.clockMicros() - clockMicros;
        this.isConfigDifferent = isConfigDifferent;
    }

    /** How far the peer's clock is ahead of ours, less the time a heartbeat takes. */
    long skewMicros() {
        return skewMicros;
    }

    boolean isConfigDifferent() {
        return isConfigDifferent;
    }

    void ackDue() {
        isAckDue = true;
    }

    boolean takeAckDue() {
        boolean due = isAckDue;
        isAckDue = false;
        return due;
    }

    void helloDue() {
        isHelloDue = true;
    }

    boolean takeHelloDue() {
        boolean due = isHelloDue;
        isHelloDue = false;
        return due;
    }
}
