package io.karst.appliance.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code karst warm} from the memcached that the distribution has. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WarmIT {
    /** How it ended and what it said. */
    private record Outcome(int status, String out, String err) {}

    @Test
    void itemsArriveWithFlagsAndRemainingTime() throws Exception {
        try (ServerProcess memcached = ServerProcess.memcached("-m", "256");
                KarstServer karst = KarstServer.start("-m", "256");
                RawClient source = memcached.connect();
                RawClient target = karst.connect()) {
            int many = 20_000;
            StringBuilder burst = new StringBuilder();
            for (int i = 0; i < many; i++) {
                burst.append("set key-" + i + " " + i + " 0 6 noreply\r\n" + (100_000 + i) + "\r\n");
            }
            source.send(burst.toString()).ask("get none", "END");
            source.ask("set p%\u00e9 7 1000 3\r\nabc", "STORED");
            source.ask("set long 0 5000000 1\r\n1", "STORED");
            source.ask("set far 0 " + (source.stat("time") + 9_000_000) + " 1\r\n1", "STORED");
            source.ask("set empty 0 0 0\r\n", "STORED");
            source.ask("set big 1 0 900000\r\n" + "b".repeat(900_000), "STORED");
            source.ask("set mine 0 0 3\r\nold", "STORED");
            target.ask("set mine 0 0 3\r\nnew", "STORED");

            Outcome outcome = warm(memcached.port(), karst.port());
            assertEquals(0, outcome.status(), outcome.err());
            // 5000000 is a time in 1970: memcached stored an item that had expired, and lists none.
            assertTrue(outcome.out().contains((many + 4) + " of " + (many + 5) + " items copied"), outcome.out());
            assertTrue(outcome.out().contains(" 1 already there"), outcome.out());

            for (int i = 0; i < many; i += 997) {
                target.ask("get key-" + i, "VALUE key-" + i + " " + i + " 6\r\n" + (100_000 + i) + "\r\nEND");
            }
            target.ask("get p%\u00e9", "VALUE p%\u00e9 7 3\r\nabc\r\nEND");
            target.ask("get empty", "VALUE empty 0 0\r\n\r\nEND");
            target.ask("get mine", "VALUE mine 0 3\r\nnew\r\nEND");
            target.ask("get big", "VALUE big 1 900000\r\n" + "b".repeat(900_000) + "\r\nEND");
            assertClose(expiry(source, "p%25%E9"), expiry(target, "p%25%E9"));
            assertClose(expiry(source, "far"), expiry(target, "far"));
            assertEquals(-1, expiry(target, "empty"));

            assertEquals(0, warm(memcached.port(), karst.port(), "--overwrite").status());
            target.ask("get mine", "VALUE mine 0 3\r\nold\r\nEND");
        }
    }

    /** Both clocks are cut to seconds, and so are the two times to live. */
    private static void assertClose(long expected, long actual) {
        assertTrue(Math.abs(expected - actual) <= 2, expected + " and " + actual);
    }

    private static long expiry(RawClient client, String encodedKey) throws IOException {
        for (String line : client.lines("lru_crawler metadump all")) {
            if (line.startsWith("key=" + encodedKey + " exp=")) {
                return Long.parseLong(line.split("[ =]")[3]);
            }
        }
        throw new AssertionError("no " + encodedKey);
    }

    @Test
    void karstCanBeTheSource() throws Exception {
        try (KarstServer from = KarstServer.start("-m", "64");
                KarstServer to = KarstServer.start("-m", "64");
                RawClient source = from.connect();
                RawClient target = to.connect()) {
            source.ask("set a 3 0 1\r\n1", "STORED");
            assertEquals(0, warm(from.port(), to.port()).status());
            target.ask("get a", "VALUE a 3 1\r\n1\r\nEND");
        }
    }

    @Test
    void refusedItemsAreAnError() throws Exception {
        try (KarstServer from = KarstServer.start("-m", "64");
                KarstServer to = KarstServer.start("-m", "64", "-I", "100k");
                RawClient source = from.connect();
                RawClient target = to.connect()) {
            source.ask("set small 0 0 1\r\n1", "STORED");
            source.ask("set big 0 0 200000\r\n" + "b".repeat(200_000), "STORED");
            Outcome outcome = warm(from.port(), to.port());
            assertEquals(1, outcome.status());
            assertTrue(outcome.out().contains("1 of 2 items copied"), outcome.out());
            String complaint = "refused 1 items, the last with: SERVER_ERROR object too large for cache";
            assertTrue(outcome.err().contains(complaint), outcome.err());
            target.ask("get small big", "VALUE small 0 1\r\n1\r\nEND");
        }
    }

    @Test
    void whatGoesWrongIsOneLine() throws Exception {
        try (KarstServer secretive = KarstServer.start("-m", "64", "-X");
                KarstServer karst = KarstServer.start("-m", "64")) {
            Outcome refused = warm(secretive.port(), karst.port());
            assertEquals(69, refused.status());
            assertTrue(refused.err().contains("does not list its keys: ERROR metadump not allowed"), refused.err());
            Outcome nobody = warm(1, karst.port());
            assertEquals(69, nobody.status());
            assertTrue(nobody.err().startsWith("karst: warm from 127.0.0.1:1 "), nobody.err());
            assertEquals(1, nobody.err().lines().count(), nobody.err());
        }
        assertEquals(64, run(List.of()).status());
        assertEquals(64, run(List.of("--from", "nonsense")).status());
        assertEquals(64, run(List.of("--form", "a:1")).status());
        assertEquals(0, run(List.of("--help")).status());
    }

    @Test
    void theProcessTakesTheWord() throws Exception {
        List<String> command = new ArrayList<>(ServerProcess.karstCommand(List.of(), "-p"));
        command.set(command.indexOf("-p"), "warm");
        command.add("--help");
        Tools.Outcome outcome = Tools.run(command);
        assertEquals(0, outcome.status(), outcome.out());
        assertTrue(outcome.out().startsWith("usage: karst warm"), outcome.out());
    }

    private static Outcome warm(int from, int to, String... more) {
        List<String> words = new ArrayList<>(List.of("--from", "127.0.0.1:" + from, "--to", "127.0.0.1:" + to));
        words.addAll(List.of(more));
        return run(words);
    }

    private static Outcome run(List<String> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new WarmCommand(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(words);
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
