package io.karst.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The flags behind a meta command's key: which were given, the numbers they carried, and the tokens in the client's order,
 * because replies answer them in that order. A flyweight inside of {@link Command}; valid as long as that one. Hot path: no
 * allocation. Source: memcached's protocol.txt, "Meta Commands"; PROTOCOL §1 "Meta".
 */
public final class MetaFlags {
    /** Most tokens of one command, its name and key included, as in memcached. */
    static final int TOKENS_MAX = 20;

    /** Units of the times that flags carry. */
    public static final int FRACTIONS_PER_SECOND = 256;

    /** Longest opaque token, its letter included. */
    static final int OPAQUE_MAX = 32;

    final long[] addresses = new long[TOKENS_MAX];
    final int[] lengths = new int[TOKENS_MAX];
    int count;

    /** Bit {@code letter & 63}: that flag was given. Letters of both cases differ in these bits. */
    long given;

    long exptime;
    long vivifyExptime;
    long recacheTime;
    long cas;
    long explicitCas;
    long initial;
    long delta;
    byte mode;

    MetaFlags() {}

    /** Whether a flag was given. */
    public boolean has(char letter) {
        return (given >>> letter & 1) != 0;
    }

    /** Whether any of several flags was given; the mask is a sum of {@link #bit}s. */
    public boolean hasAny(long mask) {
        return (given & mask) != 0;
    }

    /** A flag's bit for {@link #hasAny}. */
    public static long bit(char letter) {
        return 1L << letter;
    }

    /** Flags given. */
    public int count() {
        return count;
    }

    /** The letter of flag i, in the client's order. */
    public char letter(int i) {
        return (char) RawBytes.get(addresses[i]);
    }

    /** Where flag i begins, its letter included. */
    public long address(int i) {
        return addresses[i];
    }

    /** Bytes of flag i, its letter included. */
    public int length(int i) {
        return lengths[i];
    }

    /** {@code T}: an exptime as a client writes it, in {@link #FRACTIONS_PER_SECOND}s; only positive ones have a fraction. */
    public long exptime() {
        return exptime;
    }

    /** {@code N}: the exptime of an item that is created on a miss, as {@link #exptime}. */
    public long vivifyExptime() {
        return vivifyExptime;
    }

    /** {@code R}: below so much time to live a reader is told to refresh the item; as {@link #exptime}. */
    public long recacheTime() {
        return recacheTime;
    }

    /** {@code C}: the CAS token to compare with. */
    public long cas() {
        return cas;
    }

    /** {@code E}: the CAS token to store. */
    public long explicitCas() {
        return explicitCas;
    }

    /** {@code J}: the number to begin with. */
    public long initial() {
        return initial;
    }

    /** {@code D}: the number to add or subtract; 1 if not given. */
    public long delta() {
        return delta;
    }

    /** What a flag carries, in ASCII; null when it was not given. Allocates. */
    public @Nullable String text(char letter) {
        for (int i = 0; i < count; i++) {
            if (letter(i) == letter) {
                return RawBytes.string(addresses[i] + 1, lengths[i] - 1);
            }
        }
        return null;
    }

    /** {@code M}: the mode's letter, or 0. */
    public char mode() {
        return (char) (mode & 0xff);
    }

    void clear() {
        count = 0;
        given = 0;
        exptime = 0;
        vivifyExptime = 0;
        recacheTime = 0;
        cas = 0;
        explicitCas = 0;
        initial = 0;
        delta = 1;
        mode = 0;
    }
}
