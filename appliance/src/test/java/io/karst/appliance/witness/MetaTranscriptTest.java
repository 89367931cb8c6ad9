package io.karst.appliance.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Meta sessions recorded from memcached 1.6.45, played against our server: whole lines, byte by byte, in random pieces. CAS
 * tokens are compared by which of them are equal, times to a second.
 */
@Timeout(120)
class MetaTranscriptTest {
    private record Exchange(String sent, List<String> answer, int sleepSeconds) {}

    private static KarstServer server;

    @BeforeAll
    static void start() throws IOException {
        server = KarstServer.start("-m", "64", "-o", "debug_commands");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "meta-arith",
                "meta-base64",
                "meta-delete-x",
                "meta-explicit-cas",
                "meta-facts",
                "meta-quiet",
                "meta-set-autoviv",
                "meta-stale-win"
            })
    void serverAnswersAsMemcached1645Did(String name) throws IOException {
        List<Exchange> session = read(name);
        Random random = new Random(name.hashCode());
        for (int pieces = 0; pieces < 8; pieces++) {
            play(session, pieces == 0 ? Integer.MAX_VALUE : pieces == 1 ? 1 : 2 + random.nextInt(30));
        }
    }

    private static List<Exchange> read(String name) throws IOException {
        List<Exchange> session = new ArrayList<>();
        StringBuilder sent = new StringBuilder();
        List<String> answer = new ArrayList<>();
        for (String line :
                Files.readAllLines(Tools.assumeShared("transcripts/" + name + ".txt"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(">") || line.startsWith("@")) {
                if (!answer.isEmpty()) {
                    session.add(new Exchange(sent.toString(), answer, 0));
                    sent.setLength(0);
                    answer = new ArrayList<>();
                }
                if (line.startsWith("@sleep ")) {
                    session.add(new Exchange("", List.of(), (int) Double.parseDouble(line.substring(7))));
                } else {
                    sent.append(line, 2, line.length()).append("\r\n");
                }
            } else if (line.startsWith("<")) {
                answer.add(line.length() < 2 ? "" : line.substring(2));
            }
        }
        session.add(new Exchange(sent.toString(), answer, 0));
        return session;
    }

    private static void play(List<Exchange> session, int pieceLength) throws IOException {
        Map<String, String> theirTokens = new HashMap<>();
        Map<String, String> ourTokens = new HashMap<>();
        try (RawClient client = server.connect();
                RawClient clock = server.connect()) {
            client.ask("flush_all", "OK");
            for (Exchange exchange : session) {
                if (exchange.sleepSeconds() > 0) {
                    clock.ask("debugtime " + exchange.sleepSeconds(), "OK");
                }
                String sent = exchange.sent();
                for (int i = 0; i < sent.length(); i += pieceLength) {
                    client.send(sent.substring(i, (int) Math.min(sent.length(), (long) i + pieceLength)));
                    if (pieceLength < 4) {
                        // So that the pieces arrive as such: answered on another connection, the loop has turned.
                        clock.ask("mn", "MN");
                    }
                }
                for (String expected : exchange.answer()) {
                    if (!expected.equals("(nothing)")) {
                        assertAlike(sent, expected, client.line(), theirTokens, ourTokens);
                    }
                }
            }
            client.ask("mn", "MN");
        }
    }

    private static void assertAlike(
            String sent, String theirs, String ours, Map<String, String> theirTokens, Map<String, String> ourTokens) {
        String[] expected = theirs.split(" ", -1);
        String[] actual = ours.split(" ", -1);
        String context = sent + "expected: " + theirs + "\nactual:   " + ours;
        assertEquals(expected.length, actual.length, context);
        for (int i = 0; i < expected.length; i++) {
            if (expected[i].matches("c\\d+|cas=\\d+")) {
                assertEquals(
                        theirTokens.computeIfAbsent(expected[i].replace("cas=", "c"), t -> "#" + theirTokens.size()),
                        ourTokens.computeIfAbsent(actual[i].replace("cas=", "c"), t -> "#" + ourTokens.size()),
                        context);
            } else if (expected[i].matches("t\\d+")) {
                assertEquals(kind(expected[i]), kind(actual[i]), context);
                assertTrue(Math.abs(number(expected[i]) - number(actual[i])) <= 1, context);
            } else if (expected[i].matches("l\\d+|la=\\d+")) {
                // memcached notes an access once a minute at most, and so shows an older one than the last; we do not.
                assertEquals(kind(expected[i]), kind(actual[i]), context);
                assertTrue(number(actual[i]) <= number(expected[i]) + 1, context);
            } else {
                assertEquals(expected[i], actual[i], context);
            }
        }
    }

    private static String kind(String token) {
        return token.replaceAll("\\d+$", "");
    }

    private static long number(String token) {
        return Long.parseLong(token.replaceAll("^\\D+", ""));
    }
}
