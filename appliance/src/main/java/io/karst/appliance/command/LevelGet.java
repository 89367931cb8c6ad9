package io.karst.appliance.command;

import io.karst.protocol.ClientConnection;
import io.karst.protocol.Command;
import io.karst.protocol.Continuation;
import io.karst.protocol.MetaFlags;
import io.karst.protocol.Progress;
import io.karst.protocol.Reply;
import io.karst.protocol.ReplyWriter;
import io.karst.replication.ReplicaRecord;
import io.karst.store.ReplicaSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of an {@code mg} above level one: the request as it was, and what its nodes have. What a single copy knows about
 * itself (flags h and l) is answered with 0. Made on the loop, filled by the agent, written on the loop.
 */
final class LevelGet implements Continuation {
    private static final long EPOCH_SECONDS = ReplicaSession.EPOCH_MICROS / 1_000_000;
    private static final int VALUE_SLACK = 16;

    private final List<String> flags = new ArrayList<>();
    private final String key;
    private final long nowSeconds;
    private final boolean withValue;
    private final boolean isQuiet;
    private boolean isReached;
    private boolean isHit;
    private byte[] value = {};
    private int clientFlags;
    private int marks;
    private long version;
    private long expiryMicros;

    LevelGet(Command command, int nowSeconds) {
        MetaFlags meta = command.meta();
        for (int i = 0; i < meta.count(); i++) {
            flags.add(KeyText.of(meta.address(i), meta.length(i)));
        }
        key = KeyText.of(command.keyAddress(), command.keyLength());
        withValue = meta.has('v');
        isQuiet = meta.has('q');
        this.nowSeconds = Integer.toUnsignedLong(nowSeconds);
    }

    /** Takes the outcome over; the item is valid during the call. */
    void found(boolean reached, @Nullable ReplicaRecord newest) {
        isReached = reached;
        isHit = newest != null;
        if (newest != null) {
            value = new byte[newest.valueLength()];
            newest.value(value);
            clientFlags = newest.flags();
            marks = newest.marks();
            version = newest.version();
            expiryMicros = newest.expiryMicros();
            // Sub-seconds are left out, as t has none.
            isHit = expiryMicros == 0 || EPOCH_SECONDS + expiryMicros / 1_000_000 > nowSeconds;
        }
    }

    @Override
    public Progress proceed(ReplyWriter replies, ClientConnection connection) {
        if (!isReached) {
            replies.line(Reply.NO_QUORUM);
            return Progress.DONE;
        }
        if (!isHit) {
            miss(replies);
            return Progress.DONE;
        }
        int needed = ReplyWriter.META_LINE_BOUND + value.length + VALUE_SLACK;
        if (!replies.makeRoom(needed)) {
            return Progress.MORE;
        }
        hit(replies);
        return Progress.DONE;
    }

    private void miss(ReplyWriter replies) {
        if (!isQuiet) {
            StringBuilder line = new StringBuilder("EN");
            flags.stream()
                    .filter(flag -> flag.startsWith("O"))
                    .forEach(flag -> line.append(' ').append(flag));
            if (flags.contains("k")) {
                line.append(" k").append(key);
            }
            replies.bytes(latin(line.append("\r\n")));
        }
    }

    private void hit(ReplyWriter replies) {
        StringBuilder line = new StringBuilder(withValue ? "VA " + value.length : "HD");
        for (String flag : flags) {
            switch (flag.charAt(0)) {
                case 's' -> line.append(" s").append(value.length);
                case 't' -> line.append(" t").append(timeToLive());
                case 'c' -> line.append(" c").append(Long.toUnsignedString(version));
                case 'f' -> line.append(" f").append(Integer.toUnsignedString(clientFlags));
                case 'h', 'l' -> line.append(' ').append(flag.charAt(0)).append('0');
                case 'k' -> line.append(" k").append(key);
                case 'O' -> line.append(' ').append(flag);
                default -> {}
            }
        }
        line.append((marks & ReplicaSession.WON) != 0 ? " Z" : "")
                .append((marks & ReplicaSession.STALE) != 0 ? " X" : "");
        replies.bytes(latin(line.append("\r\n")));
        if (withValue) {
            replies.bytes(value);
            replies.bytes(new byte[] {'\r', '\n'});
        }
    }

    private long timeToLive() {
        return expiryMicros == 0 ? -1 : EPOCH_SECONDS + expiryMicros / 1_000_000 - nowSeconds;
    }

    private static byte[] latin(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
