package io.karst.appliance.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code lru_crawler metadump} and {@code mgdump}: their form, and that others go on working meanwhile. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class KeyDumpTest {
    private static final Pattern META_LINE = Pattern.compile(
            "key=(\\S+) exp=(-1|\\d+) la=(\\d+) cas=(\\d+) fetch=(yes|no) cls=([12]) size=(\\d+) flags=(\\d+) ");
    private static final String MEMCACHED_TOOL = "/usr/share/memcached/scripts/memcached-tool";

    @Test
    void metadumpShowsEveryFactOfAnItem() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient client = karst.connect()) {
            long before = client.stat("time");
            client.ask("set a\u00e9%b 7 100 3\r\nabc", "STORED");
            client.ask("set read 0 0 1\r\n1", "STORED");
            client.ask("get read", "VALUE read 0 1\r\n1\r\nEND");
            client.ask("set large 0 0 50000\r\n" + "v".repeat(50_000), "STORED");
            String cas = client.lines("gets a\u00e9%b").get(0).split(" ")[4];

            Map<String, Matcher> lines = dump(client, "lru_crawler metadump all");
            long now = client.stat("time");
            assertEquals(Set.of("a%E9%25b", "read", "large"), lines.keySet());
            Matcher odd = lineOf(lines, "a%E9%25b");
            long exp = Long.parseLong(odd.group(2));
            assertTrue(exp >= before + 100 && exp <= now + 100, odd.group());
            long la = Long.parseLong(odd.group(3));
            assertTrue(la >= before - 1 && la <= now, odd.group());
            assertEquals(cas, odd.group(4));
            assertEquals("1", odd.group(6));
            // 48 bytes of header, 8 of cas, 4 of flags, key with NUL, value with line end: what memcached counts.
            assertEquals(48 + 8 + 4 + 5 + 5, Integer.parseInt(odd.group(7)));
            assertEquals("7", odd.group(8));
            assertEquals("-1", lineOf(lines, "read").group(2));
            assertEquals("yes", lineOf(lines, "read").group(5));
            assertEquals("no", lineOf(lines, "large").group(5));
            assertEquals("2", lineOf(lines, "large").group(6));
        }
    }

    @Test
    void metadumpShowsTokensUnsigned() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient client = karst.connect()) {
            client.ask("ms k 1 E18446744073709551615\r\nx", "HD");
            Map<String, Matcher> lines = dump(client, "lru_crawler metadump all");
            assertEquals("18446744073709551615", lineOf(lines, "k").group(4));
        }
    }

    @ParameterizedTest
    @CsvSource({"all, 2", "hash, 2", "1, 1", "2, 1", "'1,2', 2", "3, 0", "'3,62', 0", "'1,9', 1"})
    void classesChooseItems(String classes, int expected) throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient client = karst.connect()) {
            client.ask("set small 0 0 1\r\n1", "STORED");
            client.ask("set large 0 0 50000\r\n" + "v".repeat(50_000), "STORED");
            assertEquals(
                    expected, dump(client, "lru_crawler metadump " + classes).size());
        }
    }

    @Test
    void wrongArgumentsAreAnsweredAsMemcachedDoes() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient client = karst.connect()) {
            for (String classes : List.of("foo", "0", "64", "99", "1,foo", "-1")) {
                client.ask("lru_crawler metadump " + classes, "BADCLASS invalid class id");
                client.ask("lru_crawler mgdump " + classes, "BADCLASS invalid class id");
            }
            client.ask("lru_crawler crawl foo", "BADCLASS invalid class id");
            client.ask("lru_crawler metadump", "ERROR");
            client.ask("lru_crawler metadump all x", "ERROR");
            client.ask("lru_crawler metadump all limit=x", "CLIENT_ERROR bad command line format");
            client.ask("lru_crawler metadump all cursor=99999999999999999999", "CLIENT_ERROR bad command line format");
            client.ask("lru_crawler metadump all", "OK\r\nEND");
            client.ask("lru_crawler mgdump all", "OK\r\nEN");
        }
        try (KarstServer karst = KarstServer.start("-m", "64", "-X");
                RawClient client = karst.connect()) {
            client.ask("lru_crawler metadump all", "ERROR metadump not allowed");
            client.ask("lru_crawler mgdump all", "ERROR key dump not allowed");
        }
    }

    @Test
    void mgdumpGivesLinesToSendBack() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient client = karst.connect()) {
            client.ask("set one 0 0 1\r\n1", "STORED");
            client.ask("lru_crawler mgdump hash", "OK\r\nmg one\r\nEN");
        }
    }

    @Test
    void limitAndCursorListEverythingInPieces() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient client = karst.connect()) {
            fill(client, 5_000);
            Set<String> keys = new HashSet<>();
            String cursor = "0";
            int pieces = 0;
            while (!cursor.isEmpty()) {
                client.send("lru_crawler metadump all limit=300 cursor=" + cursor + "\r\n")
                        .expect("OK\r\n");
                String line = client.line();
                for (; !line.startsWith("END"); line = client.line()) {
                    assertTrue(keys.add(key(line)), line);
                }
                cursor = line.substring("END".length()).trim();
                pieces++;
            }
            assertEquals(5_000, keys.size());
            assertTrue(pieces >= 10 && pieces <= 17, "in " + pieces + " pieces");
        }
    }

    /** One loop, so that the dump and the other connection take turns. */
    @Test
    void everyLastingItemIsDumpedOnceWhileOthersWork() throws Exception {
        int lasting = 200_000;
        try (KarstServer karst = KarstServer.start("-m", "256", "-t", "1", "-o", "large=20");
                RawClient client = karst.connect();
                RawClient other = karst.connect()) {
            fill(client, lasting);
            client.send("lru_crawler metadump all\r\n").expect("OK\r\n");
            AtomicBoolean isDumped = new AtomicBoolean();
            List<Throwable> failures = new ArrayList<>();
            int[] rounds = {0};
            Thread worker = new Thread(() -> {
                try {
                    while (!isDumped.get() || rounds[0] == 0) {
                        work(other, rounds[0]++);
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            });
            worker.start();
            Map<String, Integer> seen = new HashMap<>();
            for (String line = client.line(); !line.equals("END"); line = client.line()) {
                seen.merge(key(line), 1, Integer::sum);
            }
            isDumped.set(true);
            worker.join();
            assertEquals(List.of(), failures);
            assertTrue(rounds[0] > 10, "the other connection had its turn " + rounds[0] + " times");
            for (int i = 0; i < lasting; i++) {
                assertEquals(1, seen.get("key-" + i), "key-" + i);
            }
        }
    }

    /** Stores, overwrites with a longer value, deletes. */
    private static void work(RawClient client, int round) throws IOException {
        String value = "w".repeat(round % 3 == 0 ? 30_000 : 40);
        client.ask("set key-" + round * 37 % 1000 + " 0 0 " + value.length() + "\r\n" + value, "STORED");
        client.ask("set passing-" + round + " 0 0 1\r\n1", "STORED");
        client.ask("delete passing-" + round, "DELETED");
    }

    /** Nothing piles up in the server for a client that does not read, and nobody waits for it. */
    @Test
    void clientThatDoesNotReadHoldsNobodyUp() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "256", "-t", "1");
                RawClient silent = karst.connect();
                RawClient other = karst.connect()) {
            fill(other, 150_000);
            silent.send("lru_crawler metadump all\r\n");
            for (int i = 0; i < 200; i++) {
                other.ask("get key-" + i, "VALUE key-" + i + " 0 1\r\n1\r\nEND");
            }
            silent.expect("OK\r\n");
            int lines = 0;
            for (String line = silent.line(); !line.equals("END"); line = silent.line()) {
                lines++;
            }
            assertEquals(150_000, lines);
        }
    }

    @Test
    void memcachedToolWorks() throws Exception {
        assumeTrue(Files.isReadable(Path.of(MEMCACHED_TOOL)), "no memcached-tool");
        Tools.assumeTool("perl");
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient client = karst.connect()) {
            client.ask("set plain 5 0 3\r\nabc", "STORED");
            client.ask("set per%cent 0 0 2\r\nxy", "STORED");
            String address = "127.0.0.1:" + karst.port();
            String dump = Tools.run("perl", MEMCACHED_TOOL, address, "dump").out();
            assertTrue(dump.contains("add plain 5 0 3\r\nabc\r\n"), dump);
            assertTrue(dump.contains("add per%cent 0 0 2\r\nxy\r\n"), dump);
            String keys = Tools.run("perl", MEMCACHED_TOOL, address, "keys").out();
            assertTrue(keys.contains("key=plain exp=-1 "), keys);
            String stats = Tools.run("perl", MEMCACHED_TOOL, address, "stats").out();
            assertTrue(Pattern.compile("curr_items +2\\s").matcher(stats).find(), stats);
            String display =
                    Tools.run("perl", MEMCACHED_TOOL, address, "display").out();
            assertTrue(
                    Pattern.compile("(?m)^ +1 +\\S+ +\\d+s +\\d+ +2 ")
                            .matcher(display)
                            .find(),
                    display);
        }
    }

    private static void fill(RawClient client, int count) throws IOException {
        StringBuilder commands = new StringBuilder();
        for (int i = 0; i < count; i++) {
            commands.append("set key-").append(i).append(" 0 0 1 noreply\r\n1\r\n");
            if (commands.length() > 60_000 || i == count - 1) {
                client.send(commands.toString());
                commands.setLength(0);
            }
        }
        client.ask("get key-" + (count - 1), "VALUE key-" + (count - 1) + " 0 1\r\n1\r\nEND");
        assertEquals(count, client.stat("curr_items"));
    }

    private static Map<String, Matcher> dump(RawClient client, String command) throws IOException {
        client.send(command + "\r\n").expect("OK\r\n");
        Map<String, Matcher> lines = new HashMap<>();
        for (String line = client.line(); !line.equals("END"); line = client.line()) {
            Matcher matcher = META_LINE.matcher(line);
            assertTrue(matcher.matches(), line);
            lines.put(matcher.group(1), matcher);
        }
        return lines;
    }

    private static Matcher lineOf(Map<String, Matcher> lines, String key) {
        return Objects.requireNonNull(lines.get(key), key);
    }

    private static String key(String line) {
        return line.substring("key=".length(), line.indexOf(' '));
    }
}
