package io.karst.appliance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code karst get}, {@code set} and {@code delete} on a server. */
@Timeout(60)
class ItemCommandsTest {
    private static KarstServer server;

    @BeforeAll
    static void start() throws Exception {
        server = KarstServer.start("-m", "64", "-I", "2m");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Told ask(String command, String... words) {
        return feed("", command, words);
    }

    private static Told feed(String input, String command, String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "--server";
        all[1] = "127.0.0.1:" + server.port();
        System.arraycopy(words, 0, all, 2, words.length);
        return Told.run(Map.of(), input, command, all);
    }

    @Test
    void whatIsSetIsGotAndDeleted() {
        assertEquals(new Told(0, "", ""), ask("set", "greeting", "hello"));
        assertEquals(new Told(0, "hello", ""), ask("get", "greeting"));
        assertEquals(new Told(0, "", ""), ask("delete", "greeting"));
        assertEquals(new Told(1, "", "karst: \"greeting\": not found\n"), ask("get", "greeting"));
        assertEquals(new Told(1, "", "karst: \"greeting\": not found\n"), ask("delete", "greeting"));
    }

    @Test
    void aValueFromStdinKeepsEveryByte() {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < 300_000; i++) {
            bytes.append((char) (i * 31 % 256));
        }
        assertEquals(0, feed(bytes.toString(), "set", "bytes").status());
        assertEquals(bytes.toString(), ask("get", "bytes").out());
        assertEquals(0, feed("again\r\n", "set", "bytes", "-").status());
        assertEquals("again\r\n", ask("get", "bytes").out());
        assertEquals(0, feed("", "set", "bytes", "").status());
        assertEquals("", ask("get", "bytes").out());
    }

    @Test
    void flagsAndExptimeArriveAndKeysAreUtf8() throws Exception {
        assertEquals(
                0,
                ask("set", "--flags", "4294967295", "--exptime=100", "k\u00e9y", "v")
                        .status());
        try (RawClient client = server.connect()) {
            client.ask("mg k\u00c3\u00a9y t f v", "VA 1 t100 f4294967295\r\nv");
        }
        assertEquals("v", ask("get", "k\u00e9y").out());
        assertEquals(0, ask("set", "gone", "v", "--exptime", "-1").status());
        assertEquals(1, ask("get", "gone").status());
    }

    @Test
    void wordsThatLookLikeOptionsGoBehindTwoHyphens() {
        assertEquals(0, ask("set", "--", "odd", "--json").status());
        assertEquals("--json", ask("get", "odd").out());
    }

    @Test
    void aRefusalIsTheServersWordAndStatusOne() {
        Told told = feed("x".repeat(3 << 20), "set", "large");
        assertEquals(1, told.status());
        assertEquals(
                "karst: 127.0.0.1:" + server.port() + " answered set with: SERVER_ERROR object too large for cache",
                told.complaint());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    get                        | get: the key is missing. See karst get --help.
                    get a b                    | "b": stray word. See karst get --help.
                    get a_b c d                | "c": stray word. See karst get --help.
                    set                        | set: the key is missing. See karst set --help.
                    set a b --flags x          | --flags="x": use a number from 0 to 4294967295.
                    set a b --exptime 9999999999999 | --exptime="9999999999999": use a number from -1 to 2147483647.
                    get a --server :           | ":": not an address. Write HOST or HOST:PORT.
                    get a --cert x             | --cert and --key go together. Give both, or none.
                    get a --login alice        | --login: there is no password. Name a file with --password-file, or set KARST_PASSWORD.
                    get a --login alice --password-file /none | --password-file="/none": cannot be read.
                    """)
    void wrongWordsAreOneLineAndStatus64(String line, String complaint) {
        String[] words = line.split(" ");
        String[] behind = new String[words.length - 1];
        System.arraycopy(words, 1, behind, 0, behind.length);
        Told told = Told.run(words[0], behind);
        assertEquals("karst: " + complaint, told.complaint());
        assertEquals(64, told.status());
    }

    @Test
    void keysThatNoProtocolCanSayAreRefusedBeforeAnybodyIsAsked() {
        for (String key : new String[] {"", "a b", "a\r\nflush_all", "\u007f", "x".repeat(251), "\u00e9".repeat(126)}) {
            Told told = Told.run("get", "--server", "127.0.0.1:1", key);
            assertEquals(64, told.status(), key);
            assertTrue(told.complaint().contains("not a key"), told.err());
        }
    }

    @Test
    void nobodyThereIsStatus69() {
        Told told = Told.run("get", "--server", "127.0.0.1:1", "a");
        assertEquals(69, told.status());
        assertTrue(told.complaint().startsWith("karst: 127.0.0.1:1: "), told.err());
        assertEquals(
                69, Told.run("get", "--server", "no.such.host.invalid", "a").status());
    }
}
