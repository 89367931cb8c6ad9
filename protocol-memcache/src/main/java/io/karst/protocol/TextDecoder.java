package io.karst.protocol;

/**
 * The classic text protocol: finds one line, fills the loop's {@link Command}, and answers malformed lines itself. One per
 * loop; what must survive between two reads is kept by the connection. Hot path: no allocation (admin commands and
 * {@code help} excepted).
 *
 * <p>Results of {@link #next} and {@link #continueLine} lie in the fields until the next call. Source: PROTOCOL §1, §2.
 */
final class TextDecoder {
    /** The line, or its data block, is not complete: call again with more bytes. */
    static final int INCOMPLETE = 0;
    /** The command is filled; execute it, then go on at {@link #position}. */
    static final int EXECUTE = 1;
    /** The command is filled but for its value, which begins at {@link #position} and is not all there. */
    static final int COLLECT = 2;
    /** The command is filled; its item is too large. The value begins at {@link #position}. */
    static final int TOO_LARGE = 3;
    /** Answered here; go on at {@link #position} after swallowing {@link #swallowBytes}. */
    static final int ANSWERED = 4;
    /** Close without a reply. */
    static final int CLOSE = 5;
    /** The client said goodbye. */
    static final int QUIT = 6;

    private static final int MAX_TOKENS = Command.MAX_KEYS + 1;
    private static final long MAX_VALUE_LENGTH = Integer.MAX_VALUE - 2;
    private static final int MAX_LEADING_SPACES = 100;
    private static final long INVALID = Long.MIN_VALUE;

    private static final long WORD_GET = Opcode.GET.word();
    private static final long WORD_GETS = Opcode.GETS.word();
    private static final long WORD_SET = Opcode.SET.word();
    private static final long WORD_NOREPLY = 0x796c7065726f6eL; // "noreply"
    private static final int NOREPLY_LENGTH = 7;
    private static final long WORD_HTTP = 0x2f50545448L; // "HTTP/"
    private static final int HTTP_LENGTH = 5;

    private static final String HELP = help();

    private final Command command;
    private final ReplyWriter replies;
    private final ProtocolLimits limits;
    private final long[] tokenAddresses = new long[MAX_TOKENS];
    private final int[] tokenLengths = new int[MAX_TOKENS];
    private int tokenCount;
    private boolean isLastTokenNoreply;
    private boolean isNumber;

    /** Where to go on. */
    long position;
    /** Bytes behind {@link #position} that belong to a refused command. */
    long swallowBytes;
    /** Lines taken by this call; a further batch of a long line counts as one. */
    int requestCount;
    /** Behind the newline of a retrieval with more keys than one batch, whose next key is at {@link #position}; else 0. */
    long longLineEnd;

    TextDecoder(Command command, ReplyWriter replies, ProtocolLimits limits) {
        this.command = command;
        this.replies = replies;
        this.limits = limits;
    }

    /**
     * Takes the next command, or the next few when they are gets.
     *
     * @param from where the line begins
     * @param end behind the last byte received
     * @param scanned bytes from {@code from} known to hold no newline
     * @param maxRequests most lines to take, at least 1
     */
    int next(long from, long end, long scanned, int maxRequests) {
        swallowBytes = 0;
        longLineEnd = 0;
        requestCount = 1;
        long newline = RawBytes.newline(from + scanned, end);
        if (newline == end) {
            return isTooLong(from, end) ? CLOSE : INCOMPLETE;
        }
        if (newline - from > ProtocolLimits.LINE_MAX && isTooLong(from, newline)) {
            return CLOSE;
        }
        position = newline + 1;
        long lineEnd = contentEnd(from, newline);
        if (lineEnd - from <= 1) {
            return answer(Reply.BAD_FORMAT);
        }
        long name = skipSpaces(from, lineEnd);
        long nameEnd = RawBytes.space(name, lineEnd);
        long nameLength = nameEnd - name;
        long word = RawBytes.word(name, nameLength, end);
        if (nameLength == 3 && word == WORD_GET) {
            return retrieval(Opcode.GET, nameEnd, lineEnd, end, maxRequests);
        }
        if (nameLength == 3 && word == WORD_SET) {
            return storage(Opcode.SET, nameEnd, lineEnd, end);
        }
        if (nameLength == 4 && word == WORD_GETS) {
            return retrieval(Opcode.GETS, nameEnd, lineEnd, end, maxRequests);
        }
        Opcode opcode = Opcode.of(name, (int) nameLength);
        if (opcode == null) {
            tokenize(nameEnd, lineEnd);
            return hasHttpToken() ? CLOSE : answer(Reply.ERROR);
        }
        return switch (opcode.shape()) {
            case RETRIEVAL -> retrieval(opcode, nameEnd, lineEnd, end, maxRequests);
            case TOUCHING_RETRIEVAL -> touchingRetrieval(opcode, nameEnd, lineEnd, end);
            case STORAGE -> storage(opcode, nameEnd, lineEnd, end);
            case KEY -> delete(opcode, nameEnd, lineEnd);
            case ARITHMETIC -> arithmetic(opcode, nameEnd, lineEnd);
            case TOUCH -> touch(opcode, nameEnd, lineEnd);
            case ADMIN -> admin(opcode, nameEnd, lineEnd);
            case CONNECTION -> opcode == Opcode.QUIT ? QUIT : answerHelp();
        };
    }

    private int answerHelp() {
        replies.text(HELP);
        return answer(Reply.END);
    }

    /** Takes the next batch of a retrieval whose line has begun: keys from {@code from} to the newline before {@code lineEnd}. */
    int continueLine(Opcode opcode, int exptime, long from, long lineEnd) {
        command.clear(opcode);
        command.exptime = exptime;
        swallowBytes = 0;
        requestCount = 1;
        position = lineEnd;
        long rest = keys(from, contentEnd(from, lineEnd - 1), false);
        endLine(rest, lineEnd);
        return EXECUTE;
    }

    /** A retrieval may be long, everything else must show its newline early. */
    private static boolean isTooLong(long from, long end) {
        long length = end - from;
        if (length <= ProtocolLimits.LINE_MAX) {
            return false;
        }
        if (length > ProtocolLimits.RETRIEVAL_LINE_MAX) {
            return true;
        }
        long name = skipSpaces(from, end);
        if (name - from > MAX_LEADING_SPACES) {
            return true;
        }
        long nameEnd = RawBytes.space(name, Math.min(end, name + Long.BYTES));
        Opcode opcode = Opcode.of(name, (int) (nameEnd - name));
        return opcode == null
                || (opcode.shape() != Opcode.Shape.RETRIEVAL && opcode.shape() != Opcode.Shape.TOUCHING_RETRIEVAL);
    }

    private static long contentEnd(long from, long newline) {
        return newline > from && RawBytes.get(newline - 1) == '\r' ? newline - 1 : newline;
    }

    private static long skipSpaces(long from, long end) {
        long at = from;
        while (at < end && RawBytes.get(at) == ' ') {
            at++;
        }
        return at;
    }

    private int retrieval(Opcode opcode, long from, long lineEnd, long end, int maxRequests) {
        command.clear(opcode);
        long rest = keys(from, lineEnd, true);
        if (rest < 0 || command.keyCount == 0) {
            return answer(Reply.BAD_FORMAT);
        }
        endLine(rest, position);
        if (rest == 0 && maxRequests > 1) {
            moreLines(opcode, end, maxRequests);
        }
        return EXECUTE;
    }

    /**
     * Adds the lines that follow, as long as they are whole, well-formed, of the same command, and fit: their keys are
     * looked up together, so that cache misses overlap.
     */
    private void moreLines(Opcode opcode, long end, int maxRequests) {
        int nameLength = opcode == Opcode.GET ? 3 : 4;
        long prefixLength = nameLength + 1L;
        long wanted = opcode.word() | (long) ' ' << (nameLength << 3);
        while (requestCount < maxRequests && command.keyCount < Command.MAX_KEYS && position + prefixLength < end) {
            if (RawBytes.word(position, prefixLength, end) != wanted) {
                return;
            }
            long newline = RawBytes.newline(position, end);
            if (newline == end || newline - position > ProtocolLimits.LINE_MAX) {
                return;
            }
            int keyCount = command.keyCount;
            long rest = keys(position + nameLength, contentEnd(position, newline), true);
            if (rest != 0 || command.keyCount == keyCount) {
                command.keyCount = keyCount;
                return;
            }
            command.endsReply |= 1L << (command.keyCount - 1);
            position = newline + 1;
            requestCount++;
        }
    }

    private void endLine(long rest, long afterNewline) {
        if (rest == 0) {
            command.endsReply |= 1L << (command.keyCount - 1);
            longLineEnd = 0;
        } else {
            position = rest;
            longLineEnd = afterNewline;
        }
    }

    /**
     * Appends keys to the batch.
     *
     * @param checksRest whether keys that find no place are to be checked as well; once per line is enough, and looking at
     *     them with every batch would make a line of 1 MiB cost half a minute
     * @return 0 if all were taken, the address of the first key that found no place, or -1 for a bad key
     */
    private long keys(long from, long lineEnd, boolean checksRest) {
        int count = command.keyCount;
        long rest = 0;
        long at = skipSpaces(from, lineEnd);
        while (at < lineEnd) {
            long keyEnd = RawBytes.space(at, lineEnd);
            int length = (int) (keyEnd - at);
            if (length > ProtocolLimits.KEY_MAX) {
                return -1;
            }
            if (count < Command.MAX_KEYS) {
                command.addresses[count] = at;
                command.lengths[count] = length;
                count++;
            } else {
                if (rest == 0) {
                    rest = at;
                }
                if (!checksRest) {
                    break;
                }
            }
            at = skipSpaces(keyEnd, lineEnd);
        }
        command.keyCount = count;
        return rest;
    }

    private int touchingRetrieval(Opcode opcode, long from, long lineEnd, long end) {
        long exptimeStart = skipSpaces(from, lineEnd);
        long exptimeEnd = RawBytes.space(exptimeStart, lineEnd);
        if (skipSpaces(exptimeEnd, lineEnd) == lineEnd) {
            return answer(Reply.BAD_FORMAT);
        }
        long exptime = exptime(exptimeStart, exptimeEnd - exptimeStart);
        if (exptime == INVALID) {
            return answer(Reply.INVALID_EXPTIME);
        }
        int verdict = retrieval(opcode, exptimeEnd, lineEnd, end, 1);
        command.exptime = (int) exptime;
        return verdict;
    }

    private int storage(Opcode opcode, long from, long lineEnd, long end) {
        tokenize(from, lineEnd);
        long length = tokenCount < 4 ? INVALID : signed32(tokenAddresses[3], tokenLengths[3]);
        if (length < 0 || length > MAX_VALUE_LENGTH) {
            return answer(Reply.BAD_FORMAT);
        }
        command.clear(opcode);
        int argumentCount = opcode == Opcode.CAS ? 5 : 4;
        int keyLength = tokenLengths[0];
        long flags = unsigned32(tokenAddresses[1], tokenLengths[1]);
        long exptime = exptime(tokenAddresses[2], tokenLengths[2]);
        boolean isValid = keyLength <= ProtocolLimits.KEY_MAX && flags != INVALID && exptime != INVALID;
        if (opcode == Opcode.CAS) {
            isNumber = false;
            command.casUnique = tokenCount < argumentCount ? 0 : unsigned64(tokenAddresses[4], tokenLengths[4]);
            isValid &= isNumber;
        }
        if (!isValid) {
            swallowBytes = length + 2;
            return answer(Reply.BAD_FORMAT);
        }
        command.noreply = isLastTokenNoreply && tokenCount > argumentCount;
        command.singleKey(tokenAddresses[0], keyLength);
        command.flags = (int) flags;
        command.exptime = (int) exptime;
        command.valueAddress = position;
        command.valueLength = (int) length;
        if (limits.isTooLarge(keyLength, command.flags, length)) {
            return TOO_LARGE;
        }
        if (end - position < length + 2) {
            return COLLECT;
        }
        position += length + 2;
        return hasLineEnd(position - 2) ? EXECUTE : answerUnlessNoreply(Reply.BAD_DATA_CHUNK);
    }

    /** Whether a data block ends properly; {@code \r\n}, not a bare newline. */
    static boolean hasLineEnd(long address) {
        return RawBytes.get(address) == '\r' && RawBytes.get(address + 1) == '\n';
    }

    /** {@code delete k 0} is an old form and allowed; any other second argument is not, and noreply hides even that. */
    private int delete(Opcode opcode, long from, long lineEnd) {
        tokenize(from, lineEnd);
        if (tokenCount == 0) {
            return answer(Reply.BAD_FORMAT);
        }
        command.clear(opcode);
        command.noreply = isLastTokenNoreply && tokenCount > 1;
        int argumentCount = command.noreply ? tokenCount - 1 : tokenCount;
        if (argumentCount > 2 || (argumentCount == 2 && !isZero(1))) {
            return answerUnlessNoreply(Reply.DELETE_USAGE);
        }
        return singleKey();
    }

    private boolean isZero(int token) {
        return tokenLengths[token] == 1 && RawBytes.get(tokenAddresses[token]) == '0';
    }

    private int arithmetic(Opcode opcode, long from, long lineEnd) {
        tokenize(from, lineEnd);
        if (tokenCount < 2) {
            return answer(Reply.BAD_FORMAT);
        }
        command.clear(opcode);
        command.noreply = isLastTokenNoreply && tokenCount > 2;
        command.delta = unsigned64(tokenAddresses[1], tokenLengths[1]);
        return isNumber || tokenLengths[0] > ProtocolLimits.KEY_MAX
                ? singleKey()
                : answerUnlessNoreply(Reply.INVALID_DELTA);
    }

    private int touch(Opcode opcode, long from, long lineEnd) {
        tokenize(from, lineEnd);
        if (tokenCount < 2) {
            return answer(Reply.BAD_FORMAT);
        }
        command.clear(opcode);
        command.noreply = isLastTokenNoreply && tokenCount > 2;
        long exptime = exptime(tokenAddresses[1], tokenLengths[1]);
        command.exptime = (int) exptime;
        return exptime != INVALID || tokenLengths[0] > ProtocolLimits.KEY_MAX
                ? singleKey()
                : answerUnlessNoreply(Reply.INVALID_EXPTIME);
    }

    private int singleKey() {
        if (tokenLengths[0] > ProtocolLimits.KEY_MAX) {
            return answerUnlessNoreply(Reply.BAD_FORMAT);
        }
        command.singleKey(tokenAddresses[0], tokenLengths[0]);
        return EXECUTE;
    }

    private int admin(Opcode opcode, long from, long lineEnd) {
        tokenize(from, lineEnd);
        command.clear(opcode);
        // A lone "verbosity noreply" is wrong, and silent: memccapable insists.
        int required = opcode == Opcode.CACHE_MEMLIMIT ? 1 : 0;
        command.noreply = isLastTokenNoreply && tokenCount > required && AdminSyntax.takesNoreply(opcode);
        int argumentCount = command.noreply ? tokenCount - 1 : tokenCount;
        command.argumentCount = Math.min(argumentCount, Command.MAX_KEYS);
        System.arraycopy(tokenAddresses, 0, command.addresses, 0, command.argumentCount);
        System.arraycopy(tokenLengths, 0, command.lengths, 0, command.argumentCount);
        Reply complaint = AdminSyntax.check(command);
        return complaint == null ? EXECUTE : answerUnlessNoreply(complaint);
    }

    private int answer(Reply reply) {
        replies.line(reply);
        return ANSWERED;
    }

    private int answerUnlessNoreply(Reply reply) {
        return command.noreply ? ANSWERED : answer(reply);
    }

    /** Splits what follows the command's name; only the first {@link #MAX_TOKENS} tokens are kept. */
    private void tokenize(long from, long lineEnd) {
        int count = 0;
        long last = 0;
        long lastLength = 0;
        long at = skipSpaces(from, lineEnd);
        while (at < lineEnd) {
            long tokenEnd = RawBytes.space(at, lineEnd);
            last = at;
            lastLength = tokenEnd - at;
            if (count < MAX_TOKENS) {
                tokenAddresses[count] = at;
                tokenLengths[count] = (int) lastLength;
                count++;
            }
            at = skipSpaces(tokenEnd, lineEnd);
        }
        tokenCount = count;
        isLastTokenNoreply = lastLength == NOREPLY_LENGTH && RawBytes.word(last, lastLength, lineEnd) == WORD_NOREPLY;
    }

    /** A browser, or something tricked into speaking to us: {@code GET / HTTP/1.1}. */
    private boolean hasHttpToken() {
        for (int i = 0; i < tokenCount; i++) {
            if (tokenLengths[i] >= HTTP_LENGTH && RawBytes.word(tokenAddresses[i], HTTP_LENGTH, 0) == WORD_HTTP) {
                return true;
            }
        }
        return false;
    }

    /** A decimal in 0..2^32-1, or INVALID. */
    static long unsigned32(long address, long length) {
        long value = digits(address, length);
        return value > 0xffffffffL ? INVALID : value;
    }

    /** A decimal in -2^31..2^31-1, or INVALID. */
    static long signed32(long address, long length) {
        if (length > 1 && RawBytes.get(address) == '-') {
            long value = digits(address + 1, length - 1);
            return value == INVALID || value > -(long) Integer.MIN_VALUE ? INVALID : -value;
        }
        long value = digits(address, length);
        return value > Integer.MAX_VALUE ? INVALID : value;
    }

    /** An exptime: a decimal in -2^31..2^32-1, or INVALID. The upper half is negative: libmemcached writes -1 so. */
    private static long exptime(long address, long length) {
        long unsigned = unsigned32(address, length);
        return unsigned == INVALID ? signed32(address, length) : (int) unsigned;
    }

    /** Digits only; values beyond 2^40 are cut off there, which is beyond every range asked for. */
    private static long digits(long address, long length) {
        if (length == 0) {
            return INVALID;
        }
        long value = 0;
        for (long i = 0; i < length; i++) {
            int digit = RawBytes.get(address + i) - '0';
            if (digit < 0 || digit > 9) {
                return INVALID;
            }
            value = Math.min(value * 10 + digit, 1L << 40);
        }
        return value;
    }

    /** A decimal in 0..2^64-1; {@link #isNumber} tells whether it was one. */
    private long unsigned64(long address, long length) {
        long value = 0;
        isNumber = length > 0;
        for (long i = 0; i < length; i++) {
            int digit = RawBytes.get(address + i) - '0';
            boolean isSmall = value >= 0 && value < Long.MAX_VALUE / 10;
            boolean fits = isSmall || Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, 10)) <= 0;
            if (digit < 0 || digit > 9 || !fits) {
                isNumber = false;
                return 0;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static String help() {
        StringBuilder table = new StringBuilder();
        for (Opcode opcode : Opcode.values()) {
            String usage = (opcode.wireName() + " " + opcode.arguments()).trim();
            table.append(String.format("%-58s %s\r\n", usage, opcode.summary()));
        }
        return table.toString();
    }
}
