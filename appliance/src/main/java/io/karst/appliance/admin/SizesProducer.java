package io.karst.appliance.admin;

import io.karst.protocol.ReplyProducer;
import io.karst.protocol.ReplyWriter;
import io.karst.store.StoreSession;
import java.util.TreeMap;

/**
 * {@code stats sizes} with {@code -o track_sizes}: how many live items there are in each 32 bytes of key plus value.
 * memcached counts as items come and go; we walk all of them when asked, a bounded number per turn of the loop.
 */
final class SizesProducer implements ReplyProducer {
    private static final int BUCKET = 32;
    private static final int HOMES_PER_LOCK = 256;
    private static final int LOCKS_PER_TURN = 8;

    private final StoreSession session;
    private final TreeMap<Integer, Integer> itemsBySize = new TreeMap<>();
    private long cursor;

    SizesProducer(StoreSession session) {
        this.session = session;
    }

    @Override
    public boolean produce(ReplyWriter replies) {
        for (int i = 0; i < LOCKS_PER_TURN && cursor >= 0; i++) {
            cursor = session.scan(cursor, HOMES_PER_LOCK, null, this::count);
        }
        if (cursor >= 0) {
            return true;
        }
        itemsBySize.forEach((size, items) -> replies.stat(size.toString(), items));
        replies.endStats();
        return false;
    }

    private void count(long key, int keyLength) {
        int size = keyLength + session.valueLength();
        itemsBySize.merge((size / BUCKET + 1) * BUCKET, 1, Integer::sum);
    }
}
