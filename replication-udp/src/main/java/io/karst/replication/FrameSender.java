package io.karst.replication;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Our name on outgoing frames, and one buffer in which all but batches are written. One thread. */
final class FrameSender {
    private final Transport transport;
    private final int node;
    private final UnsafeBuffer scratch;
    private long boot;

    FrameSender(Transport transport, int node, long boot) {
        this.transport = transport;
        this.node = node;
        this.boot = boot;
        scratch = new UnsafeBuffer(new byte[transport.maxFrameLength()]);
    }

    /** The buffer to encode the next frame to, at its start. */
    MutableDirectBuffer scratch() {
        return scratch;
    }

    int node() {
        return node;
    }

    /** What tells this life of the node from others; random, never 0. */
    long boot() {
        return boot;
    }

    void boot(long boot) {
        this.boot = boot;
    }

    int maxFrameLength() {
        return transport.maxFrameLength();
    }

    /** Sends what was encoded; when the transport refuses, somebody asks again later. */
    void send(int peer, int length) {
        send(peer, scratch, length);
    }

    boolean send(int peer, MutableDirectBuffer frame, int length) {
        return transport.offer(peer, frame, 0, length);
    }
}
