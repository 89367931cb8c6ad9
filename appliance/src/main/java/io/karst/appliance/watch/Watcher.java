package io.karst.appliance.watch;

import io.karst.protocol.ClientConnection;
import io.karst.protocol.ReplyProducer;
import io.karst.protocol.ReplyWriter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * A connection that said {@code watch}: lines come from any loop and leave on the connection's. Lines that find the buffer
 * full, because the client reads too slowly, are dropped and counted; {@code skipped=n} stands where they are missing.
 */
public final class Watcher implements ReplyProducer {
    /** memcached's buffer per watcher, bytes. */
    private static final int BUFFER_BYTES = 256 << 10;

    private static final int BUFFER_LINES = 8192;
    private static final int BYTES_PER_TURN = 32 << 10;

    private final LogHub hub;
    private final ClientConnection connection;
    private final int streams;
    private final ManyToOneConcurrentArrayQueue<String> buffer = new ManyToOneConcurrentArrayQueue<>(BUFFER_LINES);
    private final AtomicLong bufferedBytes = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    /** False while the connection sleeps: whoever makes it true wakes it. True at first: it is asked once in any case. */
    private final AtomicBoolean isAwake = new AtomicBoolean(true);

    private boolean isIdle;

    Watcher(LogHub hub, ClientConnection connection, int streams) {
        this.hub = hub;
        this.connection = connection;
        this.streams = streams;
    }

    int streams() {
        return streams;
    }

    /** Takes a line; false when there is no room for it. Any thread. */
    boolean offer(String line) {
        long missing = skipped.getAndSet(0);
        String text = missing == 0 ? line : "skipped=" + missing + "\n" + line;
        boolean fits = bufferedBytes.addAndGet(text.length()) <= BUFFER_BYTES && buffer.offer(text);
        if (!fits) {
            bufferedBytes.addAndGet(-text.length());
            skipped.addAndGet(missing + 1);
        }
        if (!isAwake.get() && isAwake.compareAndSet(false, true)) {
            connection.wake();
        }
        return fits;
    }

    @Override
    public boolean produce(ReplyWriter replies) {
        int written = 0;
        isIdle = false;
        while (written < BYTES_PER_TURN) {
            String line = buffer.poll();
            if (line != null) {
                bufferedBytes.addAndGet(-line.length());
                replies.text(line);
                written += line.length();
            } else {
                isAwake.set(false);
                if (buffer.isEmpty() || !isAwake.compareAndSet(false, true)) {
                    isIdle = true;
                    break;
                }
            }
        }
        return true;
    }

    @Override
    public boolean isIdle() {
        return isIdle;
    }

    @Override
    public void close() {
        hub.remove(this);
    }
}
