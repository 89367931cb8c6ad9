package io.karst.appliance.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.BinaryClient;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code watch}: memcached's lines, for whoever asks, at nobody else's expense. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WatchTest {
    private static final Pattern STAMP = Pattern.compile("ts=\\d{10}\\.\\d+ gid=\\d+ (type=.*)");
    private static final String MARK = "the-end";

    @Test
    void fetchersShowLookups() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient watcher = karst.connect();
                RawClient client = karst.connect()) {
            watcher.ask("watch fetchers", "OK");
            client.ask("set a\u00e9%b 0 0 3\r\nabc", "STORED");
            client.ask("get a\u00e9%b nokey", "VALUE a\u00e9%b 0 3\r\nabc\r\nEND");
            client.ask("touch nokey 1", "NOT_FOUND");
            client.ask("set large 0 0 50000\r\n" + "v".repeat(50_000), "STORED");
            client.lines("get large");
            expect(watcher, "type=item_get key=a%E9%25b status=found clsid=1 cfd=# size=3");
            expect(watcher, "type=item_get key=nokey status=not_found clsid=0 cfd=# size=0");
            expect(watcher, "type=item_get key=nokey status=not_found clsid=0 cfd=# size=0");
            expect(watcher, "type=item_get key=large status=found clsid=2 cfd=# size=50000");
        }
    }

    @Test
    void mutationsAreWordForWordMemcacheds() throws Exception {
        String commands = "set k 5 100 3\r\nabc\r\nadd k 0 0 1\r\n1\r\nadd n 0 0 1\r\n1\r\nreplace zz 0 0 1\r\n1\r\n"
                + "append n 0 0 1\r\n1\r\nprepend n 0 0 2\r\n12\r\ncas n 0 0 1 99\r\n1\r\ncas zz 0 0 1 1\r\n1\r\n"
                + "append zz 0 0 1\r\n1\r\nset " + MARK + " 0 0 1\r\n1\r\n";
        try (KarstServer karst = KarstServer.start("-m", "64");
                ServerProcess memcached = ServerProcess.memcached("-m", "64");
                RawClient ours = karst.connect();
                RawClient theirs = memcached.connect()) {
            List<String> expected = watched(theirs, memcached.connect(), commands);
            assertEquals(9 + 1, expected.size(), expected.toString());
            assertEquals(expected, watched(ours, karst.connect(), commands));
        }
    }

    private static List<String> watched(RawClient watcher, RawClient client, String commands) throws IOException {
        try (client) {
            watcher.ask("watch mutations", "OK");
            client.send(commands);
            List<String> lines = new ArrayList<>();
            do {
                lines.add(event(watcher));
            } while (!lines.get(lines.size() - 1).contains("key=" + MARK));
            return lines;
        }
    }

    @Test
    void deletionsShowWhatClientsRemove() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient watcher = karst.connect();
                RawClient client = karst.connect()) {
            watcher.ask("watch deletions", "OK");
            client.ask("set a 0 0 3\r\nabc", "STORED");
            client.ask("delete nokey", "NOT_FOUND");
            client.ask("delete a", "DELETED");
            expect(watcher, "type=deleted key=a cmd=delete clsid=1 size=3");
        }
    }

    @Test
    void refusedValuesAreMutationsThatFailed() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-I", "1k");
                RawClient watcher = karst.connect();
                RawClient client = karst.connect()) {
            watcher.ask("watch mutations", "OK");
            client.ask("set a 0 0 2000\r\n" + "v".repeat(2000), "SERVER_ERROR object too large for cache");
            expect(watcher, "type=item_store key=a status=too_large cmd=set ttl=0 clsid=1 cfd=# size=2000");
        }
    }

    @Test
    void evictionsShowWhatHadToGo() throws Exception {
        Pattern eviction =
                Pattern.compile("type=eviction key=key-\\d+ fetch=(yes|no) ttl=(-1|\\d+) la=\\d+ clsid=1 size=900");
        try (KarstServer karst = KarstServer.start("-m", "8", "-I", "1k", "-o", "large=0");
                RawClient watcher = karst.connect();
                RawClient client = karst.connect()) {
            watcher.ask("watch evictions", "OK");
            String value = "v".repeat(900);
            for (int i = 0; client.stat("evictions") == 0; i++) {
                StringBuilder burst = new StringBuilder();
                for (int j = 0; j < 50; j++) {
                    burst.append("set key-").append(50 * i + j).append(" 0 900 900 noreply\r\n");
                    burst.append(value).append("\r\n");
                }
                client.send(burst.toString());
            }
            long evictions = client.stat("evictions");
            for (int i = 0; i < Math.min(evictions, 500); i++) {
                String line = event(watcher);
                assertTrue(eviction.matcher(line).matches(), line);
            }
        }
    }

    @Test
    void conneventsShowWhoComesAndGoes() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-o", "idle_timeout=1");
                RawClient watcher = karst.connect()) {
            watcher.ask("watch connevents", "OK");
            RawClient client = karst.connect();
            int port = client.socket().getLocalPort();
            client.send("quit\r\n");
            assertEquals("", client.rest());
            client.close();
            expect(watcher, "type=conn_new rip=127.0.0.1 rport=" + port + " transport=tcp cfd=#");
            expect(watcher, "type=conn_close rip=127.0.0.1 rport=" + port + " transport=tcp reason=normal cfd=#");
            RawClient idle = karst.connect();
            port = idle.socket().getLocalPort();
            expect(watcher, "type=conn_new rip=127.0.0.1 rport=" + port + " transport=tcp cfd=#");
            expect(watcher, "type=conn_close rip=127.0.0.1 rport=" + port + " transport=tcp reason=idle_timeout cfd=#");
            idle.close();
            RawClient stranger = karst.connect();
            port = stranger.socket().getLocalPort();
            stranger.send("GET / HTTP/1.1\r\n");
            assertEquals("", stranger.rest());
            stranger.close();
            expect(watcher, "type=conn_new rip=127.0.0.1 rport=" + port + " transport=tcp cfd=#");
            expect(watcher, "type=conn_close rip=127.0.0.1 rport=" + port + " transport=tcp reason=error cfd=#");
        }
    }

    @Test
    void binaryConnectionThatMakesNoSenseEndsWithAnError() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient watcher = karst.connect()) {
            watcher.ask("watch connevents", "OK");
            try (BinaryClient stranger = new BinaryClient(karst.address())) {
                // A get without a key.
                assertEquals(
                        "4 Invalid arguments", stranger.ask(0x00, 0, "", "", "").text());
                assertTrue(stranger.isClosed());
            }
            assertTrue(event(watcher).startsWith("type=conn_new"));
            String closed = event(watcher);
            assertTrue(closed.contains("type=conn_close") && closed.contains(" reason=error "), closed);
        }
    }

    @Test
    void everyDialectNamesTheClassOfWhatItStores() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient watcher = karst.connect();
                RawClient client = karst.connect();
                BinaryClient binary = new BinaryClient(karst.address())) {
            watcher.ask("watch mutations", "OK");
            String value = "v".repeat(50_000);
            client.ask("set text 0 0 50000\r\n" + value, "STORED");
            client.ask("ms meta 50000\r\n" + value, "HD");
            assertEquals(
                    "0 ",
                    binary.ask(0x01, 0, BinaryClient.storing(0, 0), "binary", value)
                            .text());
            for (String key : List.of("text", "meta", "binary")) {
                expect(watcher, "type=item_store key=" + key + " status=stored cmd=set ttl=0 clsid=2 cfd=# size=50000");
            }
        }
    }

    @Test
    void withoutAWordItIsFetchersAndSeveralWordsAreSeveralStreams() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient plain = karst.connect();
                RawClient both = karst.connect();
                RawClient client = karst.connect()) {
            plain.ask("watch", "OK");
            both.ask("watch mutations deletions sysevents", "OK");
            client.ask("set a 0 0 1\r\n1", "STORED");
            client.ask("get a", "VALUE a 0 1\r\n1\r\nEND");
            client.ask("delete a", "DELETED");
            expect(plain, "type=item_get key=a status=found clsid=1 cfd=# size=1");
            expect(both, "type=item_store key=a status=stored cmd=set ttl=0 clsid=1 cfd=# size=1");
            expect(both, "type=deleted key=a cmd=delete clsid=1 size=1");
            assertEquals("2", client.stats("").get("log_watchers"));
        }
    }

    @Test
    void refusalsAreMemcacheds() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient client = karst.connect()) {
            client.ask("watch foo", "ERROR");
            List<RawClient> watchers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RawClient watcher = karst.connect();
                watchers.add(watcher);
                watcher.ask("watch", "OK");
            }
            client.ask("watch", "WATCHER_TOO_MANY log watcher limit reached");
            for (RawClient watcher : watchers) {
                watcher.close();
            }
            awaitNoWatcher(client);
            client.ask("watch", "OK");
        }
        try (KarstServer karst = KarstServer.start("-m", "64", "-W");
                RawClient client = karst.connect()) {
            client.ask("watch", "CLIENT_ERROR watch commands not allowed");
        }
    }

    /** A watcher says nothing more: when its side closes it is gone, however quiet the stream. */
    @Test
    void watcherThatClosesItsSideIsLetGo() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64");
                RawClient client = karst.connect()) {
            try (RawClient watcher = karst.connect()) {
                watcher.ask("watch evictions", "OK");
                assertEquals(1, client.stat("log_watchers"));
                assertEquals("", watcher.endOutput().rest());
            }
            awaitNoWatcher(client);
        }
    }

    /** Lines that a slow watcher misses are counted, announced, and cost nobody else anything. */
    @Test
    void slowWatcherIsToldWhatItMissed() throws Exception {
        int gets = 200_000;
        try (KarstServer karst = KarstServer.start("-m", "64", "-t", "1");
                RawClient watcher = karst.connect();
                RawClient client = karst.connect()) {
            watcher.ask("watch fetchers", "OK");
            StringBuilder burst = new StringBuilder();
            for (int i = 0; i < 1000; i++) {
                burst.append("get ").append("k".repeat(200)).append("\r\n");
            }
            String answers = "END\r\n".repeat(1000);
            for (int i = 0; i < gets / 1000; i++) {
                client.send(burst.toString()).expect(answers);
            }
            long skipped = client.stat("log_watcher_skipped");
            assertTrue(skipped > 0, "nothing was skipped");
            assertEquals(gets, skipped + client.stat("log_watcher_sent"));
            long announced = 0;
            for (long lines = 0; lines < gets - skipped; ) {
                String line = watcher.line();
                if (line.startsWith("skipped=")) {
                    announced += Long.parseLong(line.substring("skipped=".length()));
                } else {
                    lines++;
                }
            }
            // The next line that fits brings the news of those that did not.
            client.ask("get " + MARK, "END");
            String line = watcher.line();
            if (line.startsWith("skipped=")) {
                announced += Long.parseLong(line.substring("skipped=".length()));
                line = watcher.line();
            }
            assertTrue(line.contains("key=" + MARK), line);
            assertEquals(skipped, announced);
        }
    }

    /** The stream's end reaches the client a moment before its watcher is counted out. */
    private static void awaitNoWatcher(RawClient client) throws IOException {
        while (client.stat("log_watchers") > 0) {
            Thread.onSpinWait();
        }
    }

    private static void expect(RawClient watcher, String event) throws IOException {
        assertEquals(event, event(watcher));
    }

    /** The next line without time, number and connection. */
    private static String event(RawClient watcher) throws IOException {
        String line = watcher.line();
        Matcher matcher = STAMP.matcher(line);
        assertTrue(matcher.matches(), "not an event: " + line);
        return matcher.group(1).replaceAll("cfd=\\d+", "cfd=#");
    }
}
