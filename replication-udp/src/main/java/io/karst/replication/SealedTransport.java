package io.karst.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A transport that brings and takes only what a peer with the key has sealed for us in its present life and ours. What
 * does not open, or was opened before, is dropped and counted. One thread.
 */
public final class SealedTransport implements Transport {
    private final Transport transport;
    private final List<SealedLink> links = new ArrayList<>();
    private long forgedCount;
    private long repeatedCount;

    /**
     * Seals what goes through {@code transport}.
     *
     * @param salts draws 16 random bytes, never the same
     */
    public SealedTransport(Transport transport, KeyRing ring, Members members, int self, Supplier<byte[]> salts) {
        this.transport = transport;
        for (int i = 0; i < members.count(); i++) {
            links.add(new SealedLink(ring, members.name(self), members.name(i), salts));
        }
    }

    @Override
    public boolean offer(int peer, DirectBuffer buffer, int offset, int length) {
        Seal seal = links.get(peer).sealing();
        if (seal == null) {
            links.get(peer).helloDue();
            return false;
        }
        byte[] envelope = seal.seal(links.get(peer).nextCounter(), buffer, offset, length);
        return send(peer, envelope);
    }

    private boolean send(int peer, byte[] bytes) {
        return transport.offer(peer, new UnsafeBuffer(bytes), 0, bytes.length);
    }

    @Override
    public int poll(Handler handler, int limit) {
        int count = transport.poll(new Opener(handler), limit);
        for (int peer = 0; peer < links.size(); peer++) {
            byte[] hello = links.get(peer).takeHello();
            if (hello != null) {
                send(peer, hello);
            }
        }
        return count;
    }

    @Override
    public int maxFrameLength() {
        return transport.maxFrameLength() - Seal.OVERHEAD;
    }

    /** Frames that nobody with the key has sealed for us, in our present lives. */
    public long forgedCount() {
        return forgedCount;
    }

    /** Frames that came again. */
    public long repeatedCount() {
        return repeatedCount;
    }

    private final class Opener implements Handler {
        private final Handler handler;

        private Opener(Handler handler) {
            this.handler = handler;
        }

        @Override
        public void onLost(int peer) {
            handler.onLost(peer);
        }

        @Override
        public void onFrame(int peer, DirectBuffer buffer, int offset, int length) {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            SealedLink link = links.get(peer);
            if (length > 4 && bytes[0] == Frame.LAYOUT && bytes[1] == SealedLink.TYPE) {
                forgedCount += link.onHello(bytes) ? 0 : 1;
                return;
            }
            byte[] frame = open(link, bytes);
            if (frame == null) {
                link.helloDue();
            } else {
                handler.onFrame(peer, new UnsafeBuffer(frame), 0, frame.length);
            }
        }

        private byte @Nullable [] open(SealedLink link, byte[] bytes) {
            boolean isSealed = bytes.length >= Seal.OVERHEAD && bytes[0] == Frame.LAYOUT && bytes[1] == Seal.TYPE;
            Seal seal = isSealed ? link.opening(bytes[2] & 0xFF) : null;
            byte[] frame = seal == null ? null : seal.open(bytes);
            if (seal == null || frame == null) {
                forgedCount++;
                return null;
            }
            if (seal.isRepeated(bytes)) {
                repeatedCount++;
                return null;
            }
            return frame;
        }
    }
}
