package io.karst.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The replies of the burst under way, appended to one direct buffer; one per loop. Hot path: no allocation of its own, no
 * checks either: callers know their room, see {@link #makeRoom}.
 *
 * <p>Every method is silent while the command under execution said noreply.
 */
public final class ReplyWriter {
    /** Bytes free whenever a handler, continuation or producer is entered. */
    public static final int MIN_ROOM = 4096;

    /** Replies are pushed once this many bytes are waiting, even in the middle of a burst. */
    public static final int PUSH_BYTES = 64 << 10;

    /*
     * One buffer serves one burst after the other. It is lent to the channel with an extra reference; epoll and NIO write
     * it before flush returns, and the reference count shows that it is ours again. Only a client that does not keep up
     * (or io_uring, which writes later) costs a new buffer. While older output still waits, the reply goes out as a copy
     * of its own size: else a slow client could tie up 64 KiB for each of its small replies.
     */
    private static final int BUFFER_BYTES = PUSH_BYTES + 2 * MIN_ROOM;

    /** Whole words are copied, so a reply may scribble this far behind its end. */
    private static final int SLACK = Long.BYTES;

    private static final long CRLF = '\r' | '\n' << 8;
    private static final long VALUE_AND_SPACE = 0x2045554c4156L; // "VALUE " as a little-endian word
    private static final int VALUE_AND_SPACE_LENGTH = 6;
    private static final int RESPONSE_MAGIC = 0x81;
    private static final int MAX_U32_DIGITS = 10;
    private static final int MAX_U64_DIGITS = 20;

    private final ByteBufAllocator allocator;
    private final LoopCounters counters;
    /** The request that statistics are an answer to, if it is a binary one. */
    private boolean isBinaryStat;

    private int statOpaque;
    private @Nullable ByteBuf buffer;
    private @Nullable ReplyOutlet outlet;
    private long start;
    private long position;
    private long limit;
    private int queuedBytes;
    private boolean suppressed;

    ReplyWriter(ByteBufAllocator allocator, LoopCounters counters) {
        this.allocator = allocator;
        this.counters = counters;
    }

    /** Whether the command said noreply, so that everything written now is dropped. */
    public boolean isSuppressed() {
        return suppressed;
    }

    /** Whether n more bytes fit into the present buffer. */
    public boolean hasRoom(int n) {
        return position + n <= limit;
    }

    /**
     * Makes n bytes of room, by handing the present buffer on and taking another. Not under a segment lock: it may write to
     * the network. False when the client has not read what it was sent: return {@link Progress#MORE} (or, in a producer,
     * true) without writing any further.
     */
    public boolean makeRoom(int n) {
        if (position + n <= limit) {
            return true;
        }
        ReplyOutlet to = attached();
        if (pendingBytes() >= PUSH_BYTES / 2) {
            push(to);
        } else {
            queue(to);
        }
        if (queuedBytes >= PUSH_BYTES || !to.isWritable()) {
            to.flush();
            queuedBytes = 0;
            if (!to.isWritable()) {
                return false;
            }
        }
        renew(n);
        return true;
    }

    /** An upper bound of what {@link #value} and {@link #valueWithCas} take, with the {@code END}s of a whole batch. */
    public static int valueBound(int keyLength, int valueLength) {
        return VALUE_AND_SPACE_LENGTH
                + keyLength
                + 1
                + MAX_U32_DIGITS
                + 1
                + MAX_U32_DIGITS
                + 1
                + MAX_U64_DIGITS
                + 2
                + valueLength
                + 2
                + Command.MAX_KEYS * Reply.END.length()
                + SLACK;
    }

    /** {@code VALUE <key> <flags> <bytes>\r\n<data>\r\n}. The caller has made {@link #valueBound} bytes of room. */
    public void value(long keyAddress, int keyLength, int flags, long valueAddress, int valueLength) {
        if (suppressed) {
            return;
        }
        assert hasRoom(valueBound(keyLength, valueLength)) : "value without room";
        valueHead(keyAddress, keyLength, flags, valueLength);
        data(valueAddress, valueLength);
    }

    /** {@code VALUE <key> <flags> <bytes> <cas>\r\n<data>\r\n}. The caller has made {@link #valueBound} bytes of room. */
    public void valueWithCas(
            long keyAddress, int keyLength, int flags, long valueAddress, int valueLength, long casUnique) {
        if (suppressed) {
            return;
        }
        assert hasRoom(valueBound(keyLength, valueLength)) : "value without room";
        valueHead(keyAddress, keyLength, flags, valueLength);
        RawBytes.put(position++, (byte) ' ');
        decimal(casUnique);
        data(valueAddress, valueLength);
    }

    private void valueHead(long keyAddress, int keyLength, int flags, int valueLength) {
        RawBytes.putLong(position, VALUE_AND_SPACE);
        position += VALUE_AND_SPACE_LENGTH;
        RawBytes.copy(keyAddress, position, keyLength);
        position += keyLength;
        RawBytes.put(position++, (byte) ' ');
        decimal(Integer.toUnsignedLong(flags));
        RawBytes.put(position++, (byte) ' ');
        decimal(valueLength);
    }

    private void data(long valueAddress, int valueLength) {
        crlf();
        RawBytes.copy(valueAddress, position, valueLength);
        position += valueLength;
        crlf();
    }

    /** One of memcached's lines. */
    public void line(Reply reply) {
        if (suppressed) {
            return;
        }
        assert hasRoom(reply.paddedLength()) : "line without room";
        long source = reply.address();
        int padded = reply.paddedLength();
        for (int i = 0; i < padded; i += Long.BYTES) {
            RawBytes.putLong(position + i, RawBytes.getLong(source + i));
        }
        position += reply.length();
    }

    /** An unsigned 64-bit number on a line of its own. */
    public void number(long unsigned) {
        if (suppressed) {
            return;
        }
        assert hasRoom(MAX_U64_DIGITS + 2) : "number without room";
        decimal(unsigned);
        crlf();
    }

    // ---- binary ----

    /** An upper bound of what a binary reply takes besides its value. */
    public static final int BINARY_BOUND = BinaryDecoder.HEADER_LENGTH + Integer.BYTES + ProtocolLimits.KEY_MAX + SLACK;

    /** A packet of a header alone: success, with a CAS token or 0. */
    public void binarySuccess(BinaryCommand command, long cas) {
        binaryHeader(command.code, 0, 0, 0, 0, command.opaque, cas);
    }

    /** A packet with a status and its text. */
    public void binaryError(BinaryCommand command, BinaryStatus status) {
        binaryHeader(command.code, status.code(), 0, 0, status.length(), command.opaque, 0);
        bytes(status.address(), status.length());
    }

    /** A miss that is told by its key instead of a text. */
    public void binaryMissWithKey(BinaryCommand command) {
        int length = command.keyLength;
        binaryHeader(command.code, BinaryStatus.NOT_FOUND.code(), 0, length, length, command.opaque, 0);
        bytes(command.keyAddress, length);
    }

    /**
     * What a get or touch found. The caller has made {@link #BINARY_BOUND} bytes of room, and for the value.
     *
     * @param valueLength bytes of the value, 0 for a touch
     */
    public void binaryItem(
            BinaryCommand command, boolean withKey, int flags, long valueAddress, int valueLength, long cas) {
        int keyLength = withKey ? command.keyLength : 0;
        int bodyLength = Integer.BYTES + keyLength + valueLength;
        binaryHeader(command.code, 0, Integer.BYTES, keyLength, bodyLength, command.opaque, cas);
        RawBytes.putInt(position, Integer.reverseBytes(flags));
        position += Integer.BYTES;
        bytes(command.keyAddress, keyLength);
        bytes(valueAddress, valueLength);
    }

    /** A number as eight bytes. */
    public void binaryNumber(BinaryCommand command, long number, long cas) {
        binaryHeader(command.code, 0, 0, 0, Long.BYTES, command.opaque, cas);
        RawBytes.putLong(position, Long.reverseBytes(number));
        position += Long.BYTES;
    }

    /** A packet with a text of ASCII characters as its body. Cold path. */
    public void binaryText(BinaryCommand command, BinaryStatus status, String body) {
        binaryText(command.code, command.opaque, status, body);
    }

    void binaryText(int code, int opaque, BinaryStatus status, String body) {
        insistOnRoom(BinaryDecoder.HEADER_LENGTH + body.length() + SLACK);
        binaryHeader(code, status.code(), 0, 0, body.length(), opaque, 0);
        text(body);
    }

    private void binaryHeader(
            int code, int status, int extrasLength, int keyLength, int bodyLength, int opaque, long cas) {
        assert hasRoom(BinaryDecoder.HEADER_LENGTH) : "header without room";
        long at = position;
        RawBytes.put(at, (byte) RESPONSE_MAGIC);
        RawBytes.put(at + 1, (byte) code);
        RawBytes.putShort(at + 2, Short.reverseBytes((short) keyLength));
        RawBytes.putShort(at + 4, (short) extrasLength);
        RawBytes.putShort(at + 6, Short.reverseBytes((short) status));
        RawBytes.putInt(at + 8, Integer.reverseBytes(bodyLength));
        RawBytes.putInt(at + 12, opaque);
        RawBytes.putLong(at + 16, Long.reverseBytes(cas));
        position = at + BinaryDecoder.HEADER_LENGTH;
    }

    // ---- meta ----

    /** An upper bound of a meta reply's first line, whatever its flags; its value with {@code \r\n} comes on top. */
    public static final int META_LINE_BOUND = 1024;

    /** The two letters that begin a meta reply. The caller has made {@link #META_LINE_BOUND} bytes of room. */
    public void metaCode(char first, char second) {
        assert hasRoom(META_LINE_BOUND) : "meta reply without room";
        RawBytes.putShort(position, (short) (first | second << 8));
        position += 2;
    }

    /** {@code VA <bytes>}, in the place of {@link #metaCode}. */
    public void metaValueCode(int valueLength) {
        metaCode('V', 'A');
        RawBytes.put(position++, (byte) ' ');
        decimal(valueLength);
    }

    /** A reply flag without anything behind it. */
    public void metaFlag(char letter) {
        RawBytes.putShort(position, (short) (' ' | letter << 8));
        position += 2;
    }

    /** A reply flag with an unsigned number. */
    public void metaFlag(char letter, long unsigned) {
        metaFlag(letter);
        decimal(unsigned);
    }

    /** {@code t-1}: an item that does not expire. */
    public void metaFlagNever(char letter) {
        metaFlag(letter);
        RawBytes.putShort(position, (short) ('-' | '1' << 8));
        position += 2;
    }

    /** A token of the client's, given back as it was. */
    public void metaToken(long address, int length) {
        RawBytes.put(position++, (byte) ' ');
        RawBytes.copy(address, position, length);
        position += length;
    }

    /** {@code k<key>}, with the mark {@code b} and in base64 if the key is one that travels so. */
    public void metaKey(long address, int length, boolean isEncoded) {
        metaFlag('k');
        key(address, length, isEncoded);
        if (isEncoded) {
            metaFlag('b');
        }
    }

    private void key(long address, int length, boolean isEncoded) {
        if (isEncoded) {
            Base64Key.encode(address, length, position);
            position += Base64Key.encodedLength(length);
        } else {
            RawBytes.copy(address, position, length);
            position += length;
        }
    }

    /** {@code ME <key>} and a space: the beginning of what {@code me} says. */
    public void metaDebugHead(long address, int length, boolean isEncoded) {
        metaCode('M', 'E');
        RawBytes.put(position++, (byte) ' ');
        key(address, length, isEncoded);
        RawBytes.put(position++, (byte) ' ');
    }

    /** Ends a meta reply's first line. */
    public void metaEnd() {
        crlf();
    }

    /** A meta reply's value; ends the first line as well. The caller has made room for it too. */
    public void metaValue(long address, int length) {
        data(address, length);
    }

    /** A number as a meta reply's value, of {@link #digits} bytes. */
    public void metaNumber(long unsigned) {
        crlf();
        decimal(unsigned);
        crlf();
    }

    /** Characters below U+0100, one byte each, without line end. Cold path: makes its own room, whatever the client reads. */
    public void text(CharSequence text) {
        if (suppressed) {
            return;
        }
        int length = text.length();
        insistOnRoom(length + SLACK);
        for (int i = 0; i < length; i++) {
            RawBytes.put(position++, (byte) text.charAt(i));
        }
    }

    /** The same with {@code \r\n} behind it. Cold path, as {@link #text}. */
    public void textLine(CharSequence text) {
        text(text);
        text("\r\n");
    }

    /** {@code STAT <name> <value>\r\n}, or its packet in binary. Cold path, as {@link #text}. */
    public void stat(CharSequence name, CharSequence value) {
        if (isBinaryStat) {
            insistOnRoom(BinaryDecoder.HEADER_LENGTH + SLACK);
            binaryHeader(BinaryOpcode.STAT.code(), 0, 0, name.length(), name.length() + value.length(), statOpaque, 0);
            text(name);
            text(value);
            return;
        }
        text("STAT ");
        text(name);
        text(" ");
        textLine(value);
    }

    /** Ends statistics: {@code END}, or the empty packet in binary. Cold path. */
    public void endStats() {
        if (isBinaryStat) {
            stat("", "");
        } else {
            line(Reply.END);
        }
    }

    /** Whom {@link #stat} answers from now on. */
    void answerStats(boolean isBinary, int opaque) {
        isBinaryStat = isBinary;
        statOpaque = opaque;
    }

    /** {@code STAT <name> <value>\r\n} of a signed number. Cold path, as {@link #text}. */
    public void stat(CharSequence name, long value) {
        stat(name, Long.toString(value));
    }

    /** Bytes as they are. The caller knows that there is room. */
    public void bytes(long address, int length) {
        if (suppressed) {
            return;
        }
        assert hasRoom(length + SLACK) : "bytes without room";
        RawBytes.copy(address, position, length);
        position += length;
    }

    /** Bytes as they are. The caller knows that there is room. */
    public void bytes(byte[] bytes) {
        if (suppressed) {
            return;
        }
        assert hasRoom(bytes.length + SLACK) : "bytes without room";
        for (byte each : bytes) {
            RawBytes.put(position++, each);
        }
    }

    /** Where the next byte goes; for {@link #takeFrom}, before more room is made, and {@link #since}. */
    public long mark() {
        return position;
    }

    /** Takes back what was written since a mark, to be answered later. Allocates. */
    public byte[] takeFrom(long mark) {
        byte[] taken = new byte[(int) (position - mark)];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = RawBytes.get(mark + i);
        }
        position = mark;
        return taken;
    }

    private void crlf() {
        RawBytes.putShort(position, (short) CRLF);
        position += 2;
    }

    private void decimal(long unsigned) {
        if (unsigned >= 0 && unsigned < 10) {
            RawBytes.put(position++, (byte) ('0' + unsigned));
            return;
        }
        int digits = digits(unsigned);
        long at = position + digits;
        position = at;
        long rest = unsigned;
        if (rest < 0) {
            long quotient = Long.divideUnsigned(rest, 10);
            RawBytes.put(--at, (byte) ('0' + (rest - quotient * 10)));
            rest = quotient;
        }
        do {
            long quotient = rest / 10;
            RawBytes.put(--at, (byte) ('0' + (rest - quotient * 10)));
            rest = quotient;
        } while (rest != 0);
    }

    /** Decimal digits of an unsigned number. */
    public static int digits(long unsigned) {
        if (unsigned < 0) {
            return Long.compareUnsigned(unsigned, -8446744073709551616L) >= 0 ? MAX_U64_DIGITS : MAX_U64_DIGITS - 1;
        }
        int digits = 1;
        for (long bound = 10; digits < MAX_U64_DIGITS - 1 && unsigned >= bound; bound *= 10) {
            digits++;
        }
        return digits;
    }

    /** Begins or goes on with a burst. On io_uring another connection's burst may still be open: its replies are queued. */
    void attach(ReplyOutlet to) {
        ReplyOutlet before = outlet;
        if (before == to) {
            return;
        }
        if (before != null) {
            queue(before);
        }
        outlet = to;
        queuedBytes = 0;
        suppressed = false;
    }

    /** Ends a burst: what is left goes out now or, with {@code flush} false, is queued for a later flush. */
    void detach(ReplyOutlet from, boolean flush) {
        if (outlet == from) {
            suppressed = false;
            if (flush) {
                push(from);
            } else {
                queue(from);
            }
            outlet = null;
        } else if (flush) {
            from.flush();
        }
    }

    /** Forgets a burst's unsent replies: the connection is gone. */
    void abandon(ReplyOutlet gone) {
        if (outlet == gone) {
            outlet = null;
            suppressed = false;
            isBinaryStat = false;
            position = start;
        }
    }

    void suppress(boolean silent) {
        suppressed = silent;
    }

    /** Room for the line replies of one command; false when the client must read first. */
    boolean ready() {
        if (position - start < PUSH_BYTES) {
            return position + MIN_ROOM <= limit || makeRoom(MIN_ROOM);
        }
        ReplyOutlet to = attached();
        push(to);
        return to.isWritable() && makeRoom(MIN_ROOM);
    }

    /** What was appended since a mark, a character per byte, the first {@code lengthMax} of it; "" when it has gone out. */
    String since(long mark, int lengthMax) {
        boolean isHere = mark >= start && mark <= position && buffer != null;
        return isHere ? RawBytes.string(mark, (int) Math.min(position - mark, lengthMax)) : "";
    }

    /** The line appended last, without its end; "" when it has gone out. */
    String lastLine() {
        long end = position - 2;
        long from = end;
        while (from > start && RawBytes.get(from - 1) != '\n') {
            from--;
        }
        return from < end ? RawBytes.string(from, (int) (end - from)) : "";
    }

    /** Bytes appended and not yet handed to the channel. */
    int pendingBytes() {
        return (int) (position - start);
    }

    void insistOnRoom(int n) {
        if (position + n > limit) {
            queue(attached());
            renew(n);
        }
    }

    /** Hands the present buffer to the channel and flushes; keeps the buffer if the channel is through with it. */
    private void push(ReplyOutlet to) {
        ByteBuf full = buffer;
        if (full == null || position == start) {
            to.flush();
            queuedBytes = 0;
            return;
        }
        if (!to.isDrained()) {
            queue(to);
            to.flush();
            queuedBytes = 0;
            return;
        }
        int length = pendingBytes();
        counters.add(WireCounter.BYTES_WRITTEN, length);
        full.setIndex(0, length);
        full.retain();
        to.write(full);
        to.flush();
        queuedBytes = 0;
        if (full.refCnt() == 1 && full.capacity() == BUFFER_BYTES) {
            position = start;
        } else {
            drop();
        }
    }

    /** Hands the present bytes to the channel without flushing. */
    private void queue(ReplyOutlet to) {
        ByteBuf full = buffer;
        int length = pendingBytes();
        if (full == null || length == 0) {
            return;
        }
        counters.add(WireCounter.BYTES_WRITTEN, length);
        queuedBytes += length;
        if (length < PUSH_BYTES / 2) {
            ByteBuf copy = allocator.directBuffer(length, length);
            RawBytes.copy(start, copy.memoryAddress(), length);
            copy.setIndex(0, length);
            position = start;
            to.write(copy);
        } else {
            full.setIndex(0, length);
            full.retain();
            drop();
            to.write(full);
        }
    }

    private void renew(int n) {
        ByteBuf present = buffer;
        if (present != null) {
            if (position == start && position + n <= limit) {
                return;
            }
            drop();
        }
        int capacity = Math.max(BUFFER_BYTES, n + MIN_ROOM + SLACK);
        ByteBuf next = allocator.directBuffer(capacity, capacity);
        buffer = next;
        start = next.memoryAddress();
        position = start;
        limit = start + capacity - SLACK;
    }

    private void drop() {
        ByteBuf gone = buffer;
        buffer = null;
        start = 0;
        position = 0;
        limit = 0;
        if (gone != null) {
            gone.release();
        }
    }

    /** Gives the loop's buffer back; at shutdown. */
    void release() {
        drop();
    }

    private ReplyOutlet attached() {
        ReplyOutlet to = outlet;
        if (to == null) {
            throw new IllegalStateException("a reply outside of a burst");
        }
        return to;
    }
}
