package io.karst.protocol;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Binary packets as {@code -vv} shows them, a line each, in words: {@code SETQ key (7 bytes) cas 5} and
 * {@code SETQ: 0x02 Data exists for key.}. Values are counted, not shown. Bytes of keys are Latin-1 characters, not yet
 * escaped. Stateless; allocates: a cold path.
 */
final class BinaryWireText {
    private static final int HEADER = BinaryDecoder.HEADER_LENGTH;

    private BinaryWireText() {}

    /** The request whose header begins at {@code from}; "" when not even that is all there. */
    static String request(long from, long end) {
        if (end - from < HEADER) {
            return "";
        }
        StringBuilder line = new StringBuilder(name(RawBytes.get(from + 1) & 0xff));
        int extras = RawBytes.get(from + 4) & 0xff;
        int keyLength = Short.toUnsignedInt(Short.reverseBytes(RawBytes.getShort(from + 2)));
        long body = Integer.toUnsignedLong(Integer.reverseBytes(RawBytes.getInt(from + 8)));
        long key = from + HEADER + extras;
        int shown = (int) Math.max(0, Math.min(Math.min(keyLength, ProtocolLimits.KEY_MAX), end - key));
        if (shown > 0) {
            line.append(' ').append(RawBytes.string(key, shown));
        }
        if (body < keyLength + extras || keyLength > ProtocolLimits.KEY_MAX) {
            return line.append(" (key of " + keyLength + " bytes, extras of " + extras + ", body of " + body + ")")
                    .toString();
        }
        if (body > keyLength + extras) {
            line.append(" (").append(body - keyLength - extras).append(" bytes)");
        }
        return line
                + details(
                        Integer.reverseBytes(RawBytes.getInt(from + 12)),
                        Long.reverseBytes(RawBytes.getLong(from + 16)));
    }

    /**
     * The answer that begins at {@code at} of a text with a character per byte.
     *
     * @return null when not all of it is there
     */
    static @Nullable String answer(String bytes, int at) {
        if (end(bytes, at) > bytes.length()) {
            return null;
        }
        byte[] header = bytes.substring(at, at + HEADER).getBytes(StandardCharsets.ISO_8859_1);
        int extras = header[4] & 0xff;
        int keyLength = ((header[2] & 0xff) << 8) | (header[3] & 0xff);
        int status = ((header[6] & 0xff) << 8) | (header[7] & 0xff);
        StringBuilder line = new StringBuilder(name(header[1] & 0xff)).append(": ");
        String body = bytes.substring(at + HEADER + extras, end(bytes, at));
        if (status != 0) {
            return line.append(String.format("0x%02x ", status)).append(body).toString();
        }
        line.append("success");
        if (keyLength > 0) {
            line.append(' ').append(body, 0, keyLength);
        }
        if (body.length() > keyLength) {
            line.append(" (").append(body.length() - keyLength).append(" bytes)");
        }
        long cas = 0;
        for (int i = 16; i < HEADER; i++) {
            cas = (cas << 8) | (header[i] & 0xff);
        }
        return line + details(0, cas);
    }

    /** Whether an answer complains of its request itself: unknown, malformed, too large, or from somebody who may not. */
    static boolean isRefusal(String answer) {
        if (answer.length() < HEADER) {
            return false;
        }
        int status = answer.charAt(6) << 8 | answer.charAt(7);
        return status == BinaryStatus.UNKNOWN_COMMAND.code()
                || status == BinaryStatus.INVALID_ARGUMENTS.code()
                || status == BinaryStatus.TOO_LARGE.code()
                || status == BinaryStatus.AUTH_FAILURE.code();
    }

    /** Where the answer at {@code at} ends; beyond the text when it is cut off. */
    static int end(String bytes, int at) {
        if (bytes.length() - at < HEADER) {
            return Integer.MAX_VALUE;
        }
        long body = 0;
        for (int i = 8; i < 12; i++) {
            body = body << 8 | bytes.charAt(at + i);
        }
        return (int) Math.min(Integer.MAX_VALUE, at + HEADER + body);
    }

    private static String details(int opaque, long cas) {
        return (opaque == 0 ? "" : " opaque 0x" + Integer.toHexString(opaque))
                + (cas == 0 ? "" : " cas " + Long.toUnsignedString(cas));
    }

    private static String name(int code) {
        BinaryOpcode opcode = BinaryOpcode.of(code);
        return opcode == null ? String.format("opcode 0x%02x", code) : opcode.name();
    }
}
