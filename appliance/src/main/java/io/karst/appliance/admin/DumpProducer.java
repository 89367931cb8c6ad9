package io.karst.appliance.admin;

import io.karst.appliance.command.CommandExecutor;
import io.karst.appliance.command.KeyText;
import io.karst.appliance.watch.SlabClass;
import io.karst.appliance.watch.UriKey;
import io.karst.protocol.ProtocolLimits;
import io.karst.protocol.Reply;
import io.karst.protocol.ReplyProducer;
import io.karst.protocol.ReplyWriter;
import io.karst.store.StoreSession;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * {@code lru_crawler metadump} and {@code mgdump}: a line per live item, while everybody else goes on working.
 *
 * <pre>
 *   OK
 *   key=&lt;uri-encoded&gt; exp=&lt;Unix seconds|-1&gt; la=&lt;Unix seconds&gt; cas=&lt;n&gt; fetch=yes|no cls=&lt;n&gt; size=&lt;bytes&gt; flags=&lt;n&gt; \n
 *   END                 or, when a limit stopped it, END &lt;cursor to go on with&gt;
 *
 *   OK
 *   mg &lt;key&gt;            or, for keys that travel in base64, mg &lt;base64&gt; b
 *   EN                  or EN &lt;cursor&gt;
 * </pre>
 *
 * A turn of the loop looks at a bounded number of positions, each few of them under one shared lock, and keeps nothing of
 * the store between them; it yields when it has a write's worth of text, and waits while the client does not read.
 *
 * <p>A line allocates nothing, unless its key travels in base64 or its CAS token is 2^63 or more: with one String a line, two
 * million lines a second had the heap collected ten times a second, and every hundredth of the loop's other requests waited a
 * millisecond.
 */
final class DumpProducer implements ReplyProducer {
    /** Positions under one lock; half of them have an item, at 0.3 us each. */
    private static final int HOMES_PER_LOCK = 32;

    private static final int LOCKS_PER_TURN = 32;

    /** About 40 lines, 25 us: what the loop's other connections wait at most. */
    private static final int TEXT_PER_TURN = 4 << 10;

    private final CommandExecutor executor;
    private final StoreSession session;
    private final DumpRequest request;
    private final StoreSession.ItemVisitor visitor;
    private final Reply end;
    private final boolean casEnabled;
    private final StringBuilder lines = new StringBuilder(TEXT_PER_TURN);
    private boolean isBegun;
    private long listed;
    private long cursor;

    private DumpProducer(CommandExecutor executor, DumpRequest request, boolean isMeta, boolean casEnabled, Reply end) {
        this.executor = executor;
        this.session = executor.session();
        this.request = request;
        this.visitor = isMeta ? this::metaLine : this::mgLine;
        this.casEnabled = casEnabled;
        this.end = end;
        this.cursor = request.isEmpty() ? -1 : request.cursor();
    }

    /** {@code key=... exp=...} lines. */
    static DumpProducer metadump(CommandExecutor executor, DumpRequest request, boolean casEnabled) {
        return new DumpProducer(executor, request, true, casEnabled, Reply.END);
    }

    /** {@code mg <key>} lines. */
    static DumpProducer mgdump(CommandExecutor executor, DumpRequest request) {
        return new DumpProducer(executor, request, false, false, Reply.EN);
    }

    @Override
    public boolean produce(ReplyWriter replies) {
        if (!isBegun) {
            isBegun = true;
            replies.line(Reply.OK);
        }
        for (int i = 0; i < LOCKS_PER_TURN && cursor >= 0 && listed < request.limit(); i++) {
            cursor = session.scan(cursor, HOMES_PER_LOCK, request.only(), visitor);
            if (lines.length() >= TEXT_PER_TURN) {
                break;
            }
        }
        // Written only now: making room may write to the network, which must not happen under a segment's lock.
        replies.text(lines);
        lines.setLength(0);
        if (cursor >= 0 && listed < request.limit()) {
            return true;
        }
        if (cursor < 0) {
            replies.line(end);
        } else {
            replies.textLine(end.text() + " " + cursor);
        }
        return false;
    }

    private void metaLine(long key, int keyLength) {
        listed++;
        int expiresAt = session.expiresAt();
        lines.append("key=");
        UriKey.append(lines, key, keyLength);
        lines.append(" exp=").append(expiresAt == 0 ? -1 : Integer.toUnsignedLong(expiresAt));
        lines.append(" la=").append(executor.nowSeconds() - session.idleSeconds());
        lines.append(" cas=");
        appendUnsigned(casEnabled ? session.cas() : 0);
        lines.append(" fetch=").append(session.wasFetched() ? "yes" : "no");
        lines.append(" cls=").append(SlabClass.of(session.band()));
        lines.append(" size=").append(ProtocolLimits.itemLength(keyLength, session.flags(), session.valueLength()));
        lines.append(" flags=").append(Integer.toUnsignedLong(session.flags())).append(" \n");
    }

    private void mgLine(long key, int keyLength) {
        listed++;
        lines.append("mg ");
        if (session.isKeyEncoded()) {
            byte[] bytes = KeyText.of(key, keyLength).getBytes(StandardCharsets.ISO_8859_1);
            lines.append(Base64.getEncoder().encodeToString(bytes)).append(" b");
        } else {
            KeyText.append(lines, key, keyLength);
        }
        lines.append("\r\n");
    }

    private void appendUnsigned(long value) {
        if (value >= 0) {
            lines.append(value);
        } else {
            lines.append(Long.toUnsignedString(value));
        }
    }
}
