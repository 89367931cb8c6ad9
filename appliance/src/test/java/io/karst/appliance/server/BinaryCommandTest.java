package io.karst.appliance.server;

import static io.karst.appliance.fixture.BinaryClient.adding;
import static io.karst.appliance.fixture.BinaryClient.exptime;
import static io.karst.appliance.fixture.BinaryClient.number;
import static io.karst.appliance.fixture.BinaryClient.packet;
import static io.karst.appliance.fixture.BinaryClient.storing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.BinaryClient;
import io.karst.appliance.fixture.BinaryClient.Answer;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The binary protocol, opcode by opcode, over a socket. */
@Timeout(120)
class BinaryCommandTest {
    private static final int GET = 0x00;
    private static final int SET = 0x01;
    private static final int ADD = 0x02;
    private static final int REPLACE = 0x03;
    private static final int DELETE = 0x04;
    private static final int INCREMENT = 0x05;
    private static final int DECREMENT = 0x06;
    private static final int QUIT = 0x07;
    private static final int FLUSH = 0x08;
    private static final int GETQ = 0x09;
    private static final int NOOP = 0x0a;
    private static final int VERSION = 0x0b;
    private static final int GETK = 0x0c;
    private static final int GETKQ = 0x0d;
    private static final int APPEND = 0x0e;
    private static final int PREPEND = 0x0f;
    private static final int STAT = 0x10;
    private static final int SETQ = 0x11;
    private static final int ADDQ = 0x12;
    private static final int DELETEQ = 0x14;
    private static final int INCREMENTQ = 0x15;
    private static final int QUITQ = 0x17;
    private static final int FLUSHQ = 0x18;
    private static final int TOUCH = 0x1c;
    private static final int GAT = 0x1d;
    private static final int GATQ = 0x1e;
    private static final int SASL_LIST = 0x20;
    private static final int GATK = 0x23;
    private static final int GATKQ = 0x24;
    private static final String FLAGS = "\0\0\0\7";

    private static KarstServer server;
    private BinaryClient client;

    @BeforeAll
    static void start() throws IOException {
        server = KarstServer.start("-m", "64", "-t", "2", "-o", "debug_commands,track_sizes");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() throws IOException {
        client = new BinaryClient(server.address());
        assertEquals("0 ", client.ask(FLUSH, 0, "", "", "").text());
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
    }

    private Answer set(String key, String value) throws IOException {
        return client.ask(SET, 0, storing(7, 0), key, value);
    }

    @Test
    void getsAnswerWithFlagsAndKeyIfAsked() throws IOException {
        long cas = set("k", "value").cas();
        assertNotEquals(0, cas);
        for (int opcode : new int[] {GET, GETQ}) {
            Answer answer = client.ask(opcode, 0, "", "k", "");
            assertEquals("0 " + FLAGS + "value", answer.text());
            assertEquals(cas, answer.cas());
        }
        for (int opcode : new int[] {GETK, GETKQ}) {
            Answer answer = client.ask(opcode, 0, "", "k", "");
            assertEquals("k", answer.key());
            assertEquals("value", answer.value());
        }
        assertEquals("1 Not found", client.ask(GET, 0, "", "nope", "").text());
        Answer miss = client.ask(GETK, 0, "", "nope", "");
        assertEquals("nope", miss.key());
        assertEquals("", miss.value());
    }

    @Test
    void quietGetsAreSilentOnAMiss() throws IOException {
        client.send(GETQ, 0, "", "nope", "").send(GETKQ, 0, "", "nope", "");
        client.send(GATQ, 0, exptime(5), "nope", "").send(GATKQ, 0, exptime(5), "nope", "");
        assertEquals(NOOP, client.send(NOOP, 0, "", "", "").answer().opcode());
    }

    @Test
    void quietChangesAnswerOnlyFailures() throws IOException {
        client.send(SETQ, 0, storing(0, 0), "k", "1").send(INCREMENTQ, 0, adding(1, 0, 0), "k", "");
        client.send(0x19, 0, "", "k", "3").send(0x1a, 0, "", "k", "0").send(0x13, 0, storing(0, 0), "k", "x");
        client.send(0x16, 0, adding(1, 9, 0), "n", "").send(ADDQ, 0, storing(0, 0), "a", "x");
        assertEquals(
                "2 Data exists for key.",
                client.ask(ADDQ, 0, storing(0, 0), "k", "x").text());
        assertEquals(
                "1 Not found", client.ask(0x13, 0, storing(0, 0), "nope", "x").text());
        assertEquals("5 Not stored.", client.ask(0x19, 0, "", "nope", "x").text());
        assertEquals(
                "6 Non-numeric server-side value for incr or decr",
                client.ask(INCREMENTQ, 0, adding(1, 0, 0), "k", "").text());
        client.send(DELETEQ, 0, "", "k", "");
        assertEquals("1 Not found", client.ask(DELETEQ, 0, "", "k", "").text());
        client.send(FLUSHQ, 0, "", "", "");
        assertEquals("1 Not found", client.ask(GET, 0, "", "n", "").text());
        client.send(QUITQ, 0, "", "", "");
        assertTrue(client.isClosed());
    }

    @Test
    void tokenMakesACasOfEveryStorage() throws IOException {
        long cas = set("k", "1").cas();
        for (int opcode : new int[] {SET, ADD, REPLACE}) {
            assertEquals(
                    "2 Data exists for key.",
                    client.ask(opcode, cas + 1, storing(0, 0), "k", "x").text());
            assertEquals(
                    "1 Not found",
                    client.ask(opcode, cas, storing(0, 0), "nope", "x").text());
            Answer stored = client.ask(opcode, cas, storing(0, 0), "k", "2");
            assertEquals("0 ", stored.text());
            cas = stored.cas();
        }
        assertEquals(
                "2 Data exists for key.",
                client.ask(APPEND, cas + 1, "", "k", "x").text());
        assertEquals(
                "2 Data exists for key.",
                client.ask(INCREMENT, cas + 1, adding(1, 0, 0), "k", "").text());
        assertEquals(
                "2 Data exists for key.",
                client.ask(DELETE, cas + 1, "", "k", "").text());
        cas = client.ask(INCREMENT, cas, adding(1, 0, 0), "k", "").cas();
        cas = client.ask(PREPEND, cas, "", "k", "4").cas();
        assertEquals("0 \0\0\0\00043", client.ask(GET, 0, "", "k", "").text());
        assertEquals("0 ", client.ask(DELETE, cas, "", "k", "").text());
    }

    @Test
    void storageWithoutTokenLooksWhetherTheKeyIsThere() throws IOException {
        assertEquals(
                "1 Not found", client.ask(REPLACE, 0, storing(0, 0), "k", "x").text());
        assertEquals("0 ", client.ask(ADD, 0, storing(0, 0), "k", "x").text());
        assertEquals(
                "2 Data exists for key.",
                client.ask(ADD, 0, storing(0, 0), "k", "x").text());
        assertEquals("0 ", client.ask(REPLACE, 0, storing(0, 0), "k", "").text());
        assertEquals("0 \0\0\0\0", client.ask(GET, 0, "", "k", "").text());
        assertEquals("5 Not stored.", client.ask(PREPEND, 0, "", "nope", "x").text());
        assertEquals("1 Not found", client.ask(DELETE, 0, "", "nope", "").text());
    }

    @Test
    void countersAreCreatedUnlessTheExptimeForbidsIt() throws IOException {
        assertEquals(
                "1 Not found",
                client.ask(INCREMENT, 0, adding(1, 5, -1), "n", "").text());
        assertEquals(
                "0 " + number(5),
                client.ask(INCREMENT, 0, adding(1, 5, 100), "n", "").text());
        assertEquals(
                "0 " + number(6),
                client.ask(INCREMENT, 0, adding(1, 5, 0), "n", "").text());
        assertEquals(
                "0 " + number(0),
                client.ask(DECREMENT, 0, adding(7, 5, 0), "n", "").text());
        assertEquals(
                "0 " + number(-1),
                client.ask(INCREMENT, 0, adding(-1, 5, 0), "n", "").text());
        assertEquals(
                "0 " + number(0),
                client.ask(INCREMENT, 0, adding(1, 5, 0), "n", "").text());
    }

    @Test
    void touchesSetTheExptime() throws IOException {
        set("k", "v");
        Answer touched = client.ask(TOUCH, 0, exptime(10), "k", "");
        assertEquals("0 " + FLAGS, touched.text());
        assertNotEquals(0, touched.cas());
        assertEquals(
                "0 " + FLAGS + "v", client.ask(GAT, 0, exptime(20), "k", "").text());
        assertEquals(
                "0 " + FLAGS + "v", client.ask(GATQ, 0, exptime(20), "k", "").text());
        assertEquals(
                "0 " + FLAGS + "kv", client.ask(GATK, 0, exptime(30), "k", "").text());
        assertEquals(
                "0 " + FLAGS + "kv", client.ask(GATKQ, 0, exptime(30), "k", "").text());
        try (RawClient text = server.connect()) {
            String line = text.send("mg k t\r\n").line();
            assertTrue(line.equals("HD t30") || line.equals("HD t29"), line);
            text.ask("debugtime 31", "OK");
        }
        assertEquals("1 Not found", client.ask(TOUCH, 0, exptime(10), "k", "").text());
        assertEquals("1 Not found", client.ask(GAT, 0, exptime(10), "k", "").text());
        assertEquals("k", client.ask(GATK, 0, exptime(10), "k", "").key());
        // No negative exptimes here: this one lies in 2106.
        client.ask(SET, 0, storing(0, -2), "k", "v");
        assertEquals("0 \0\0\0\0v", client.ask(GET, 0, "", "k", "").text());
    }

    @Test
    void flushMayHaveADelay() throws IOException {
        set("k", "v");
        assertEquals("0 ", client.ask(FLUSH, 0, exptime(5), "", "").text());
        assertEquals("0 " + FLAGS + "v", client.ask(GET, 0, "", "k", "").text());
        try (RawClient text = server.connect()) {
            text.ask("debugtime 6", "OK");
        }
        assertEquals("1 Not found", client.ask(GET, 0, "", "k", "").text());
    }

    @Test
    void statisticsComeInPackets() throws IOException {
        set("k", "v");
        assertTrue(stats("").containsKey("curr_items"));
        assertEquals("1", stats("items").get("items:1:number"));
        assertTrue(stats("slabs").containsKey("active_slabs"));
        assertTrue(stats("settings").containsKey("maxbytes"));
        assertEquals(1, stats("sizes").size());
        assertTrue(stats("detail on").isEmpty());
        client.ask(GET, 0, "", "p:k", "");
        assertEquals(
                "PREFIX p get 1 hit 0 set 0 del 0\r\nEND\r\n",
                stats("detail dump").get("detailed"));
        assertTrue(stats("detail off").isEmpty());
        assertTrue(stats("reset").isEmpty());
        assertEquals("1 Not found", client.ask(STAT, 0, "", "nonsense", "").text());
    }

    private Map<String, String> stats(String group) throws IOException {
        Map<String, String> rows = new HashMap<>();
        client.send(STAT, 0, "", group, "");
        for (Answer row = client.answer(); !row.key().isEmpty(); row = client.answer()) {
            assertEquals(0, row.status());
            assertEquals(0xabcd0000 | STAT, row.opaque());
            rows.put(row.key(), row.value());
        }
        return rows;
    }

    @Test
    void versionNoopAndQuit() throws IOException {
        assertTrue(client.ask(VERSION, 0, "", "", "").value().startsWith("1.6.45"));
        assertEquals("0 ", client.ask(NOOP, 0, "", "", "").text());
        assertEquals("0 ", client.ask(QUIT, 0, "", "", "").text());
        assertTrue(client.isClosed());
    }

    @Test
    void unknownOpcodeIsAnsweredAndItsBodySkipped() throws IOException {
        for (int opcode : new int[] {0x1b, 0x1f, SASL_LIST, 0x25, 0x40, 0xff}) {
            Answer answer =
                    client.ask(opcode, 0, "", opcode == SASL_LIST ? "" : "key", opcode == SASL_LIST ? "" : "body");
            assertEquals("129 Unknown command", answer.text());
        }
        assertEquals(
                "129 Unknown command",
                client.ask(0x21, 0, "", "PLAIN", "\0u\0p").text());
        assertEquals("0 ", client.ask(NOOP, 0, "", "", "").text());
    }

    @ParameterizedTest
    @CsvSource({
        // opcode, extras, key, body: what the header claims; everything here is wrong
        "0, 0, 0, 0", "0, 0, 251, 251", "0, 4, 1, 5", "0, 0, 1, 2", "1, 0, 1, 1", "1, 8, 0, 8", "1, 255, 1, 256",
        "4, 1, 1, 2", "4, 0, 1, 2", "5, 19, 1, 20", "5, 20, 1, 22", "7, 0, 1, 1", "8, 3, 0, 3", "8, 4, 1, 5",
        "10, 0, 0, 1", "11, 4, 0, 4", "14, 1, 1, 2", "16, 1, 0, 1", "28, 0, 1, 1", "29, 4, 0, 4", "32, 0, 1, 1",
        "1, 8, 1, 2147483647", "1, 8, 1, -1", "14, 0, 1, -2"
    })
    void lengthsThatCannotBeEndTheConnection(int opcode, int extras, int key, int body) throws IOException {
        byte[] header = packet(opcode, 1, 0, "", "", "");
        header[2] = (byte) (key >>> 8);
        header[3] = (byte) key;
        header[4] = (byte) extras;
        for (int i = 0; i < 4; i++) {
            header[8 + i] = (byte) (body >>> (24 - 8 * i));
        }
        byte[] whole = Arrays.copyOf(header, 24 + Math.max(0, Math.min(body, 600)));
        assertEquals("4 Invalid arguments", client.send(whole).answer().text());
        assertTrue(client.isClosed());
    }

    @Test
    void keyBeyondTheBodyEndsTheConnection() throws IOException {
        byte[] header = packet(GET, 1, 0, "", "", "");
        header[3] = 5;
        assertEquals("129 Unknown command", client.send(header).answer().text());
        assertTrue(client.isClosed());
    }

    @Test
    void valueThatIsTooLargeIsSkippedAndTheOldOneGone() throws IOException {
        set("k", "old");
        String large = "x".repeat(1 << 20);
        assertEquals(
                "3 Too large.", client.ask(SET, 0, storing(0, 0), "k", large).text());
        assertEquals("1 Not found", client.ask(GET, 0, "", "k", "").text());
        set("k", "old");
        assertEquals(
                "3 Too large.", client.ask(ADD, 0, storing(0, 0), "k", large).text());
        assertEquals("3 Too large.", client.ask(APPEND, 0, "", "k", large).text());
        assertEquals("0 " + FLAGS + "old", client.ask(GET, 0, "", "k", "").text());
    }

    @Test
    void statThatIsTooLongIsNoRefusedItem() throws IOException {
        try (RawClient text = server.connect()) {
            long before = text.stat("store_too_large");
            assertEquals(
                    "3 Too large.",
                    client.ask(STAT, 0, "", "", "x".repeat(3000)).text());
            assertEquals("0 ", client.ask(NOOP, 0, "", "", "").text());
            assertEquals(before, text.stat("store_too_large"));
        }
    }

    @Test
    void otherMagicEndsTheConnection() throws IOException {
        byte[] response = packet(GET, 0, 0, "", "k", "");
        response[0] = (byte) 0x81;
        client.send(response);
        assertTrue(client.isClosed());
        try (BinaryClient other = new BinaryClient(server.address())) {
            other.send(response);
            assertTrue(other.isClosed());
        }
    }

    @Test
    void answersDoNotDependOnHowTheBytesArrive() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        String large = "v".repeat(100_000);
        stream.writeBytes(packet(SET, 1, 0, storing(1, 0), "k", "value"));
        stream.writeBytes(packet(GETK, 2, 0, "", "k", ""));
        stream.writeBytes(packet(0x40, 3, 0, "", "k", "unknown"));
        stream.writeBytes(packet(SETQ, 4, 0, storing(1, 0), "large", large));
        stream.writeBytes(packet(GETQ, 5, 0, "", "large", ""));
        stream.writeBytes(packet(SET, 6, 0, storing(0, 0), "k", "x".repeat(1_100_000)));
        stream.writeBytes(packet(STAT, 7, 0, "", "sizes", ""));
        stream.writeBytes(packet(INCREMENT, 8, 0, adding(1, 1, 0), "n", ""));
        stream.writeBytes(packet(NOOP, 9, 0, "", "", ""));
        byte[] bytes = stream.toByteArray();
        Random random = new Random(4);
        for (int round = 0; round < 20; round++) {
            assertEquals("0 ", client.ask(FLUSH, 0, "", "", "").text());
            int longest = round == 0 ? bytes.length : 1 << (random.nextInt(16) + 4);
            Thread sender = new Thread(() -> sendInPieces(bytes, longest));
            sender.start();
            assertEquals("0 ", client.answer().text());
            assertEquals("0 \0\0\0\1kvalue", client.answer().text());
            assertEquals("129 Unknown command", client.answer().text());
            Answer answer = client.answer();
            assertEquals(5, answer.opaque());
            assertEquals(large, answer.value());
            assertEquals("3 Too large.", client.answer().text());
            assertEquals(7, client.answer().opaque());
            assertEquals("0 ", client.answer().text());
            assertEquals("0 " + number(1), client.answer().text());
            assertEquals(9, client.answer().opaque());
        }
    }

    private void sendInPieces(byte[] bytes, int longest) {
        Random random = new Random(longest);
        try {
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(longest));
                client.send(Arrays.copyOfRange(bytes, at, at + length));
                at += length;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void getAndTouchThatEndsItsItemAnswersItsValue() throws IOException {
        String value = "v".repeat(60_000);
        for (int i = 0; i < 10; i++) {
            client.send(SET, 0, storing(0, 0), "k" + i, value);
            assertEquals("0 ", client.answer().text());
        }
        for (int i = 0; i < 10; i++) {
            // 1970: over at once
            client.send(GAT, 0, exptime(2_592_001), "k" + i, "");
        }
        for (int i = 0; i < 10; i++) {
            assertEquals(value, client.answer().value());
        }
        assertEquals("1 Not found", client.ask(GET, 0, "", "k5", "").text());
    }

    @Test
    void manyLargeValuesArriveWhole() throws IOException {
        String value = "v".repeat(1_000_000);
        set("k", value);
        for (int i = 0; i < 40; i++) {
            client.send(GET, 0, "", "k", "");
        }
        for (int i = 0; i < 40; i++) {
            assertEquals(value, client.answer().value());
        }
    }
}
