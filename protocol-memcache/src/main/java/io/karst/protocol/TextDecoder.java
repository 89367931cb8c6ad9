package io.karst.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The classic text protocol: finds one line, fills the loop's {@link Command}, and answers malformed lines itself. One per
 * loop; what must survive between two reads is kept by the connection. Hot path: no allocation (admin commands and
 * {@code help} excepted). Source: PROTOCOL §1, §2.
 */
final class TextDecoder extends Decoder {
    private static final int MAX_TOKENS = Command.MAX_KEYS + 1;
    private static final long MAX_VALUE_LENGTH = Integer.MAX_VALUE - 2;
    private static final int MAX_LEADING_SPACES = 100;

    private static final long WORD_GET = Opcode.GET.word();
    private static final long WORD_GETS = Opcode.GETS.word();
    private static final long WORD_SET = Opcode.SET.word();
    private static final long WORD_MG = Opcode.META_GET.word();
    private static final long WORD_MS = Opcode.META_SET.word();
    private static final long WORD_NOREPLY = 0x796c7065726f6eL; // "noreply"
    private static final int NOREPLY_LENGTH = 7;
    private static final long WORD_HTTP = 0x2f50545448L; // "HTTP/"
    private static final int HTTP_LENGTH = 5;

    private static final String HELP = help();

    private final Command command;
    private final ReplyWriter replies;
    private final ProtocolLimits limits;
    private final MetaDecoder metaDecoder;
    /** What {@link Numbers#unsigned64} read last. */
    private final long[] number = new long[1];

    private final long[] tokenAddresses = new long[MAX_TOKENS];
    private final int[] tokenLengths = new int[MAX_TOKENS];
    private int tokenCount;
    private boolean isLastTokenNoreply;

    /** Behind the newline of a retrieval with more keys than one batch, whose next key is at {@link #position}; else 0. */
    long longLineEnd;

    TextDecoder(Command command, ReplyWriter replies, ProtocolLimits limits) {
        this.command = command;
        this.replies = replies;
        this.limits = limits;
        this.metaDecoder = new MetaDecoder(command);
    }

    @Override
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
        long name = RawBytes.skipSpaces(from, lineEnd);
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
        if (nameLength == 2 && word == WORD_MG) {
            return meta(Opcode.META_GET, nameEnd, lineEnd);
        }
        if (nameLength == 2 && word == WORD_MS) {
            return metaSet(nameEnd, lineEnd, end);
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
            case META -> meta(opcode, nameEnd, lineEnd);
            case META_STORAGE -> metaSet(nameEnd, lineEnd, end);
            case ADMIN -> admin(opcode, nameEnd, lineEnd);
            case CONNECTION -> connection(opcode);
        };
    }

    private int connection(Opcode opcode) {
        return switch (opcode) {
            case QUIT -> QUIT;
            case META_NOOP -> answer(Reply.MN);
            default -> answerHelp();
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
        long name = RawBytes.skipSpaces(from, end);
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
        long at = RawBytes.skipSpaces(from, lineEnd);
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
            at = RawBytes.skipSpaces(keyEnd, lineEnd);
        }
        command.keyCount = count;
        return rest;
    }

    private int touchingRetrieval(Opcode opcode, long from, long lineEnd, long end) {
        long exptimeStart = RawBytes.skipSpaces(from, lineEnd);
        long exptimeEnd = RawBytes.space(exptimeStart, lineEnd);
        if (RawBytes.skipSpaces(exptimeEnd, lineEnd) == lineEnd) {
            return answer(Reply.BAD_FORMAT);
        }
        long exptime = Numbers.exptime(exptimeStart, exptimeEnd - exptimeStart);
        if (exptime == Numbers.INVALID) {
            return answer(Reply.INVALID_EXPTIME);
        }
        int verdict = retrieval(opcode, exptimeEnd, lineEnd, end, 1);
        command.exptime = (int) exptime;
        return verdict;
    }

    private int storage(Opcode opcode, long from, long lineEnd, long end) {
        tokenize(from, lineEnd);
        long length = tokenCount < 4 ? Numbers.INVALID : Numbers.signed32(tokenAddresses[3], tokenLengths[3]);
        if (length < 0 || length > MAX_VALUE_LENGTH) {
            return answer(Reply.BAD_FORMAT);
        }
        command.clear(opcode);
        int argumentCount = opcode == Opcode.CAS ? 5 : 4;
        int keyLength = tokenLengths[0];
        long flags = Numbers.unsigned32(tokenAddresses[1], tokenLengths[1]);
        long exptime = Numbers.exptime(tokenAddresses[2], tokenLengths[2]);
        boolean isValid = keyLength <= ProtocolLimits.KEY_MAX && flags != Numbers.INVALID && exptime != Numbers.INVALID;
        if (opcode == Opcode.CAS) {
            isValid &= tokenCount >= argumentCount && Numbers.unsigned64(tokenAddresses[4], tokenLengths[4], number);
            command.casUnique = number[0];
        }
        if (!isValid) {
            swallowBytes = length + 2;
            return answer(Reply.BAD_FORMAT);
        }
        command.noreply = isLastTokenNoreply && tokenCount > argumentCount;
        command.singleKey(tokenAddresses[0], keyLength);
        command.flags = (int) flags;
        command.exptime = (int) exptime;
        return data(length, end);
    }

    private int meta(Opcode opcode, long from, long lineEnd) {
        long key = RawBytes.skipSpaces(from, lineEnd);
        long keyEnd = RawBytes.space(key, lineEnd);
        long keyLength = keyEnd - key;
        if (keyLength == 0 || keyLength > ProtocolLimits.KEY_MAX) {
            return answer(Reply.BAD_FORMAT);
        }
        command.clear(opcode);
        Reply complaint = metaDecoder.flags(key, (int) keyLength, 2, keyEnd, lineEnd);
        if (complaint == null) {
            complaint = modeComplaint(opcode);
        }
        return complaint == null ? EXECUTE : answer(complaint(opcode, complaint));
    }

    /** memcached does not tell md, ma and me what it tells their sisters. */
    private static Reply complaint(Opcode opcode, Reply complaint) {
        if (opcode == Opcode.META_DEBUG) {
            return Reply.BAD_FORMAT;
        }
        boolean isVague = opcode == Opcode.META_DELETE || opcode == Opcode.META_ARITHMETIC;
        return switch (complaint) {
            case META_OPAQUE_TOO_LONG, META_TOO_MANY_FLAGS, META_SET_MODE, META_ARITHMETIC_MODE -> complaint;
            default -> isVague ? Reply.META_INVALID_OR_DUPLICATE_FLAG : complaint;
        };
    }

    private @Nullable Reply modeComplaint(Opcode opcode) {
        return switch (opcode) {
            case META_SET -> isMode("EAPRS") ? null : Reply.META_SET_MODE;
            case META_ARITHMETIC -> isMode("I+D-") ? null : Reply.META_ARITHMETIC_MODE;
            case META_DEBUG -> command.meta.count() == (command.meta.has('b') ? 1 : 0) ? null : Reply.BAD_FORMAT;
            default -> null;
        };
    }

    private boolean isMode(String known) {
        return command.meta.mode() == 0 || known.indexOf(command.meta.mode()) >= 0;
    }

    private int metaSet(long from, long lineEnd, long end) {
        long key = RawBytes.skipSpaces(from, lineEnd);
        long keyEnd = RawBytes.space(key, lineEnd);
        long lengthStart = RawBytes.skipSpaces(keyEnd, lineEnd);
        long lengthEnd = RawBytes.space(lengthStart, lineEnd);
        long length = Numbers.signed32(lengthStart, lengthEnd - lengthStart);
        if (length < 0 || length > MAX_VALUE_LENGTH) {
            return answer(Reply.BAD_FORMAT);
        }
        command.clear(Opcode.META_SET);
        Reply complaint = keyEnd - key > ProtocolLimits.KEY_MAX
                ? Reply.BAD_FORMAT
                : metaDecoder.flags(key, (int) (keyEnd - key), 3, lengthEnd, lineEnd);
        if (complaint == null) {
            complaint = modeComplaint(Opcode.META_SET);
        }
        if (complaint != null) {
            swallowBytes = length + 2;
            return answer(complaint);
        }
        return data(length, end);
    }

    /** A storage command's data block, which begins at {@link #position}. */
    private int data(long length, long end) {
        command.valueAddress = position;
        command.valueLength = (int) length;
        if (limits.isTooLarge(command.keyLength(0), command.flags, length)) {
            return TOO_LARGE;
        }
        position += length + 2;
        if (position > end) {
            return COLLECT;
        }
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
        boolean isNumber = Numbers.unsigned64(tokenAddresses[1], tokenLengths[1], number);
        command.delta = number[0];
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
        long exptime = Numbers.exptime(tokenAddresses[1], tokenLengths[1]);
        command.exptime = (int) exptime;
        return exptime != Numbers.INVALID || tokenLengths[0] > ProtocolLimits.KEY_MAX
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
        long at = RawBytes.skipSpaces(from, lineEnd);
        while (at < lineEnd) {
            long tokenEnd = RawBytes.space(at, lineEnd);
            last = at;
            lastLength = tokenEnd - at;
            if (count < MAX_TOKENS) {
                tokenAddresses[count] = at;
                tokenLengths[count] = (int) lastLength;
                count++;
            }
            at = RawBytes.skipSpaces(tokenEnd, lineEnd);
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

    private static String help() {
        StringBuilder table = new StringBuilder();
        for (Opcode opcode : Opcode.values()) {
            String usage = (opcode.wireName() + " " + opcode.arguments()).trim();
            table.append(String.format("%-58s %s\r\n", usage, opcode.summary()));
        }
        return table.toString();
    }
}
