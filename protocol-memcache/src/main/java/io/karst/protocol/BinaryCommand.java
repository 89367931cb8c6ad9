package io.karst.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One decoded binary request: a flyweight of addresses, lengths and numbers, one per loop, refilled for every request. Valid
 * until {@link CommandHandler#execute(BinaryCommand, ReplyWriter, ClientConnection)} returns. Hot path: no allocation,
 * except where a method says cold path.
 */
public final class BinaryCommand {
    @Nullable
    BinaryOpcode opcode;

    int code;
    int opaque;
    long cas;
    long keyAddress;
    int keyLength;
    long valueAddress;
    int valueLength;
    int flags;
    int exptime;
    boolean hasExptime;
    long delta;
    long initial;

    BinaryCommand() {}

    /** What to do, whether quiet or not. */
    public BinaryOpcode.Action action() {
        return known().action();
    }

    /** The action in lower case, as the text protocol would call it. */
    public String actionName() {
        return known().actionName();
    }

    /** Whether success (of a get: a miss) is not answered. */
    public boolean isQuiet() {
        return known().isQuiet();
    }

    BinaryOpcode known() {
        BinaryOpcode row = opcode;
        if (row == null) {
            throw new IllegalStateException("a request without an opcode");
        }
        return row;
    }

    /** The CAS token to compare with; 0 for none. */
    public long cas() {
        return cas;
    }

    /** Where the key begins. */
    public long keyAddress() {
        return keyAddress;
    }

    /** Bytes of the key, at most 250; 0 where there is none. */
    public int keyLength() {
        return keyLength;
    }

    /** The key, one char per byte. Cold path: makes a String. */
    public String key() {
        return RawBytes.string(keyAddress, keyLength);
    }

    /** Where the value begins. */
    public long valueAddress() {
        return valueAddress;
    }

    /** Bytes of the value. */
    public int valueLength() {
        return valueLength;
    }

    /** Client flags, an unsigned 32-bit number. */
    public int flags() {
        return flags;
    }

    /** The exptime, unsigned, with memcached's meaning: 0 never, up to 30 days relative, else Unix time; the flush delay. */
    public int exptime() {
        return exptime;
    }

    /** Whether a flush carried a delay. */
    public boolean hasExptime() {
        return hasExptime;
    }

    /** What to add or subtract, unsigned. */
    public long delta() {
        return delta;
    }

    /** The number to create on a miss, unsigned. */
    public long initial() {
        return initial;
    }
}
