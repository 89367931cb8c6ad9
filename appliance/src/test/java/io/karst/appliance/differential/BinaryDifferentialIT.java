package io.karst.appliance.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.BinaryClient;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.ServerProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The same seeded random binary requests to Karst and to the distribution's memcached, whole and broken; behind every request
 * stands a NoOp, so that answers belong to requests. A request that ends the connection ends its chunk.
 */
@Timeout(900)
class BinaryDifferentialIT {
    private static final int REQUESTS = Integer.getInteger("differential.commands", 1_000_000) * 3 / 10;
    private static final int CHUNK = 40;
    private static final int SHOWN_MAX = 20;
    private static final int NOOP = 0x0a;
    private static final int DELETE = 0x04;
    private static final int LAST = 0x7fffffff;
    private static final String[] KEYS = {"b0", "b1", "b2", "b3", "b4", "\u00e9\u0000\n", "k".repeat(250)};

    private record Request(
            int opcode, long cas, String extras, String key, String value, boolean usesToken, boolean ends) {
        byte[] packet(int opaque, Map<String, Long> tokens) {
            long token = usesToken ? tokens.getOrDefault(key, Tokens.WRONG) : cas;
            return BinaryClient.packet(opcode, opaque, token, extras, key, value);
        }

        String shown() {
            return String.format(
                    "0x%02x cas=%s extras=%s key=%s value=%s",
                    opcode, usesToken ? "token" : cas, Step.visible(extras), Step.visible(key), Step.visible(value));
        }
    }

    private final Map<String, String> unexplained = new TreeMap<>();
    private final List<List<Request>> chunks = new ArrayList<>();
    private int compared;
    private int unrepeatable;

    @Test
    void binary() throws Exception {
        long seed = Long.getLong("seed", 17);
        Random random = new Random(seed);
        try (ServerProcess memcached = ServerProcess.memcached("-m", "64", "-o", DifferentialIT.QUIET);
                KarstServer karst = KarstServer.start("-m", "64");
                Side theirs = new Side(
                        "memcached", new InetSocketAddress(InetAddress.getLoopbackAddress(), memcached.port()));
                Side ours = new Side("karst", karst.address())) {
            while (compared < REQUESTS && unexplained.size() < SHOWN_MAX) {
                List<Request> chunk = chunk(random);
                compared += chunk.size();
                chunks.add(chunk);
                String difference = exchange(chunk, theirs, ours);
                if (difference != null) {
                    repeat(theirs, ours);
                    forget(theirs);
                    forget(ours);
                    chunks.clear();
                }
            }
        }
        System.out.printf(
                "differential binary: %,d requests, seed %d, %d not repeatable%n", compared, seed, unrepeatable);
        assertEquals("", String.join("\n", unexplained.values()), "-Dseed=" + seed);
        assertTrue(unrepeatable <= REQUESTS / 20_000, unrepeatable + " differences that did not come again");
    }

    private static List<Request> chunk(Random random) {
        List<Request> chunk = new ArrayList<>();
        List<String> read = new ArrayList<>();
        for (int i = 0; i < CHUNK; i++) {
            Request request = request(random);
            boolean isCounter =
                    request.opcode == 5 || request.opcode == 6 || request.opcode == 0x15 || request.opcode == 0x16;
            if (isCounter && read.contains(request.key)) {
                // As in DifferentialIT: memcached's reply still holds the item that was read.
                continue;
            }
            read.add(request.key);
            chunk.add(request);
            if (request.ends) {
                break;
            }
        }
        return chunk;
    }

    /** The first difference, or null; afterwards both connections can be used. */
    private static @Nullable String exchange(List<Request> chunk, Side theirs, Side ours) throws IOException {
        Map<String, Long> theirTokens = tokens(theirs);
        Map<String, Long> ourTokens = tokens(ours);
        ByteArrayOutputStream toThem = new ByteArrayOutputStream();
        ByteArrayOutputStream toUs = new ByteArrayOutputStream();
        for (int i = 0; i < chunk.size(); i++) {
            toThem.writeBytes(chunk.get(i).packet(2 * i, theirTokens));
            toUs.writeBytes(chunk.get(i).packet(2 * i, ourTokens));
            byte[] noop = BinaryClient.packet(NOOP, 2 * i + 1, 0, "", "", "");
            toThem.writeBytes(noop);
            toUs.writeBytes(noop);
        }
        byte[] last = BinaryClient.packet(NOOP, LAST, 0, "", "", "");
        toThem.writeBytes(last);
        toUs.writeBytes(last);
        theirs.send(toThem.toByteArray());
        ours.send(toUs.toByteArray());
        byte[] lastAnswer = last.clone();
        lastAnswer[0] = (byte) 0x81;
        List<String> theirAnswers = answers(theirs.until(lastAnswer));
        List<String> ourAnswers = answers(ours.until(lastAnswer));
        if (chunk.get(chunk.size() - 1).ends) {
            theirs.reconnect();
            ours.reconnect();
        }
        return theirAnswers.equals(ourAnswers) ? null : shown(chunk, theirAnswers, ourAnswers);
    }

    /**
     * Reports a difference that comes again when everything since the last common state is repeated. One that does not is
     * memcached's own, as in DifferentialIT: its background threads, or answers lost to the reset of a connection.
     */
    private void repeat(Side theirs, Side ours) throws IOException {
        forget(theirs);
        forget(ours);
        for (List<Request> chunk : chunks) {
            String again = exchange(chunk, theirs, ours);
            if (again != null) {
                unexplained.putIfAbsent(again.replaceAll("[0-9]+", "9"), again);
                return;
            }
        }
        unrepeatable++;
    }

    private static void forget(Side side) throws IOException {
        side.reconnect();
        ByteArrayOutputStream deletes = new ByteArrayOutputStream();
        for (String key : KEYS) {
            deletes.writeBytes(BinaryClient.packet(DELETE, 0, 0, "", key, ""));
        }
        byte[] last = BinaryClient.packet(NOOP, LAST, 0, "", "", "");
        deletes.writeBytes(last);
        side.send(deletes.toByteArray());
        last[0] = (byte) 0x81;
        side.until(last);
    }

    private static String shown(List<Request> chunk, List<String> theirs, List<String> ours) {
        int at = 0;
        while (at < theirs.size() && at < ours.size() && theirs.get(at).equals(ours.get(at))) {
            at++;
        }
        String theirAnswer = at < theirs.size() ? theirs.get(at) : "(end)";
        String ourAnswer = at < ours.size() ? ours.get(at) : "(end)";
        int opaque = Integer.parseInt((theirAnswer + " opaque=2147483646").replaceAll(".*?opaque=(\\d+).*", "$1"));
        Request request = chunk.get(Math.min(chunk.size() - 1, opaque / 2));
        List<String> before = chunk.subList(0, Math.min(chunk.size() - 1, opaque / 2)).stream()
                .filter(earlier -> earlier.key.equals(request.key))
                .map(Request::shown)
                .toList();
        return "request: " + request.shown() + "\n theirs: " + theirAnswer + "\n   ours: " + ourAnswer + "\n  after: "
                + String.join("\n         ", before);
    }

    /**
     * Each packet as text; CAS tokens only as there or not. Without spaces: whether a number that became shorter is padded
     * depends, in memcached, on who else holds its item.
     */
    private static List<String> answers(byte[] received) {
        List<String> answers = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(received);
        while (bytes.remaining() >= 24) {
            ByteBuffer packet = bytes.slice();
            int length = 24 + packet.getInt(8);
            if (length > packet.remaining()) {
                answers.add("half a packet");
                break;
            }
            String body = new String(received, bytes.position() + 24, length - 24, StandardCharsets.ISO_8859_1);
            answers.add(String.format(
                    "magic=%02x opcode=%02x key=%d extras=%d status=%d opaque=%d cas=%s %s",
                    packet.get(0) & 0xff,
                    packet.get(1) & 0xff,
                    packet.getShort(2),
                    packet.get(4),
                    packet.getShort(6),
                    packet.getInt(12),
                    packet.getLong(16) == 0 ? "no" : "yes",
                    packet.get(1) == 0x0b ? "version" : Step.visible(body.replace(" ", ""))));
            bytes.position(bytes.position() + length);
        }
        return answers;
    }

    private static Map<String, Long> tokens(Side side) throws IOException {
        ByteArrayOutputStream gets = new ByteArrayOutputStream();
        for (String key : KEYS) {
            gets.writeBytes(BinaryClient.packet(0x0d, 0, 0, "", key, ""));
        }
        byte[] last = BinaryClient.packet(NOOP, LAST, 0, "", "", "");
        gets.writeBytes(last);
        side.send(gets.toByteArray());
        byte[] lastAnswer = last.clone();
        lastAnswer[0] = (byte) 0x81;
        ByteBuffer bytes = ByteBuffer.wrap(side.until(lastAnswer));
        Map<String, Long> tokens = new HashMap<>();
        while (bytes.remaining() >= 24) {
            int start = bytes.position();
            int keyLength = bytes.getShort(start + 2);
            int extrasLength = bytes.get(start + 4);
            if (keyLength > 0) {
                byte[] key = new byte[keyLength];
                bytes.get(start + 24 + extrasLength, key);
                tokens.put(new String(key, StandardCharsets.ISO_8859_1), bytes.getLong(start + 16));
            }
            bytes.position(start + 24 + bytes.getInt(start + 8));
        }
        return tokens;
    }

    private static Request request(Random random) {
        int keyIndex = random.nextInt(KEYS.length);
        String key = KEYS[keyIndex];
        // Apart: what stands behind a number's padding depends on the padding.
        String counter = KEYS[keyIndex / 2];
        String longer = KEYS[KEYS.length / 2 + 1 + keyIndex % (KEYS.length / 2)];
        boolean usesToken = random.nextInt(4) == 0;
        long cas = random.nextInt(8) == 0 ? Tokens.WRONG : 0;
        String value = random.nextInt(40) == 0 ? "v".repeat(random.nextInt(30_000)) : TextSteps.value(random);
        int exptime = new int[] {0, 0, 0, 1000, 2_592_001, -1}[random.nextInt(6)];
        if (random.nextInt(150) == 0) {
            return broken(random, key);
        }
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> new Request(pick(random, 0x00, 0x09, 0x0c, 0x0d), 0, "", key, "", false, false);
            case 3, 4, 5, 6 ->
                new Request(
                        pick(random, 0x01, 0x02, 0x03, 0x11, 0x12, 0x13),
                        cas,
                        BinaryClient.storing(random.nextInt(3) * 5, exptime == -1 ? 0 : exptime),
                        key,
                        value,
                        usesToken,
                        false);
            case 7, 8 ->
                new Request(
                        pick(random, 0x0e, 0x0f, 0x19, 0x1a),
                        cas,
                        "",
                        longer,
                        value.substring(0, Math.min(100, value.length())),
                        usesToken,
                        false);
            case 9 -> new Request(pick(random, 0x04, 0x14), cas, "", key, "", usesToken, false);
            case 10, 11 ->
                new Request(
                        pick(random, 0x05, 0x06, 0x15, 0x16),
                        cas,
                        BinaryClient.adding(
                                new long[] {1, 7, 1_000_000_007}[random.nextInt(3)], random.nextInt(20), exptime),
                        counter,
                        "",
                        usesToken,
                        false);
            case 12, 13 ->
                new Request(
                        pick(random, 0x1c, 0x1d, 0x1e, 0x23, 0x24),
                        0,
                        BinaryClient.exptime(exptime == -1 ? 0 : exptime),
                        key,
                        "",
                        false,
                        false);
            case 14 -> new Request(pick(random, 0x0a, 0x0b, 0x1b, 0x1f, 0x25, 0x40, 0x20), 0, "", "", "", false, false);
            default ->
                new Request(
                        0x10,
                        0,
                        "",
                        new String[] {"nonsense", "reset", "detail on", "detail off", "detail x"}[random.nextInt(5)],
                        "",
                        false,
                        false);
        };
    }

    private static Request broken(Random random, String key) {
        String large = "x".repeat(1 << 20);
        return switch (random.nextInt(8)) {
            case 0 -> new Request(random.nextInt(0x1b), 0, "abc", key, "", false, true);
            case 1 -> new Request(pick(random, 0, 4, 9, 0x0c), 0, "", "", "", false, true);
            case 2 -> new Request(pick(random, 0, 4, 5, 0x1c), 0, "", key, "more", false, true);
            case 3 -> new Request(pick(random, 1, 2, 3), 0, "", key, "x", false, true);
            case 4 -> new Request(pick(random, 0, 1, 4), 0, "", "K".repeat(251), "", false, true);
            case 5 -> new Request(pick(random, 0x07, 0x17), 0, "", "", "", false, true);
            case 6 -> new Request(pick(random, 1, 2, 3), 0, BinaryClient.storing(0, 0), key, large, false, false);
            default -> new Request(pick(random, 0x0e, 0x0f), 0, "", key, large, false, false);
        };
    }

    private static int pick(Random random, int... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
