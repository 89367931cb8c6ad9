package io.karst.appliance.watch;

import io.karst.protocol.ClientConnection;
import io.karst.protocol.CloseReason;
import io.karst.store.EvictionListener;
import io.karst.store.SizeBand;
import io.karst.store.StoreResult;
import io.karst.store.StoreSession;
import java.util.Locale;

/**
 * One event loop's side of {@code watch}: turns what happens there into memcached's lines, when somebody watches. Loop thread
 * only.
 *
 * <p>Callers ask {@link #watches} first: one read of a plain field, and nothing is allocated while nobody watches. Source of
 * the lines: memcached's logger.c, and 1.6.18 as a witness.
 */
public final class LoopLog implements EvictionListener {
    private static final int MICROS_PER_SECOND = 1_000_000;

    private final LogHub hub;
    private final StoreSession session;
    private int streams;
    private long nowMicros;
    private long connectionId;

    /** The log of the loop that owns a session. */
    public LoopLog(LogHub hub, StoreSession session) {
        this.hub = hub;
        this.session = session;
    }

    /** Takes over what is watched now. */
    public void refresh() {
        streams = hub.streams();
        session.onEviction(watches(LogStream.EVICTIONS) ? this : null);
    }

    /** Whether anybody watches anything. */
    public boolean isOn() {
        return streams != 0;
    }

    /** Whether anybody watches a stream. */
    public boolean watches(LogStream stream) {
        return (streams & stream.bit()) != 0;
    }

    /** Says what time it is; once per burst. */
    public void advanceTo(long unixMicros) {
        nowMicros = unixMicros;
    }

    /** Says whose commands follow; only needed while {@link #isOn}. */
    public void serving(ClientConnection connection) {
        connectionId = connection.id();
    }

    /** {@code item_get}: a lookup; the session still points at what it found. */
    public void lookup(long key, int keyLength, boolean hit) {
        if (hit) {
            found(key, keyLength, session.band(), session.valueLength());
        } else {
            notFound(key, keyLength);
        }
    }

    /** {@code item_get}: a lookup that found an item. */
    private void found(long key, int keyLength, SizeBand band, int valueLength) {
        itemGet(key, keyLength, "found", SlabClass.of(band), valueLength);
    }

    /** {@code item_get}: a lookup in vain. */
    private void notFound(long key, int keyLength) {
        itemGet(key, keyLength, "not_found", SlabClass.NONE, 0);
    }

    private void itemGet(long key, int keyLength, String status, int slabClass, int valueLength) {
        StringBuilder line = line("item_get");
        appendKey(line, key, keyLength);
        line.append(" status=").append(status);
        line.append(" clsid=").append(slabClass);
        line.append(" cfd=").append(connectionId);
        line.append(" size=").append(valueLength).append('\n');
        hub.publish(LogStream.FETCHERS, line.toString());
    }

    /**
     * {@code item_store}: a storage command that came to an end.
     *
     * @param result how it ended
     * @param command {@code set}, {@code add}, ...
     * @param ttlSeconds that the item was stored with, 0 for no end
     */
    public void stored(
            long key,
            int keyLength,
            StoreResult result,
            String command,
            long ttlSeconds,
            SizeBand band,
            int valueLength) {
        StringBuilder line = line("item_store");
        appendKey(line, key, keyLength);
        line.append(" status=")
                .append(result.name().toLowerCase(Locale.ROOT))
                .append(" cmd=")
                .append(command);
        line.append(" ttl=").append(ttlSeconds);
        line.append(" clsid=").append(SlabClass.of(band));
        line.append(" cfd=").append(connectionId);
        line.append(" size=").append(valueLength).append('\n');
        hub.publish(LogStream.MUTATIONS, line.toString());
    }

    /** {@code deleted}: an item that a client removed; {@code command} is {@code delete} or {@code md}. */
    public void deleted(long key, int keyLength, String command, SizeBand band, int valueLength) {
        StringBuilder line = line("deleted");
        appendKey(line, key, keyLength);
        line.append(" cmd=").append(command);
        line.append(" clsid=").append(SlabClass.of(band));
        line.append(" size=").append(valueLength).append('\n');
        hub.publish(LogStream.DELETIONS, line.toString());
    }

    @Override
    public void evicted(
            SizeBand band,
            long key,
            int keyLength,
            boolean wasFetched,
            int expiresAt,
            int idleSeconds,
            int valueLength) {
        long ttl = expiresAt == 0 ? -1 : Integer.toUnsignedLong(expiresAt) - nowMicros / MICROS_PER_SECOND;
        StringBuilder line = line("eviction");
        appendKey(line, key, keyLength);
        line.append(" fetch=").append(wasFetched ? "yes" : "no");
        line.append(" ttl=").append(ttl);
        line.append(" la=").append(idleSeconds);
        line.append(" clsid=").append(SlabClass.of(band));
        line.append(" size=").append(valueLength).append('\n');
        hub.publish(LogStream.EVICTIONS, line.toString());
    }

    /** {@code conn_new}: a client was let in. */
    public void opened(ClientConnection connection) {
        StringBuilder line = line("conn_new");
        appendPeer(line, connection.remoteName());
        line.append(" cfd=").append(connection.id()).append('\n');
        hub.publish(LogStream.CONNEVENTS, line.toString());
    }

    /** {@code conn_close}: a client is gone. */
    public void closed(ClientConnection connection, CloseReason reason) {
        StringBuilder line = line("conn_close");
        appendPeer(line, connection.remoteName());
        line.append(" reason=").append(reason.word());
        line.append(" cfd=").append(connection.id()).append('\n');
        hub.publish(LogStream.CONNEVENTS, line.toString());
    }

    private StringBuilder line(String type) {
        long micros = nowMicros % MICROS_PER_SECOND;
        return new StringBuilder(160)
                .append("ts=")
                .append(nowMicros / MICROS_PER_SECOND)
                .append('.')
                // Six digits: memcached leaves the leading zeros out, and .40076 s is then anything.
                .append(Long.toString(MICROS_PER_SECOND + micros), 1, 7)
                .append(" gid=")
                .append(hub.nextLine())
                .append(" type=")
                .append(type);
    }

    private static void appendKey(StringBuilder line, long key, int keyLength) {
        line.append(" key=");
        UriKey.append(line, key, keyLength);
    }

    /** From {@code tcp:10.0.0.7:51234}, {@code tcp6:[::1]:51234} or {@code unix:...}. */
    private static void appendPeer(StringBuilder line, String remoteName) {
        int host = remoteName.indexOf(':') + 1;
        int port = remoteName.lastIndexOf(':');
        boolean isLocal = !remoteName.startsWith("tcp");
        String address = isLocal ? "unix" : remoteName.substring(host, port).replaceAll("[\\[\\]]", "");
        line.append(" rip=").append(address);
        line.append(" rport=").append(isLocal ? "0" : remoteName.substring(port + 1));
        line.append(" transport=").append(isLocal ? "local" : "tcp");
    }
}
