package io.karst.protocol;

import org.agrona.UnsafeApi;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of meta commands: {@code mg <key> <flags>*}, {@code ms <key> <datalen> <flags>*} and their relatives. Fills
 * the loop's {@link Command}, or says what memcached would complain of. One per loop. Hot path: no allocation.
 *
 * <p>memcached knows one set of flags for all meta commands, and ignores those that make no sense for the command at hand.
 * Source: PROTOCOL §1 "Meta"; the order in which errors win is that of memcached's flag parser.
 */
final class MetaDecoder {
    private static final long KNOWN = bits("bcfhklqstuvxCDEFIJLMNOPRT");
    private static final int LETTER_MAX = 126;

    private static final int FRACTION_DIGITS_MAX = 9;

    private final Command command;
    private final MetaFlags flags;
    /** Where a key that came in base64 lies decoded. */
    private final long decodedKey = UnsafeApi.allocateMemory(ProtocolLimits.KEY_MAX);

    private final long[] number = new long[1];

    private @Nullable Reply complaint;

    MetaDecoder(Command command) {
        this.command = command;
        this.flags = command.meta;
    }

    private static long bits(String letters) {
        long mask = 0;
        for (int i = 0; i < letters.length(); i++) {
            mask |= MetaFlags.bit(letters.charAt(i));
        }
        return mask;
    }

    /**
     * Reads the flags behind the key.
     *
     * @param key where the key stands in the line
     * @param keyLength its length there, at most {@link ProtocolLimits#KEY_MAX}
     * @param before tokens before the first flag, the command's name included
     * @return the complaint, or null when the command's key and flags are filled
     */
    @Nullable
    Reply flags(long key, int keyLength, int before, long from, long lineEnd) {
        flags.clear();
        command.singleKey(key, keyLength);
        complaint = null;
        boolean isBroken = false;
        int count = 0;
        long at = RawBytes.skipSpaces(from, lineEnd);
        while (at < lineEnd) {
            long tokenEnd = RawBytes.space(at, lineEnd);
            if (count + before >= MetaFlags.TOKENS_MAX) {
                return Reply.META_TOO_MANY_FLAGS;
            }
            flags.addresses[count] = at;
            flags.lengths[count] = (int) (tokenEnd - at);
            count++;
            at = RawBytes.skipSpaces(tokenEnd, lineEnd);
        }
        flags.count = count;
        for (int i = 0; i < count; i++) {
            int letter = RawBytes.get(flags.addresses[i]) & 0xff;
            if (letter > LETTER_MAX || (isLetter(letter) && flags.has((char) letter))) {
                return Reply.META_DUPLICATE_FLAG;
            }
            if (!isLetter(letter) || (KNOWN & MetaFlags.bit((char) letter)) == 0) {
                return Reply.META_INVALID_FLAG;
            }
            flags.given |= MetaFlags.bit((char) letter);
            isBroken |= !number(letter, flags.addresses[i] + 1, flags.lengths[i] - 1);
        }
        if (isBroken) {
            return complaint == null ? Reply.BAD_FORMAT : complaint;
        }
        for (int i = 0; i < count; i++) {
            if (flags.letter(i) == 'O' && flags.lengths[i] > MetaFlags.OPAQUE_MAX) {
                return Reply.META_OPAQUE_TOO_LONG;
            }
        }
        return null;
    }

    /** Other characters share their bits with letters. */
    private static boolean isLetter(int character) {
        int lower = character | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    /** Reads what a flag carries; false when that is wrong. The last complaint wins, as in memcached. */
    private boolean number(int letter, long address, int length) {
        switch (letter) {
            case 'b' -> {
                return decodeKey();
            }
            case 'T', 'N', 'R' -> {
                return time(letter, address, length);
            }
            case 'F' -> {
                long value = Numbers.unsigned32(address, length);
                command.flags = (int) value;
                return value != Numbers.INVALID;
            }
            case 'C', 'E', 'J', 'D' -> {
                return unsigned(letter, address, length);
            }
            case 'M' -> flags.mode = length == 0 ? (byte) '?' : RawBytes.get(address);
            default -> {}
        }
        return true;
    }

    private boolean wrong(Reply reply) {
        complaint = reply;
        return false;
    }

    private boolean decodeKey() {
        int length = Base64Key.decode(command.keyAddress(0), command.keyLength(0), decodedKey);
        if (length <= 0) {
            return wrong(Reply.META_BAD_KEY);
        }
        command.singleKey(decodedKey, length);
        return true;
    }

    private boolean unsigned(int letter, long address, int length) {
        if (!Numbers.unsigned64(address, length, number)) {
            return wrong(
                    letter == 'J'
                            ? Reply.META_BAD_INITIAL
                            : letter == 'D' ? Reply.META_BAD_DELTA : Reply.META_BAD_TOKEN);
        }
        long value = number[0];
        switch (letter) {
            case 'C' -> flags.cas = value;
            case 'E' -> flags.explicitCas = value;
            case 'J' -> flags.initial = value;
            default -> flags.delta = value;
        }
        return true;
    }

    /** Seconds, and ours: a fraction behind a point. */
    private boolean time(int letter, long address, int length) {
        int whole = 0;
        while (whole < length && RawBytes.get(address + whole) != '.') {
            whole++;
        }
        long seconds = Numbers.signed32(address, whole);
        long fraction = whole == length ? 0 : fraction(address + whole + 1, length - whole - 1);
        boolean isNegativeFraction = whole < length && RawBytes.get(address) == '-';
        if (seconds == Numbers.INVALID || fraction == Numbers.INVALID || isNegativeFraction) {
            return wrong(Reply.META_BAD_TOKEN);
        }
        long time = seconds * MetaFlags.FRACTIONS_PER_SECOND + fraction;
        switch (letter) {
            case 'T' -> flags.exptime = time;
            case 'N' -> flags.vivifyExptime = time;
            default -> flags.recacheTime = time;
        }
        return true;
    }

    /** What stands behind the point; any fraction at all is at least one unit, never nothing. */
    private static long fraction(long address, int digits) {
        long numerator = digits > FRACTION_DIGITS_MAX ? Numbers.INVALID : Numbers.unsigned32(address, digits);
        if (numerator == Numbers.INVALID) {
            return Numbers.INVALID;
        }
        long denominator = 1;
        for (int i = 0; i < digits; i++) {
            denominator *= 10;
        }
        long units = numerator * MetaFlags.FRACTIONS_PER_SECOND / denominator;
        return units == 0 && numerator > 0 ? 1 : units;
    }
}
