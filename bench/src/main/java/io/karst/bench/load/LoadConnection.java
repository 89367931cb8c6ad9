package io.karst.bench.load;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.agrona.UnsafeApi;

/**
 * One connection: the requests that wait for their replies, in order, and a reply that is half read.
 *
 * <p>Sources append requests with {@link #set}, or {@link #beginGet}, {@link #key} and {@link #endGet}. No allocation
 * after the first partial send. Used by the generator's thread only.
 */
public final class LoadConnection {
    private static final byte GET = 0;
    private static final byte SET = 1;

    /** Longest reply line that may arrive in pieces, bytes. */
    static final int LINE_MAX = 1024;

    private final Wire wire;
    private final Dataset dataset;
    private final LoadCounters counters;
    private final LatencyLog latencies;
    private final RequestSource source;
    private final int depth;
    private final int slotMask;
    private final int keysPerRequest;

    // The requests that wait, a ring of slots.
    private final byte[] kinds;
    private final int[] keyCounts;
    private final long[] intendedNs;
    private final long[] ids;
    private final int[] floors;
    private int head;
    private int tail;

    // The batch being written.
    private long out;
    private long batchNs;

    // What the socket has not taken yet.
    private long unsentBuffer;
    private int unsentCapacity;
    private int unsentFrom;
    private int unsentTo;

    // A reply that is half read; the wire's own notes.
    final long carry;
    int carryLength;
    boolean inValue;
    int valueLength;
    int valueOffset;
    private int keyCursor;
    private long valueId;
    private boolean valueExpected;
    private int valueHeader;
    private long valueSeed;
    private boolean valueWrong;

    private final int index;
    private final Socket socket;
    private long nowNs;
    private boolean broken;
    private boolean closed;

    LoadConnection(
            int index,
            Socket socket,
            Wire wire,
            Dataset dataset,
            RequestSource source,
            LoadCounters counters,
            LatencyLog latencies,
            int depth,
            long carry) {
        this.index = index;
        this.socket = socket;
        this.wire = wire;
        this.dataset = dataset;
        this.source = source;
        this.counters = counters;
        this.latencies = latencies;
        this.depth = depth;
        this.keysPerRequest = source.keysPerRequest();
        this.carry = carry;
        int slots = Integer.highestOneBit(Math.max(1, depth - 1)) << (depth > 1 ? 1 : 0);
        this.slotMask = slots - 1;
        this.kinds = new byte[slots];
        this.keyCounts = new int[slots];
        this.intendedNs = new long[slots];
        this.ids = new long[slots * keysPerRequest];
        this.floors = new int[slots * keysPerRequest];
    }

    // Writing

    /** Appends a get of the keys that follow. */
    public void beginGet() {
        int slot = tail & slotMask;
        kinds[slot] = GET;
        keyCounts[slot] = 0;
        intendedNs[slot] = batchNs;
        out = wire.beginGet(out);
    }

    /** One key of the get that was begun. */
    public void key(long id) {
        int slot = tail & slotMask;
        int at = slot * keysPerRequest + keyCounts[slot]++;
        ids[at] = id;
        floors[at] = dataset.floor(id);
        out = wire.getKey(out, dataset.keys(), id);
    }

    /** Ends the get that was begun. */
    public void endGet() {
        out = wire.endGet(out);
        tail++;
        counters.requests++;
    }

    /** Appends a set of this key, in its next version. */
    public void set(long id) {
        int slot = tail++ & slotMask;
        kinds[slot] = SET;
        keyCounts[slot] = 1;
        intendedNs[slot] = batchNs;
        ids[slot * keysPerRequest] = id;
        out = wire.set(out, dataset, id, dataset.valueLength(id), dataset.issue(id));
        counters.requests++;
    }

    /** Writes requests into {@code buffer} until this connection's depth is reached, and sends them. */
    void refill(long buffer, long intended) throws IOException {
        out = buffer;
        batchNs = intended;
        while (tail - head < depth && source.next(this)) {
            // The source has appended one request.
        }
        send(buffer, (int) (out - buffer));
    }

    private void send(long buffer, int length) throws IOException {
        counters.bytesOut += length;
        int sent = 0;
        while (sent < length) {
            int n = socket.sendAddress(buffer, sent, length);
            if (n <= 0) {
                keepUnsent(buffer, sent, length);
                return;
            }
            sent += n;
        }
    }

    private void keepUnsent(long buffer, int from, int to) {
        unsentFrom = from;
        unsentTo = to;
        if (buffer == unsentBuffer) {
            return;
        }
        UnsafeApi.copyMemory(buffer + from, ownBuffer(to) + from, to - from);
    }

    /** This connection's own buffer, at least {@code capacity} bytes; its content is lost when it grows. */
    long ownBuffer(int capacity) {
        if (unsentCapacity < capacity) {
            UnsafeApi.freeMemory(unsentBuffer);
            unsentCapacity = capacity;
            unsentBuffer = UnsafeApi.allocateMemory(capacity);
        }
        return unsentBuffer;
    }

    /** Sends what is left; true when all is sent. */
    boolean flush() throws IOException {
        while (unsentFrom < unsentTo) {
            int n = socket.sendAddress(unsentBuffer, unsentFrom, unsentTo);
            if (n <= 0) {
                return false;
            }
            unsentFrom += n;
        }
        return true;
    }

    boolean hasUnsent() {
        return unsentFrom < unsentTo;
    }

    // Reading

    /** Reads replies that arrived at {@code now}. */
    void read(long address, long end, long now) {
        nowNs = now;
        wire.read(this, address, end);
    }

    boolean isIdle() {
        return head == tail;
    }

    int outstanding() {
        return tail - head;
    }

    boolean isGet() {
        return head != tail && kinds[head & slotMask] == GET;
    }

    boolean isSet() {
        return head != tail && kinds[head & slotMask] == SET;
    }

    KeySpace keys() {
        return dataset.keys();
    }

    /**
     * A value begins: finds its key among those that the oldest get still waits for. The keys before it are misses.
     *
     * @param key the address of the key in the reply, {@code length} bytes
     */
    void beginValue(long key, int length, long flags, int announcedLength) {
        beginValue(length == dataset.keys().keyLength() && findKey(key), flags, announcedLength);
    }

    /** A value begins whose key is known by the low 32 bits of its number. */
    void beginValueOf(int idBits, long flags, int announcedLength) {
        beginValue(findId(idBits), flags, announcedLength);
    }

    /** The value of a get that asked for one key begins; the reply says neither key nor flags. */
    void beginOnlyValue(int announcedLength) {
        int first = (head & slotMask) * keysPerRequest;
        beginValue(keyCursor == 0 && findId((int) ids[first]), dataset.flags(), announcedLength);
    }

    private void beginValue(boolean isExpected, long flags, int announcedLength) {
        inValue = true;
        valueOffset = 0;
        valueHeader = 0;
        valueLength = announcedLength;
        valueExpected = isExpected;
        valueWrong = false;
        if (!valueExpected) {
            counters.wrongKeys++;
        } else {
            valueWrong = flags != dataset.flags() || announcedLength != dataset.valueLength(valueId);
        }
    }

    private boolean findKey(long key) {
        int slot = head & slotMask;
        for (int i = keyCursor; i < keyCounts[slot]; i++) {
            if (dataset.keys().matches(key, ids[slot * keysPerRequest + i])) {
                found(slot, i);
                return true;
            }
        }
        return false;
    }

    private boolean findId(int idBits) {
        int slot = head & slotMask;
        for (int i = keyCursor; i < keyCounts[slot]; i++) {
            if ((int) ids[slot * keysPerRequest + i] == idBits) {
                found(slot, i);
                return true;
            }
        }
        return false;
    }

    private void found(int slot, int i) {
        missUpTo(slot, i);
        keyCursor = i + 1;
        valueId = ids[slot * keysPerRequest + i];
    }

    private void missUpTo(int slot, int end) {
        for (int i = keyCursor; i < end; i++) {
            counters.misses++;
            source.missed(ids[slot * keysPerRequest + i]);
        }
    }

    /** The next {@code n} bytes of the value, at {@code address}. */
    void valueBytes(long address, int n) {
        int to = valueOffset + n;
        if (valueExpected && !valueWrong) {
            checkBytes(address, valueOffset, to);
        }
        valueOffset = to;
    }

    private void checkBytes(long address, int from, int to) {
        if (valueLength < ValuePattern.HEADER) {
            for (int i = from; i < to; i++) {
                valueWrong |= UnsafeApi.getByte(address + i - from) != ValuePattern.shortByte(valueId, i);
            }
            return;
        }
        int offset = from;
        for (; offset < ValuePattern.HEADER && offset < to; offset++) {
            valueHeader |= (UnsafeApi.getByte(address + offset - from) & 0xFF) << (8 * offset);
            if (offset == ValuePattern.HEADER - 1) {
                valueSeed = ValuePattern.seed(valueId, version());
            }
        }
        if (offset < to) {
            valueWrong = !ValuePattern.matches(address + offset - from, offset, to, valueSeed);
        }
    }

    private int version() {
        return valueHeader ^ ValuePattern.mask(valueId);
    }

    /** The value is complete; {@code delimited} says whether the two bytes behind it were right. */
    void endValue(boolean delimited) {
        inValue = false;
        if (!valueExpected) {
            return;
        }
        counters.hits++;
        source.hit(valueId);
        if (valueWrong || !delimited) {
            counters.wrongValues++;
        } else if (valueLength >= ValuePattern.HEADER && !dataset.allows(valueId, version(), floorOfValue())) {
            counters.staleValues++;
        }
    }

    private int floorOfValue() {
        return floors[(head & slotMask) * keysPerRequest + keyCursor - 1];
    }

    /** The oldest get has all its values. */
    void endGetReply() {
        int slot = head & slotMask;
        missUpTo(slot, keyCounts[slot]);
        counters.keys += keyCounts[slot];
        complete();
    }

    /** The oldest set was answered. */
    void endSetReply(boolean stored) {
        dataset.settle(ids[(head & slotMask) * keysPerRequest], stored);
        if (stored) {
            counters.stored++;
        }
        complete();
    }

    /** An error line in the place of the oldest request's reply. */
    void endWithError() {
        counters.errors++;
        if (isSet()) {
            endSetReply(false);
        } else {
            complete();
        }
    }

    private void complete() {
        latencies.record(intendedNs[head & slotMask], nowNs);
        counters.replies++;
        keyCursor = 0;
        head++;
    }

    /** Something arrived that is no reply: where the next one begins is anybody's guess, so this connection ends. */
    void breakOff() {
        counters.errors++;
        broken = true;
    }

    boolean isBroken() {
        return broken;
    }

    boolean isClosed() {
        return closed;
    }

    int index() {
        return index;
    }

    Socket socket() {
        return socket;
    }

    /** Closes; whatever still waits for a reply is lost. */
    void close() throws IOException {
        if (!closed) {
            closed = true;
            counters.lost += outstanding();
            socket.close();
            UnsafeApi.freeMemory(unsentBuffer);
            unsentBuffer = 0;
            unsentCapacity = 0;
        }
    }
}
