package io.karst.appliance.fuzz;

import static io.karst.appliance.fuzz.FuzzNode.require;

import io.karst.protocol.BinaryStatus;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Walks a stream of binary requests by their lengths, and holds the replies to it: each answers a request that was sent,
 * in the order in which they were sent, by its opcode and its opaque. Stateless.
 */
final class BinaryReplies {
    static final int HEADER_LENGTH = 24;
    private static final int REQUEST_MAGIC = 0x80;
    private static final int REPLY_MAGIC = 0x81;
    private static final int STAT = 0x10;
    private static final int KEY_MAX = 250;

    /** Statistics are text of their own length. */
    private static final int STAT_MAX = 1 << 20;

    private static final Set<Integer> STATUSES = new HashSet<>(
            Arrays.stream(BinaryStatus.values()).map(BinaryStatus::code).toList());

    private BinaryReplies() {}

    /**
     * Fails unless everything that was received is whole replies to what was sent.
     *
     * @param mayBeCut whether the last one may be incomplete, because the server hung up on a client that did not read
     */
    static void check(Bytes sent, Bytes received, boolean mayBeCut) {
        int request = 0;
        int reply = 0;
        while (reply < received.length()) {
            if (mayBeCut && received.length() - reply < HEADER_LENGTH) {
                return;
            }
            require(received.length() - reply >= HEADER_LENGTH, "half a header");
            byte[] in = received.array();
            require((in[reply] & 0xff) == REPLY_MAGIC, "magic of a reply: " + in[reply]);
            int opcode = in[reply + 1] & 0xff;
            int keyLength = (int) number(in, reply + 2, 2);
            int extras = in[reply + 4] & 0xff;
            int status = (int) number(in, reply + 6, 2);
            long body = number(in, reply + 8, 4);
            require(in[reply + 5] == 0, "data type of a reply");
            require(STATUSES.contains(status), "status of a reply: " + status);
            require(extras == 0 || (extras == 4 && status == 0), "extras of a reply: " + extras);
            require(extras + keyLength <= body, "lengths of a reply: " + extras + ", " + keyLength + ", " + body);
            int most = opcode == STAT ? STAT_MAX : FuzzNode.ITEM_SIZE_MAX + KEY_MAX + extras;
            boolean isWhole = body <= received.length() - reply - HEADER_LENGTH;
            require(body <= most && (isWhole || mayBeCut), "body of a reply: " + body);
            while (!answers(in, reply, sent, request)) {
                request = next(sent, request);
                require(request + HEADER_LENGTH <= sent.length(), "a reply to nothing, opcode " + opcode);
            }
            reply += HEADER_LENGTH + (int) body;
            if (opcode != STAT || body == 0 || status != 0) {
                request = next(sent, request);
            }
        }
    }

    private static boolean answers(byte[] in, int reply, Bytes sent, int request) {
        byte[] out = sent.array();
        return request + HEADER_LENGTH <= sent.length()
                && (out[request] & 0xff) == REQUEST_MAGIC
                && out[request + 1] == in[reply + 1]
                && Arrays.equals(in, reply + 12, reply + 16, out, request + 12, request + 16);
    }

    /** Where the request behind one begins; behind everything when that cannot be told. */
    private static int next(Bytes sent, int request) {
        if (request + HEADER_LENGTH > sent.length()) {
            return sent.length();
        }
        return (int) Math.min(sent.length(), request + HEADER_LENGTH + number(sent.array(), request + 8, 4));
    }

    /** Bytes that the last request lacks, as far as can be told before its header is there; 0 for none. */
    static long missing(Bytes sent) {
        long at = 0;
        while (at + HEADER_LENGTH <= sent.length()) {
            at += HEADER_LENGTH + number(sent.array(), (int) at + 8, 4);
        }
        return at > sent.length() ? at - sent.length() : at < sent.length() ? at + HEADER_LENGTH - sent.length() : 0;
    }

    private static long number(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | (bytes[from + i] & 0xff);
        }
        return value;
    }
}
