package io.karst.appliance.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.BinaryClient;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code -v}, {@code -vv} and {@code verbosity} tell a person. */
@Timeout(60)
class VerbosityTest {
    private static final Logger WIRE = Logger.getLogger("io.karst.wire");

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Handler capture = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            lines.add(entry.getMessage().replaceAll("^([<>])\\d+ ", "$1# ").replaceAll(":\\d{4,5}$", ":port"));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        WIRE.addHandler(capture);
        WIRE.setUseParentHandlers(false);
    }

    @AfterEach
    void stopListening() {
        WIRE.removeHandler(capture);
        WIRE.setUseParentHandlers(true);
    }

    private void expect(String... expected) throws InterruptedException {
        for (String line : expected) {
            assertEquals(line, lines.poll(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void twiceShowsCommandsAndRepliesButNoValues() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-vv")) {
            RawClient client = karst.connect();
            client.ask("set a 5 0 7\r\nEND\r\nxy", "STORED");
            client.send("get a none\r\nget a\r\n");
            client.expect("VALUE a 5 7\r\nEND\r\nxy\r\nEND\r\nVALUE a 5 7\r\nEND\r\nxy\r\nEND\r\n");
            client.ask("set big 0 0 200000\r\n" + "v".repeat(200_000), "STORED");
            client.ask("gte a", "ERROR");
            client.send("quit\r\n");
            assertEquals("", client.rest());
            client.close();
            expect("<# new client connection from tcp:127.0.0.1:port");
            expect("<# set a 5 0 7", "># STORED");
            expect("<# get a none", "># sending key a", "># END", "<# get a", "># sending key a", "># END");
            expect("<# set big 0 0 200000", "># STORED");
            expect(
                    "<# gte a",
                    "># ERROR (no such command, or not with these arguments; names are in lower case, help lists them)");
            expect("<# quit", "<# connection closed (normal)");
        }
    }

    @Test
    void twiceShowsMetaCommandsAndTheQuietOnes() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-vv");
                RawClient client = karst.connect()) {
            client.ask("ms a 3 k\r\nxyz", "HD ka");
            client.send("mg a v k\r\nmg none v q\r\nmn\r\nmg a !\r\n");
            client.expect("VA 3 ka\r\nxyz\r\nMN\r\nCLIENT_ERROR invalid flag\r\n");
            expect("<# new client connection from tcp:127.0.0.1:port");
            expect("<# ms a 3 k", "># HD ka", "<# mg a v k", "># VA 3 ka", "<# mg none v q", "<# mn", "># MN");
            expect("<# mg a !", "># CLIENT_ERROR invalid flag (refused)");
        }
    }

    @Test
    void twiceTellsBinaryPacketsInWords() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-vv", "-C");
                BinaryClient client = new BinaryClient(karst.address())) {
            client.ask(0x01, 0, BinaryClient.storing(5, 0), "a\u0007", "secret");
            client.ask(0x0c, 0, "", "a\u0007", "");
            client.send(0x09, 0, "", "none", "");
            client.ask(0x04, 9, "", "none", "");
            client.ask(0x01, 0, BinaryClient.storing(5, 0), "big", "v".repeat(200_000));
            client.ask(0x1b, 0, "", "", "what");
            client.send(0x0b, 0, "", "key", "").answer();
            expect("<# new client connection from tcp:127.0.0.1:port");
            expect("<# SET a\\x07 (6 bytes) opaque 0xabcd0001", "># SET: success");
            expect("<# GETK a\\x07 opaque 0xabcd000c", "># GETK: success a\\x07 (6 bytes)");
            expect("<# GETQ none opaque 0xabcd0009");
            expect("<# DELETE none opaque 0xabcd0004 cas 9", "># DELETE: 0x01 Not found");
            expect("<# SET big (200000 bytes) opaque 0xabcd0001", "># SET: success");
            expect("<# opcode 0x1b (4 bytes) opaque 0xabcd001b", "># opcode 0x1b: 0x81 Unknown command");
            expect("<# VERSION key opaque 0xabcd000b", "># VERSION: 0x04 Invalid arguments");
            expect("<# connection closed (error)");
        }
    }

    @Test
    void onceTellsWhichBinaryRequestWasRefused() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-v");
                BinaryClient client = new BinaryClient(karst.address())) {
            client.ask(0x00, 0, "", "none", "");
            client.ask(0x1b, 0, "", "", "what");
            client.send(0x01, 0, "", "key", "").answer();
            expect("<# opcode 0x1b (4 bytes) opaque 0xabcd001b", "># opcode 0x1b: 0x81 Unknown command");
            expect("<# SET key opaque 0xabcd0001", "># SET: 0x04 Invalid arguments");
        }
    }

    @Test
    void whateverTheBytesTheLogShowsOnlyPrintableOnes() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-vv");
                RawClient client = karst.connect()) {
            client.ask("get \u001b[2J\u0007\u00e9\r{0}\\", "END");
            expect("<# new client connection from tcp:127.0.0.1:port");
            expect("<# get \\x1B[2J\\x07\\xE9\\x0D{0}\\x5C", "># END");
        }
    }

    @Test
    void onceExplainsWhatWasRefused() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-v");
                RawClient client = karst.connect()) {
            client.ask("set a 0 0 1\r\n1", "STORED");
            client.ask("set a 0 0", "CLIENT_ERROR bad command line format");
            client.ask("set a 0 0 1\r\n123", "CLIENT_ERROR bad data chunk");
            expect(
                    "<# set a 0 0",
                    "># CLIENT_ERROR bad command line format (an argument is missing or not a number in its range,"
                            + " or a key is longer than 250 bytes)",
                    "<# set a 0 0 1",
                    "># CLIENT_ERROR bad data chunk (the data is not as long as its command line said, or does not"
                            + " end with \\r\\n)");
        }
    }

    @Test
    void onceExplainsWhyAConnectionCloses() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-v")) {
            for (String bytes : List.of("GET / HTTP/1.1\r\n", "\u0016\u0003\u0001", "x".repeat(3000))) {
                try (RawClient client = karst.connect()) {
                    client.send(bytes);
                    assertEquals("", client.rest());
                }
            }
            expect(
                    "<# GET / HTTP/1.1",
                    "># closing without an answer: somebody speaks HTTP to a cache: a browser, or a proxy gone astray",
                    "<# \\x16\\x03\\x01",
                    "># closing without an answer: these bytes begin a TLS handshake, and this port does not speak TLS",
                    "<# " + "x".repeat(512) + "...",
                    "># closing without an answer: a line longer than 2048 bytes that is no get");
        }
    }

    @Test
    void floodOfNonsenseDoesNotFloodTheLog() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-v", "-t", "1");
                RawClient client = karst.connect()) {
            client.send("nonsense\r\n".repeat(5000)).expect("ERROR\r\n".repeat(5000));
            assertTrue(lines.size() >= 2 && lines.size() <= 1000, "lines: " + lines.size());
        }
    }

    @Test
    void verbosityIsSetWhileRunning() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-t", "1");
                RawClient client = karst.connect()) {
            client.ask("get quiet", "END");
            client.ask("verbosity 2", "OK");
            client.ask("get loud", "END");
            client.ask("verbosity 0", "OK");
            client.ask("get quiet", "END");
            expect("<# get loud", "># END", "<# verbosity 0", "># OK");
            assertEquals(List.of(), List.copyOf(lines));
            assertEquals("0", client.stats("settings").get("verbosity"));
        }
    }
}
