package io.karst.appliance.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser: what it shows is what the server counts. */
@Timeout(180)
class ConsoleIT {
    /** Time for the page's own clock: three looks, and then what it shows is read. */
    private static final String BUDGET = "--virtual-time-budget=7000";

    @TempDir
    private Path directory;

    @BeforeEach
    void chromium() throws Exception {
        Tools.assumeTool("chromium");
    }

    /** What the browser made of a page, with the complaints that it has. */
    private record Seen(String dom, String complaints) {
        String text(String id) {
            Matcher element = Pattern.compile("id=\"" + id + "\"[^>]*>(.*?)</(div|span|tbody|p)>", Pattern.DOTALL)
                    .matcher(dom);
            assertTrue(element.find(), "no " + id + " in " + dom);
            return element.group(1)
                    .replaceAll("<[^>]*>", " ")
                    .replaceAll("\\s+", " ")
                    .strip();
        }
    }

    private Seen look(KarstServer karst, String... more) throws Exception {
        Path dom = directory.resolve("dom");
        Path complaints = directory.resolve("complaints");
        List<String> words = new ArrayList<>(List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + directory.resolve("profile"),
                "--enable-logging=stderr",
                BUDGET));
        words.addAll(List.of(more));
        words.add("http://127.0.0.1:" + karst.adminAddress().getPort() + "/");
        Process browser = new ProcessBuilder(words)
                .redirectOutput(dom.toFile())
                .redirectError(complaints.toFile())
                .start();
        try {
            assertTrue(browser.waitFor(120, TimeUnit.SECONDS), "the browser hangs");
        } finally {
            browser.destroyForcibly();
        }
        return new Seen(Files.readString(dom), Files.readString(complaints));
    }

    @Test
    void theFiguresAreThoseOfTheServer() throws Exception {
        try (KarstServer karst = KarstServer.start("-m", "64", "-t", "2", "-o", "admin=0");
                RawClient client = karst.connect()) {
            for (int i = 0; i < 300; i++) {
                client.ask("set k" + i + " 0 0 3\r\nabc", "STORED")
                        .ask("get k" + i, "VALUE k" + i + " 0 3\r\nabc\r\nEND");
            }
            for (int i = 0; i < 100; i++) {
                client.ask("get missing", "END");
            }
            Seen seen = look(karst, "--dump-dom");
            assertFalse(seen.complaints().contains("CONSOLE"), seen.complaints());
            assertEquals("ready", seen.text("status"));
            assertEquals("75 %", seen.text("hit-ratio"));
            assertEquals("75 % since the start, of 400 gets", seen.text("hit-ratio-now"));
            assertTrue(seen.text("memory-split").contains("300 items"), seen.text("memory-split"));
            assertEquals("1", seen.text("connections"));
            assertEquals("of 1,024; 1 so far, 0 refused", seen.text("connections-split"));
            // One use in sixty-four is counted, and the first one is.
            String hotKeys = seen.text("hot-keys");
            assertTrue(hotKeys.contains("k0") || hotKeys.contains("missing"), hotKeys);
            assertEquals("no peers", seen.text("peers"));
            String latency = seen.text("latency");
            assertTrue(latency.startsWith("get ") && latency.contains(" set "), latency);
            assertTrue(
                    seen.text("about")
                            .startsWith("0.0.0-test, process "
                                    + ProcessHandle.current().pid() + ", 2 event loops"),
                    seen.text("about"));
            assertTrue(seen.dom().contains("<polyline points=\"11"), "no chart");
        }
    }

    @Test
    void withoutTheTokenItAsksForIt() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef0123456789abcdef\n");
        try (KarstServer karst = KarstServer.start("-m", "64", "-o", "admin=0,admin_token=" + token)) {
            Seen seen = look(karst, "--dump-dom");
            assertEquals("no answer: a token is needed", seen.text("status"));
            assertTrue(seen.dom().contains("<section id=\"sign-in\" aria-labelledby"), seen.dom());
            assertEquals("–", seen.text("throughput"));
        }
    }

    /** -Dkarst.screenshot=docs/operate/console.png refreshes the picture of the documentation. */
    @Test
    void itLooksLikeTheDocumentation() throws Exception {
        String file = System.getProperty("karst.screenshot");
        assumeTrue(file != null, "-Dkarst.screenshot is not given");
        AtomicBoolean isOver = new AtomicBoolean();
        try (KarstServer karst = KarstServer.start("-m", "32", "-t", "2", "-o", "admin=0")) {
            Thread load = new Thread(() -> work(karst, isOver));
            load.start();
            look(
                    karst,
                    "--screenshot=" + Tools.inTree(file),
                    "--window-size=1200,1010",
                    "--hide-scrollbars",
                    "--virtual-time-budget=200000");
            isOver.set(true);
            load.join();
        }
        assertTrue(Files.size(Tools.inTree(file)) > 10_000);
    }

    /** Gets of keys of which some are asked for much more often than others, 50 at a time; misses are stored. */
    private static void work(KarstServer karst, AtomicBoolean isOver) {
        String value = "v".repeat(900);
        Random random = new Random(1);
        try (RawClient client = karst.connect()) {
            while (!isOver.get()) {
                String[] keys = new String[50];
                StringBuilder gets = new StringBuilder();
                for (int i = 0; i < keys.length; i++) {
                    keys[i] = "k" + (int) Math.exp(11.5 * random.nextDouble());
                    gets.append("get ").append(keys[i]).append("\r\n");
                }
                client.send(gets.toString());
                StringBuilder sets = new StringBuilder();
                for (String key : keys) {
                    if (client.line().equals("END")) {
                        sets.append("set " + key + " 0 0 900 noreply\r\n" + value + "\r\n");
                    } else {
                        client.expect(value + "\r\nEND\r\n");
                    }
                }
                client.send(sets.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
