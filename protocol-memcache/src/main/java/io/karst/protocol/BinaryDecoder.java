package io.karst.protocol;

/**
 * The binary protocol: takes one request, fills the loop's {@link BinaryCommand}, and answers malformed ones itself. One per
 * loop. Hot path: no allocation.
 *
 * <p>Lengths that contradict each other, or the opcode, end the connection after the answer, because there is no telling
 * where the next request begins; unknown opcodes and values that are too large do not. Source: PROTOCOL §1 "Binary", §2.
 */
final class BinaryDecoder extends Decoder {
    /** Bytes of a header. */
    static final int HEADER_LENGTH = 24;

    /** First byte of every request. */
    static final int MAGIC = 0x80;

    /** Most bytes of a login message. */
    private static final int SASL_MAX = 16 << 10;

    /** memcached adds two to a value's length, in a signed 32-bit number. */
    private static final long BODY_MAX = Integer.MAX_VALUE - 3;

    private final BinaryCommand command;
    private final ReplyWriter replies;
    private final ProtocolLimits limits;

    /** Set before each call: whether the connection may do nothing but log in. */
    boolean isStranger;

    BinaryDecoder(BinaryCommand command, ReplyWriter replies, ProtocolLimits limits) {
        this.command = command;
        this.replies = replies;
        this.limits = limits;
    }

    @Override
    int next(long from, long end, long scanned, int maxRequests) {
        swallowBytes = 0;
        requestCount = 1;
        if (end - from < HEADER_LENGTH) {
            return INCOMPLETE;
        }
        if ((RawBytes.get(from) & 0xff) != MAGIC) {
            return CLOSE;
        }
        int extrasLength = RawBytes.get(from + 4) & 0xff;
        int keyLength = Short.toUnsignedInt(Short.reverseBytes(RawBytes.getShort(from + 2)));
        long bodyLength = Integer.toUnsignedLong(Integer.reverseBytes(RawBytes.getInt(from + 8)));
        command.code = RawBytes.get(from + 1) & 0xff;
        command.opaque = RawBytes.getInt(from + 12);
        command.cas = Long.reverseBytes(RawBytes.getLong(from + 16));
        BinaryOpcode opcode = BinaryOpcode.of(command.code);
        command.opcode = opcode;
        position = from + HEADER_LENGTH;
        if (keyLength + extrasLength > bodyLength) {
            return refuseAndClose(BinaryStatus.UNKNOWN_COMMAND);
        }
        if (isStranger && (opcode == null || !opcode.isForStrangers())) {
            return refuseAndClose(BinaryStatus.AUTH_FAILURE);
        }
        if (keyLength > ProtocolLimits.KEY_MAX || bodyLength > BODY_MAX) {
            return refuseAndClose(BinaryStatus.INVALID_ARGUMENTS);
        }
        if (opcode == null) {
            swallowBytes = bodyLength;
            replies.binaryError(command, BinaryStatus.UNKNOWN_COMMAND);
            return ANSWERED;
        }
        int valueLength = (int) bodyLength - keyLength - extrasLength;
        if (!opcode.accepts(extrasLength, keyLength, valueLength)) {
            return refuseAndClose(BinaryStatus.INVALID_ARGUMENTS);
        }
        long extras = from + HEADER_LENGTH;
        long key = extras + extrasLength;
        long value = key + keyLength;
        if (value > end) {
            return INCOMPLETE;
        }
        command.keyAddress = key;
        command.keyLength = keyLength;
        command.valueAddress = value;
        command.valueLength = valueLength;
        extras(opcode, extras, extrasLength);
        position = value;
        if (isLong(opcode, valueLength)) {
            swallowBytes = valueLength;
            replies.binaryError(command, BinaryStatus.TOO_LARGE);
            return ANSWERED;
        }
        if (opcode.isStorage() && limits.isTooLarge(keyLength, command.flags, valueLength)) {
            return TOO_LARGE;
        }
        position = value + valueLength;
        return position > end ? COLLECT : EXECUTE;
    }

    /** Whether what is no item's value is longer than there is a use for. */
    private static boolean isLong(BinaryOpcode opcode, int valueLength) {
        return switch (opcode.action()) {
            case SASL -> valueLength > SASL_MAX;
            case STAT -> valueLength > ProtocolLimits.LINE_MAX;
            default -> false;
        };
    }

    private void extras(BinaryOpcode opcode, long address, int length) {
        command.flags = 0;
        command.exptime = 0;
        command.hasExptime = false;
        switch (opcode.action()) {
            case SET, ADD, REPLACE -> {
                command.flags = Integer.reverseBytes(RawBytes.getInt(address));
                command.exptime = Integer.reverseBytes(RawBytes.getInt(address + 4));
            }
            case INCREMENT, DECREMENT -> {
                command.delta = Long.reverseBytes(RawBytes.getLong(address));
                command.initial = Long.reverseBytes(RawBytes.getLong(address + 8));
                command.exptime = Integer.reverseBytes(RawBytes.getInt(address + 16));
            }
            default -> {
                command.hasExptime = length == 4;
                command.exptime = length == 4 ? Integer.reverseBytes(RawBytes.getInt(address)) : 0;
            }
        }
    }

    private int refuseAndClose(BinaryStatus status) {
        replies.binaryError(command, status);
        return CLOSE;
    }
}
