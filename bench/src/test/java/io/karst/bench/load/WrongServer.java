package io.karst.bench.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A small memcached (get, multiget, set) that is right until it is told to do one thing wrong, once, at a given get.
 * One thread per connection; everything it does is plain enough to be believed.
 */
final class WrongServer implements AutoCloseable {
    /** What goes wrong at the given get. */
    enum Fault {
        NONE,
        FLIPPED_BYTE,
        LOST_REPLY,
        SWAPPED_REPLIES,
        SWAPPED_VALUES,
        STALE_VALUE,
        WRONG_FLAGS,
        SHORT_VALUE,
        MISSING_NEWLINE,
        GARBAGE,
        CLOSED,
        SERVER_ERROR,
        DUPLICATE_REPLY,
        STALL
    }

    private final ServerSocket listener;
    private final Fault fault;
    private final int faultAt;
    private final long stallNs;
    private final Map<String, byte[]> items = new ConcurrentHashMap<>();
    private final Map<String, byte[]> olderItems = new ConcurrentHashMap<>();
    private final AtomicInteger gets = new AtomicInteger();
    private volatile long stalledUntilNs = Long.MIN_VALUE;

    /** Does {@code fault} at get number {@code faultAt}, counted from 1; a stall lasts 50 ms and holds up everybody. */
    WrongServer(Fault fault, int faultAt) throws IOException {
        this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        this.fault = fault;
        this.faultAt = faultAt;
        this.stallNs = 50_000_000;
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "wrong-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            byte[] held = new byte[0];
            for (String line = line(in); line != null; line = line(in)) {
                ByteArrayOutputStream reply = new ByteArrayOutputStream();
                String[] words = line.split(" ");
                boolean now = false;
                if (words[0].equals("set")) {
                    byte[] value = in.readNBytes(Integer.parseInt(words[4]));
                    in.readNBytes(2);
                    byte[] older = items.put(words[1], value);
                    if (older != null) {
                        olderItems.put(words[1], older);
                    }
                    write(reply, "STORED\r\n");
                } else {
                    now = gets.incrementAndGet() == faultAt;
                    get(words, reply, now);
                }
                holdStill(now);
                if (now && fault == Fault.CLOSED) {
                    return;
                }
                if (now && fault == Fault.SWAPPED_REPLIES) {
                    held = reply.toByteArray();
                    continue;
                }
                if (!(now && fault == Fault.LOST_REPLY)) {
                    reply.write(held);
                    out.write(reply.toByteArray());
                    held = new byte[0];
                }
                if (now && fault == Fault.DUPLICATE_REPLY) {
                    out.write(reply.toByteArray());
                }
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private void holdStill(boolean now) {
        if (now && fault == Fault.STALL) {
            stalledUntilNs = System.nanoTime() + stallNs;
        }
        while (stalledUntilNs != Long.MIN_VALUE && System.nanoTime() < stalledUntilNs) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void get(String[] words, ByteArrayOutputStream reply, boolean now) throws IOException {
        if (now && fault == Fault.GARBAGE) {
            write(reply, "THE QUICK BROWN FOX\r\n");
            return;
        }
        if (now && fault == Fault.SERVER_ERROR) {
            write(reply, "SERVER_ERROR out of memory writing get response\r\n");
            return;
        }
        List<byte[]> values = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            byte[] value = items.get(words[i]);
            values.add(value == null ? null : value.clone());
        }
        if (now && fault == Fault.SWAPPED_VALUES) {
            byte[] first = values.get(0);
            values.set(0, values.get(1));
            values.set(1, first);
        }
        for (int i = 1; i < words.length; i++) {
            byte[] value = values.get(i - 1);
            if (value != null) {
                value(words[i], value, reply, now && i == 1);
            }
        }
        write(reply, "END\r\n");
    }

    private void value(String key, byte[] right, ByteArrayOutputStream reply, boolean now) throws IOException {
        byte[] value = right;
        Fault wrong = now ? fault : Fault.NONE;
        if (wrong == Fault.FLIPPED_BYTE) {
            value[value.length * 2 / 3] ^= 0x10;
        } else if (wrong == Fault.STALE_VALUE) {
            value = olderItems.getOrDefault(key, right);
        }
        int length = wrong == Fault.SHORT_VALUE ? value.length - 1 : value.length;
        write(reply, "VALUE " + key + (wrong == Fault.WRONG_FLAGS ? " 1 " : " 0 ") + length + "\r\n");
        reply.write(value, 0, length);
        write(reply, wrong == Fault.MISSING_NEWLINE ? "xx" : "\r\n");
    }

    private static void write(ByteArrayOutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.substring(0, line.length() - 1);
            }
            line.append((char) c);
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
