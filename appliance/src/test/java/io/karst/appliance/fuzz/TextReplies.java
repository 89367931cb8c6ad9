package io.karst.appliance.fuzz;

import static io.karst.appliance.fuzz.FuzzNode.require;

import io.karst.protocol.Opcode;
import io.karst.protocol.Reply;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** What a server may answer in text, whole replies only. Stateless. */
final class TextReplies {
    private static final Set<String> LINES = lines();
    private static final Pattern META_LINE = Pattern.compile("(HD|EN|NF|NS|EX)( [bcfhkltsuOWXZ][^ \n]*)*");
    private static final Pattern META_VALUE_FLAGS = Pattern.compile("( [bcfhkltsuOWXZ][^ \n]*)*");
    private static final Pattern OTHER_LINE = Pattern.compile(
            "[0-9]{1,20}|STAT [^ ]+ [^\n]*|VERSION [0-9.]+|(END|EN) [0-9]+|mg [^ ]+( b)?"
                    + "|ME [^ ]+ exp=-?[0-9]+ la=[0-9]+ cas=[0-9]+ fetch=(yes|no) cls=[12] size=[0-9]+",
            Pattern.DOTALL);
    private static final Pattern DUMP_LINE = Pattern.compile(
            "key=[^ ]+ exp=-?[0-9]+ la=[0-9]+ cas=[0-9]+ fetch=(yes|no) cls=[12] size=[0-9]+ flags=[0-9]+ ");
    private static final Pattern WATCH_LINE =
            Pattern.compile("ts=[0-9]+\\.[0-9]{6} gid=[0-9]+ type=[a-z_]+ [ -~]*|skipped=[0-9]+");
    /** Lines with a key or prefix in them as it is, which may hold any byte. */
    private static final Pattern RAW_KEY_LINE = Pattern.compile(
            "ITEM .{1,250} \\[[0-9]+ b; [0-9]+ s\\]\r\n|PREFIX .{0,250} get [0-9]+ hit [0-9]+ set [0-9]+ del [0-9]+\r\n",
            Pattern.DOTALL);

    private TextReplies() {}

    private static Set<String> lines() {
        Set<String> lines = new HashSet<>();
        for (Reply reply : Reply.values()) {
            lines.add(reply.text());
        }
        for (Opcode opcode : Opcode.values()) {
            String usage = (opcode.wireName() + " " + opcode.arguments()).trim();
            lines.add(String.format("%-58s %s", usage, opcode.summary()));
        }
        lines.add("SERVER_ERROR not available over UDP");
        lines.add("Error TLS not enabled");
        return lines;
    }

    /** Fails unless everything from a position on is whole replies. */
    static void check(Bytes replies, int from) {
        int at = from;
        while (at < replies.length()) {
            at = checkOne(replies, at);
        }
    }

    private static int checkOne(Bytes replies, int from) {
        byte[] bytes = replies.array();
        int newline = from;
        while (newline < replies.length() && bytes[newline] != '\n') {
            newline++;
        }
        int end = newline;
        require(end < replies.length(), () -> "half a reply: " + replies.text(from, end));
        if (startsWith(replies, from, "ITEM ") || startsWith(replies, from, "PREFIX ")) {
            var matcher = RAW_KEY_LINE.matcher(replies.text(from, Math.min(replies.length(), from + 400)));
            require(matcher.lookingAt(), () -> "no such line: " + replies.text(from, end));
            return from + matcher.end();
        }
        boolean endsProperly = newline > from && bytes[newline - 1] == '\r';
        String line = replies.text(from, endsProperly ? newline - 1 : newline);
        if (!endsProperly) {
            boolean isKnown = DUMP_LINE.matcher(line).matches()
                    || WATCH_LINE.matcher(line).matches();
            require(isKnown, () -> "no such line, with a bare newline: " + line);
            return newline + 1;
        }
        if (line.startsWith("VALUE ")) {
            return value(replies, line.substring(line.indexOf(' ', 6) + 1), true, newline + 1);
        }
        if (line.startsWith("VA ")) {
            return value(replies, line.substring(3), false, newline + 1);
        }
        boolean isKnown = LINES.contains(line)
                || META_LINE.matcher(line).matches()
                || OTHER_LINE.matcher(line).matches();
        require(isKnown, () -> "no such line: " + line);
        return newline + 1;
    }

    /** Checks a value and what is told of it: flags, length and perhaps a token, or length and meta flags. */
    private static int value(Bytes replies, String facts, boolean isClassic, int from) {
        String[] words = facts.split(" ", 2);
        String length = words[0];
        if (isClassic) {
            String[] all = facts.split(" ", -1);
            require(all.length == 2 || all.length == 3, () -> "facts of a value: " + facts);
            require(Long.parseLong(all[0]) <= 0xffffffffL, () -> "flags of a value: " + facts);
            length = all[1];
            if (all.length == 3) {
                Long.parseUnsignedLong(all[2]);
            }
        } else if (words.length == 2) {
            require(META_VALUE_FLAGS.matcher(" " + words[1]).matches(), () -> "flags of a value: " + facts);
        }
        int count = Integer.parseInt(length);
        require(count >= 0 && count <= FuzzNode.ITEM_SIZE_MAX, () -> "length of a value: " + facts);
        int end = from + count;
        require(end + 2 <= replies.length(), () -> "half a value: " + facts);
        require(replies.array()[end] == '\r' && replies.array()[end + 1] == '\n', () -> "end of a value: " + facts);
        return end + 2;
    }

    private static boolean startsWith(Bytes replies, int from, String prefix) {
        byte[] wanted = prefix.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < wanted.length; i++) {
            if (from + i >= replies.length() || replies.array()[from + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
