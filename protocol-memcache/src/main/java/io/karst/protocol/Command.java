package io.karst.protocol;

/**
 * One decoded command: a flyweight of addresses, lengths and numbers, one per loop, refilled for every command. Valid until
 * {@link CommandHandler#execute} returns; the bytes it points to belong to the connection's read buffer. Hot path: no
 * allocation, except where a method says cold path.
 *
 * <p>Retrievals carry a batch of keys and a cursor. The batch may come from one line or from several pipelined lines of the
 * same command; {@link #endsReply()} tells after which keys an {@code END} is due.
 */
public final class Command {
    /** Most keys in one batch. */
    public static final int MAX_KEYS = 64;

    final long[] addresses = new long[MAX_KEYS];
    final int[] lengths = new int[MAX_KEYS];
    /** Bit i: key i is the last one of its line. */
    long endsReply;

    int keyCount;
    int cursor;

    Opcode opcode = Opcode.GET;
    boolean noreply;
    boolean hasExptime;
    int flags;
    int exptime;
    long delta;
    long casUnique;
    long valueAddress;
    int valueLength;
    int argumentCount;

    final MetaFlags meta = new MetaFlags();

    Command() {}

    /** The flags of a meta command; of no meaning for others. */
    public MetaFlags meta() {
        return meta;
    }

    /** What to do. */
    public Opcode opcode() {
        return opcode;
    }

    /** Whether the client wants no answer; the {@link ReplyWriter} is already silent then. */
    public boolean noreply() {
        return noreply;
    }

    /** Client flags, an unsigned 32-bit number. */
    public int flags() {
        return flags;
    }

    /** The exptime as the client wrote it: 0 never, negative now, up to 30 days relative, else Unix time; the flush delay. */
    public int exptime() {
        return exptime;
    }

    /** Whether {@code flush_all} carried a delay. */
    public boolean hasExptime() {
        return hasExptime;
    }

    /** The unsigned number of incr and decr; the level of verbosity; the megabytes of cache_memlimit; debugtime's seconds. */
    public long delta() {
        return delta;
    }

    /** The token of {@code cas}, an unsigned 64-bit number. */
    public long casUnique() {
        return casUnique;
    }

    /** Where the value begins (storage commands). */
    public long valueAddress() {
        return valueAddress;
    }

    /** Bytes of the value, without its {@code \r\n}. */
    public int valueLength() {
        return valueLength;
    }

    /** Keys in this batch; 1 for single-key commands, 0 for admin commands. */
    public int keyCount() {
        return keyCount;
    }

    /** Where key i begins. */
    public long keyAddress(int i) {
        return addresses[i];
    }

    /** Bytes of key i, 1 to 250. */
    public int keyLength(int i) {
        return lengths[i];
    }

    /** Index of the key under the cursor. */
    public int cursor() {
        return cursor;
    }

    /** Whether the cursor stands on a key. */
    public boolean hasKey() {
        return cursor < keyCount;
    }

    /** Moves on: the key under the cursor is answered, and its {@code END} too if one was due. */
    public void nextKey() {
        cursor++;
    }

    /** Where the key under the cursor begins. */
    public long keyAddress() {
        return addresses[cursor];
    }

    /** Bytes of the key under the cursor. */
    public int keyLength() {
        return lengths[cursor];
    }

    /** Whether the key under the cursor is the last of its line, so that {@link Reply#END} follows its value. */
    public boolean endsReply() {
        return (endsReply >>> cursor & 1) != 0;
    }

    /** Whether key i is the last of its line. */
    public boolean endsReply(int i) {
        return (endsReply >>> i & 1) != 0;
    }

    /** Tokens behind an admin command's name, a trailing noreply not counted, at most {@link #MAX_KEYS}. */
    public int argumentCount() {
        return argumentCount;
    }

    /** Argument i, one char per byte. Cold path: makes a String. */
    public String argument(int i) {
        if (i >= argumentCount) {
            throw new IndexOutOfBoundsException("argument " + i + " of " + argumentCount);
        }
        return RawBytes.string(addresses[i], lengths[i]);
    }

    void clear(Opcode next) {
        opcode = next;
        noreply = false;
        hasExptime = false;
        flags = 0;
        exptime = 0;
        delta = 0;
        casUnique = 0;
        valueAddress = 0;
        valueLength = 0;
        keyCount = 0;
        cursor = 0;
        endsReply = 0;
        argumentCount = 0;
    }

    void singleKey(long address, int length) {
        addresses[0] = address;
        lengths[0] = length;
        keyCount = 1;
    }
}
