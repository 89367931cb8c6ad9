package io.karst.protocol;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.agrona.UnsafeApi;

/**
 * What {@code -v} and {@code -vv} tell a person about connections, in memcached's manner: {@code <7 get a} came from
 * connection 7, {@code >7 END} went to it. Binary packets are told in words, see {@link BinaryWireText}. One per loop, used on its thread; there is none while nobody asked.
 *
 * <pre>
 *   1  what was refused, with the reason in words: at most 20 lines a second and loop
 *   2  every connection, command and reply as well; values are named, not shown
 * </pre>
 *
 * Bytes that are not printable ASCII are written {@code \xHH}: a client cannot forge a line, or move the cursor of whoever
 * reads the log. Data blocks, and with them passwords, are never shown. Allocates and writes to the log: a cold path.
 */
final class WireLog {
    private static final Logger LOGGER = System.getLogger("io.karst.wire");
    private static final int EVERYTHING = 2;
    private static final int LINE_MAX = 512;
    private static final int REPLY_MAX = 16 << 10;
    private static final int LINES_PER_SECOND = 20;
    private static final long SECOND_NS = 1_000_000_000L;

    private final boolean isFull;
    private long secondBeganNs;
    private int linesThisSecond;

    /** @param level 1 or more */
    WireLog(int level) {
        isFull = level >= EVERYTHING;
    }

    /** Whether every command is to be shown, one at a time. */
    boolean isFull() {
        return isFull;
    }

    void opened(ClientConnection connection) {
        if (isFull) {
            say("<" + connection.id() + " new client connection from " + connection.remoteName());
        }
    }

    void closed(ClientConnection connection, CloseReason reason) {
        if (isFull) {
            say("<" + connection.id() + " connection closed (" + reason.word() + ")");
        }
    }

    /** A command line and the lines that answered it, the values among them. */
    void exchanged(long id, String line, String reply) {
        if (!line.isEmpty()) {
            say("<" + id + " " + line);
        }
        int at = 0;
        while (at < reply.length()) {
            int end = reply.indexOf('\n', at);
            if (end < 0) {
                say(">" + id + " (more)");
                return;
            }
            String answer = reply.substring(at, end).stripTrailing();
            at = end + 1;
            String[] words = answer.split(" ");
            boolean isValue = words[0].equals("VALUE") && words.length >= 4;
            if (isValue || (words[0].equals("VA") && words.length >= 2)) {
                at += Integer.parseInt(words[isValue ? 3 : 1]) + 2;
            }
            say(">" + id + " " + (isValue ? "sending key " + escaped(words[1]) : escaped(answer)) + explained(answer));
        }
    }

    /** A binary request as {@link BinaryWireText} tells it, "" when it was told before, and the packets that answered it. */
    void exchangedBinary(long id, String request, String answers) {
        if (!request.isEmpty()) {
            say("<" + id + " " + escaped(request));
        }
        int at = 0;
        while (at < answers.length()) {
            String answer = BinaryWireText.answer(answers, at);
            if (answer == null) {
                say(">" + id + " (more)");
                return;
            }
            say(">" + id + " " + escaped(answer));
            at = BinaryWireText.end(answers, at);
        }
    }

    /** A binary request that was refused before it could be executed, and the packet that said so. */
    void refusedBinary(long id, String request, String answer, long nowNs) {
        if (mayPass(nowNs)) {
            exchangedBinary(id, request, answer);
        }
    }

    /** A line that was answered with an error before it could be executed. */
    void refused(long id, String line, String answer, long nowNs) {
        if (!explained(answer).isEmpty() && mayPass(nowNs)) {
            say("<" + id + " " + line);
            say(">" + id + " " + escaped(answer) + explained(answer));
        }
    }

    /** A connection that is closed without a word, because of these bytes. */
    void closing(long id, long from, long end, long nowNs) {
        if (!mayPass(nowNs)) {
            return;
        }
        long newline = RawBytes.newline(from, end);
        int first = RawBytes.get(from) & 0xff;
        String reason;
        if (first == 0x16) {
            reason = "these bytes begin a TLS handshake, and this port does not speak TLS";
        } else if (first >= 0x80) {
            reason = "these bytes are no text, and no binary request that this port takes";
        } else if (newline == end) {
            reason = "a line longer than " + ProtocolLimits.LINE_MAX + " bytes that is no get";
        } else {
            reason = "somebody speaks HTTP to a cache: a browser, or a proxy gone astray";
        }
        say("<" + id + " " + text(from, newline));
        say(">" + id + " closing without an answer: " + reason);
    }

    private boolean mayPass(long nowNs) {
        if (nowNs - secondBeganNs >= SECOND_NS) {
            secondBeganNs = nowNs;
            linesThisSecond = 0;
        }
        return isFull || ++linesThisSecond <= LINES_PER_SECOND;
    }

    private static String explained(String answer) {
        if (answer.equals(Reply.ERROR.text())) {
            return " (no such command, or not with these arguments; names are in lower case, help lists them)";
        } else if (answer.equals(Reply.BAD_FORMAT.text())) {
            return " (an argument is missing or not a number in its range, or a key is longer than "
                    + ProtocolLimits.KEY_MAX + " bytes)";
        } else if (answer.equals(Reply.BAD_DATA_CHUNK.text())) {
            return " (the data is not as long as its command line said, or does not end with \\r\\n)";
        } else if (answer.startsWith("CLIENT_ERROR") || answer.startsWith("SERVER_ERROR")) {
            return " (refused)";
        }
        return "";
    }

    /** A line of raw bytes without its end, escaped; "" when it has no end yet. */
    static String line(long from, long end) {
        long newline = RawBytes.newline(from, end);
        return newline == end ? "" : text(from, newline);
    }

    private static String text(long from, long end) {
        long last = end > from && UnsafeApi.getByte(end - 1) == '\r' ? end - 1 : end;
        int length = (int) Math.min(last - from, LINE_MAX);
        String text = escaped(RawBytes.string(from, length));
        return length < last - from ? text + "..." : text;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '\\') {
                escaped.append(c);
            } else {
                escaped.append(String.format("\\x%02X", (int) c));
            }
        }
        return escaped.toString();
    }

    /** Longest reply text worth handing to {@link #exchanged}. */
    static int replyMax() {
        return REPLY_MAX;
    }

    private static void say(String line) {
        // Not a pattern: the line may hold braces.
        LOGGER.log(Level.INFO, line);
    }
}
