package io.karst.replication;

import org.agrona.DirectBuffer;

/**
 * Brings frames to peers, whole or not at all, perhaps late, twice or in another order. Never blocks. One thread.
 */
public interface Transport {
    /** Takes what comes in. */
    interface Handler {
        /** A frame of a peer (its index in the placement), valid during the call. */
        void onFrame(int peer, DirectBuffer buffer, int offset, int length);

        /** The connection to a peer broke: frames that were accepted for it may be lost. */
        void onLost(int peer);
    }

    /** Sends a frame; false when it is refused, now, by back-pressure or because the peer is not connected. */
    boolean offer(int peer, DirectBuffer buffer, int offset, int length);

    /** Delivers at most {@code limit} frames, and returns how many. */
    int poll(Handler handler, int limit);

    /** Bytes of the longest frame that is taken. */
    int maxFrameLength();
}
