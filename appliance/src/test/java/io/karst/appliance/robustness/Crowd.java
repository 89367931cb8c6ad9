package io.karst.appliance.robustness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connections that say nothing, and slow ones: half of these dribble a set, a byte at a time, the others ask for more than
 * they read. Each slow connection does something about once a second. Closed with resets, so that no port stays behind.
 */
final class Crowd implements Bystander.Disturbance {
    /** What a slow reader gets again and again: {@code set big} it before. */
    static final int BIG = 10_000;

    private static final int BIG_GETS = 100;
    private static final byte[] DRIBBLED =
            ("set slow 0 0 1000\r\n" + "s".repeat(900)).getBytes(StandardCharsets.US_ASCII);

    private final List<SocketChannel> idle = new ArrayList<>();
    private final List<SocketChannel> dribblers = new ArrayList<>();
    private final List<SocketChannel> readers = new ArrayList<>();
    private final Busy slowness;
    private int next;

    Crowd(int port, int idleCount, int slowCount) throws IOException {
        for (int i = 0; i < idleCount; i++) {
            idle.add(connect(port, false));
        }
        // Its first bytes are what makes a connection cost more than its socket: a buffer was used and given back.
        for (SocketChannel channel : idle) {
            write(channel, "mn\r\n");
        }
        for (SocketChannel channel : idle) {
            assertEquals("MN\r\n", read(channel, 4));
        }
        for (int i = 0; i < slowCount / 2; i++) {
            dribblers.add(connect(port, false));
            readers.add(connect(port, true));
            write(readers.get(i), "get big\r\n".repeat(BIG_GETS));
        }
        slowness = new Busy(slow(Math.max(1, slowCount)), new AtomicLong());
    }

    private static SocketChannel connect(int port, boolean isReader) throws IOException {
        SocketChannel channel = SocketChannel.open();
        if (isReader) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        }
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        return channel;
    }

    /** One slow connection moves by a byte, or 64. */
    private Callable<Void> slow(int slowCount) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(64);
        return () -> {
            TimeUnit.NANOSECONDS.sleep(1_000_000_000L / slowCount);
            if (dribblers.isEmpty()) {
                return null;
            }
            int which = next / 2 % dribblers.size();
            bytes.clear();
            if (next % 2 == 0) {
                int at = next / 2 / dribblers.size();
                dribblers
                        .get(which)
                        .write(bytes.put(DRIBBLED[at % DRIBBLED.length]).flip());
            } else if (readers.get(which).read(bytes) < 0) {
                throw new IOException("a slow reader was closed before its time");
            }
            next++;
            return null;
        };
    }

    /** Every idle connection still answers, and in its turn. */
    void checkIdle() throws IOException {
        for (SocketChannel channel : idle) {
            write(channel, "get nothing\r\n");
        }
        for (SocketChannel channel : idle) {
            assertEquals("END\r\n", read(channel, 5));
        }
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static String read(SocketChannel channel, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // Until it is all there.
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        try {
            slowness.close();
            checkIdle();
        } finally {
            for (List<SocketChannel> group : List.of(idle, dribblers, readers)) {
                for (SocketChannel channel : group) {
                    channel.close();
                }
            }
        }
    }
}
