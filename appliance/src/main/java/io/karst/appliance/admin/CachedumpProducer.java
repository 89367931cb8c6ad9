package io.karst.appliance.admin;

import io.karst.appliance.command.KeyText;
import io.karst.protocol.Reply;
import io.karst.protocol.ReplyProducer;
import io.karst.protocol.ReplyWriter;
import io.karst.store.SizeBand;
import io.karst.store.StoreSession;

/**
 * {@code stats cachedump}: one {@code ITEM <key> [<bytes> b; <exptime> s]} line per live item of a size band, then
 * {@code END}. As in memcached the output stops at 2 MB; unlike there, items come in no order.
 */
final class CachedumpProducer implements ReplyProducer {
    private static final int HOMES_PER_LOCK = 64;
    private static final int LOCKS_PER_TURN = 16;
    private static final int OUTPUT_MAX = 2 << 20;

    private final StoreSession session;
    private final SizeBand band;
    private final StringBuilder lines = new StringBuilder();
    private int left;
    private int written;
    private long cursor;

    /** @param limit items to show at most; 0 for all that fit */
    CachedumpProducer(StoreSession session, SizeBand band, int limit) {
        this.session = session;
        this.band = band;
        this.left = limit == 0 ? Integer.MAX_VALUE : limit;
    }

    @Override
    public boolean produce(ReplyWriter replies) {
        for (int i = 0; i < LOCKS_PER_TURN && cursor >= 0 && left > 0 && written < OUTPUT_MAX; i++) {
            lines.setLength(0);
            cursor = session.scan(cursor, HOMES_PER_LOCK, band, this::show);
            // Written only now: making room may write to the network, which must not happen under the segment's lock.
            replies.text(lines);
            written += lines.length();
        }
        if (cursor >= 0 && left > 0 && written < OUTPUT_MAX) {
            return true;
        }
        replies.line(Reply.END);
        return false;
    }

    private void show(long key, int keyLength) {
        if (left == 0) {
            return;
        }
        left--;
        lines.append("ITEM ")
                .append(KeyText.of(key, keyLength))
                .append(" [")
                .append(session.valueLength())
                .append(" b; ")
                .append(Integer.toUnsignedLong(session.expiresAt()))
                .append(" s]\r\n");
    }
}
