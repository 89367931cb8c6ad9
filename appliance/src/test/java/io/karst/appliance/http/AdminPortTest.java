package io.karst.appliance.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.AdminClient;
import io.karst.appliance.fixture.Exposition;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.tls.TestCertificate;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin port as its clients see it, welcome ones and others. */
@Timeout(60)
class AdminPortTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final String OTHER_TOKEN = "fedcba9876543210fedcba9876543210";

    @TempDir
    private Path directory;

    private @Nullable KarstServer started;

    private AdminClient start(String options, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("-m", "64", "-t", "2", "-o", options));
        words.addAll(List.of(more));
        started = KarstServer.start(words.toArray(String[]::new));
        return AdminClient.of(karst().adminAddress());
    }

    @AfterEach
    void stop() {
        if (started != null) {
            started.close();
        }
    }

    private KarstServer karst() {
        return Objects.requireNonNull(started);
    }

    private RawClient raw() throws IOException {
        return RawClient.connect(karst().adminAddress());
    }

    // ---- pages ----

    @Test
    void thereIsNoAdminPortUnlessAskedFor() throws Exception {
        started = KarstServer.start("-m", "64");
        assertEquals(List.of(), karst().appliance().adminAddresses());
    }

    @ParameterizedTest
    @ValueSource(strings = {"general", "settings", "items", "slabs", "advise", "replication"})
    void sectionsOfStatsAreObjects(String section) throws Exception {
        AdminClient admin = start("admin=0");
        try (RawClient client = karst().connect()) {
            client.ask("set a 0 0 1\r\n1", "STORED").ask("get a", "VALUE a 0 1\r\n1\r\nEND");
            Map<String, String> rows = client.stats(section.equals("general") ? "" : section);
            Map<String, String> members = admin.object("/v1/stats?section=" + section);
            assertEquals(rows.keySet(), members.keySet());
            for (String moving :
                    List.of("bytes_written", "rusage_user", "rusage_system", "time", "uptime", "huge_page_bytes")) {
                rows.remove(moving);
                members.remove(moving);
            }
            assertEquals(rows, members);
        }
    }

    @Test
    void withoutASectionItIsGeneral() throws Exception {
        AdminClient admin = start("admin=0");
        assertEquals(
                admin.object("/v1/stats?section=general").keySet(),
                admin.object("/v1/stats").keySet());
        String json = admin.page("/v1/stats");
        // Numbers are numbers, and a version is none.
        assertTrue(json.contains("\"curr_items\":0,") && json.contains("\"version\":\"1.6.45\","), json);
        HttpResponse<String> unknown = admin.get("/v1/stats?section=sizes");
        assertEquals(400, unknown.statusCode());
        assertEquals(
                "No such section. There are general, settings, items, slabs, latency, conns, advise, replication.\n",
                unknown.body());
    }

    @Test
    void latencyAndConnectionsAskTheLoops() throws Exception {
        AdminClient admin = start("admin=0");
        try (RawClient client = karst().connect();
                RawClient second = karst().connect()) {
            for (int i = 0; i < 170; i++) {
                client.ask("get a", "END");
            }
            second.ask("get a", "END");
            Map<String, String> latency = admin.object("/v1/stats?section=latency");
            assertEquals(client.stats("latency").get("get:count"), latency.get("get:count"));
            Map<String, String> connections = admin.object("/v1/stats?section=conns");
            Map<String, String> rows = client.stats("conns");
            assertEquals(rows.keySet(), connections.keySet());
            assertEquals(rows.get("L0:addr"), connections.get("L0:addr"));
            long clients = connections.keySet().stream()
                    .filter(name -> name.matches("[0-9]+:addr"))
                    .count();
            assertEquals(2, clients);
        }
    }

    @Test
    void hotKeysAreThoseOfTheirStatistics() throws Exception {
        AdminClient admin = start("admin=0");
        try (RawClient client = karst().connect()) {
            for (int i = 0; i < 2_000; i++) {
                client.ask("get hot", "END");
            }
        }
        String page = admin.page("/v1/hotkeys");
        assertTrue(page.startsWith("{\"sampled\":true,\"keys\":[{\"key\":\"hot\",\"count\":"), page);
    }

    @Test
    void whatNobodyCountsIsSaidSo() throws Exception {
        AdminClient admin = start("admin=0,hotkeys=0");
        assertEquals("{\"sampled\":false,\"keys\":[]}\n", admin.page("/v1/hotkeys"));
        assertEquals("{\"replicating\":false,\"peers\":[]}\n", admin.page("/v1/peers"));
    }

    @Test
    void threadsAreThoseOfTheServer() throws Exception {
        String dump = start("admin=0").page("/v1/threads");
        assertTrue(dump.contains("\"karst-loop-") && dump.contains("\"karst-admin-work-"), dump);
        assertTrue(dump.contains("java.lang.Thread.State: RUNNABLE"), dump);
    }

    @Test
    void aFlightRecordingIsBegunAndFetchedOnce() throws Exception {
        AdminClient admin = start("admin=0");
        assertEquals(409, admin.post("/v1/jfr/stop").statusCode());
        assertEquals(400, admin.post("/v1/jfr/start?settings=nosuch").statusCode());
        assertEquals(400, admin.post("/v1/jfr/start?seconds=0").statusCode());
        assertEquals(400, admin.post("/v1/jfr/start?seconds=many").statusCode());
        assertEquals(
                200, admin.post("/v1/jfr/start?settings=default&seconds=60").statusCode());
        assertEquals(409, admin.post("/v1/jfr/start").statusCode());
        long before = recordings();
        HttpResponse<byte[]> recording = admin.bytes("POST", "/v1/jfr/stop");
        assertEquals(200, recording.statusCode());
        assertEquals("FLR\0", new String(recording.body(), 0, 4, ISO_8859_1));
        assertTrue(recording
                .headers()
                .firstValue("content-disposition")
                .orElseThrow()
                .startsWith("attachment; filename=\"karst-"));
        assertEquals(before, recordings(), "the file is still there");
        assertEquals(409, admin.post("/v1/jfr/stop").statusCode());
    }

    private static long recordings() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().matches("karst-.*\\.jfr"))
                    .count();
        }
    }

    @Test
    void theConsoleIsOnePageThatMayLoadNothingElse() throws Exception {
        HttpResponse<String> page = start("admin=0").get("/");
        assertEquals(200, page.statusCode());
        assertEquals(
                "text/html; charset=utf-8",
                page.headers().firstValue("content-type").orElseThrow());
        String policy = page.headers().firstValue("content-security-policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; connect-src 'self';"), policy);
        assertTrue(policy.contains("script-src 'sha256-") && !policy.contains("unsafe"), policy);
        assertFalse(page.body().replace("http://www.w3.org/2000/svg", "").contains("://"), "loads something");
    }

    // ---- health ----

    @Test
    void aLoopThatHangsIsDeadAndIsNamed() throws Exception {
        AdminClient admin = start("admin=0");
        assertEquals("ok\n", admin.page("/livez"));
        CountDownLatch hang = new CountDownLatch(1);
        karst().appliance().executeOn(1, () -> awaitUninterruptibly(hang));
        try {
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> answer = admin.get("/livez");
                assertEquals(503, answer.statusCode());
                assertEquals("event loops [1] ran no task for 1000 ms\n", answer.body());
            }
            Exposition metrics = Exposition.parse(admin.page("/metrics"));
            assertEquals(1, metrics.value("karst_event_loops_silent"));
            assertEquals("ok\n", admin.page("/readyz"));
        } finally {
            hang.countDown();
        }
        assertEquals("ok\n", admin.page("/livez"));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aServerThatIsToldToStopIsNotReady() throws Exception {
        AdminClient admin = start("admin=0", "-A");
        assertEquals("ok\n", admin.page("/readyz"));
        try (RawClient client = karst().connect()) {
            client.send("shutdown\r\n");
            assertEquals("", client.rest());
        }
        HttpResponse<String> answer = admin.get("/readyz");
        assertEquals(503, answer.statusCode());
        assertEquals("stopping: what was received is still answered\n", answer.body());
        assertEquals("ok\n", admin.page("/livez"));
    }

    // ---- methods and forms ----

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST   | /metrics      | 405 | GET, HEAD
            DELETE | /             | 405 | GET, HEAD
            PUT    | /v1/stats     | 405 | GET, HEAD
            GET    | /v1/jfr/start | 405 | POST
            HEAD   | /v1/jfr/stop  | 405 | POST
            GET    | /nosuch       | 404 |
            GET    | /v1           | 404 |
            GET    | /v1/stats/    | 404 |
            GET    | /metrics/..   | 404 |
            POST   | /nosuch       | 404 |
            GET    | /metrics?a=b  | 200 |
            HEAD   | /metrics      | 200 |
            """)
    void methodsAndPaths(String method, String path, int status, String allow) throws Exception {
        HttpResponse<String> answer = start("admin=0").send(method, path);
        assertEquals(status, answer.statusCode());
        assertEquals(allow, answer.headers().firstValue("allow").orElse(null));
    }

    @Test
    void headIsGetWithoutTheBody() throws Exception {
        start("admin=0");
        try (RawClient client = raw()) {
            client.send(
                    "HEAD /livez HTTP/1.1\r\nHost: localhost\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertEquals(List.of("", "ok\n"), List.of(body(client, true), body(client, false)));
        }
    }

    /** Reads an answer of 200. */
    private static String body(RawClient client, boolean isHead) throws IOException {
        assertEquals("HTTP/1.1 200 OK", client.line());
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = client.line(); !line.isEmpty(); line = client.line()) {
            headers.put(line.replaceFirst(":.*", "").toLowerCase(Locale.ROOT), line.replaceFirst(".*?: ", ""));
        }
        assertEquals("3", headers.get("content-length"));
        if (!isHead) {
            client.expect("ok\n");
        }
        return isHead ? "" : "ok\n";
    }

    @Test
    void requestsThatComeTogetherAreAnsweredInTurn() throws Exception {
        start("admin=0");
        try (RawClient client = raw()) {
            client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20));
            for (int i = 0; i < 20; i++) {
                body(client, false);
            }
        }
    }

    @Test
    void oldClientsAreAnsweredAndClosed() throws Exception {
        start("admin=0");
        try (RawClient client = raw()) {
            client.send("GET /livez HTTP/1.0\r\n\r\n");
            String answer = client.rest();
            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n") && answer.endsWith("\r\n\r\nok\n"), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT).contains("connection: close"), answer);
        }
    }

    @Test
    void whatIsTooLongOrNoHttpIsRefusedAndClosed() throws Exception {
        start("admin=0");
        String host = " HTTP/1.1\r\nHost: localhost\r\n";
        assertEquals("414", refused("GET /" + "a".repeat(20_000) + host + "\r\n"));
        assertEquals("431", refused("GET /livez" + host + "X: " + "a".repeat(100_000) + "\r\n\r\n"));
        assertEquals("400", refused("get a\r\n\r\n"));
        assertEquals("400", refused("GET /v1/stats?section=%zz" + host + "\r\n"));
        assertEquals("400", refused("GET /%c3%" + host + "\r\n"));
        assertEquals("400", refused("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n"));
    }

    private String refused(String request) throws IOException {
        try (RawClient client = raw()) {
            String answer = client.send(request).rest();
            assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
            return answer.substring(9, 12);
        }
    }

    @Test
    void aBodyIsRefused() throws Exception {
        AdminClient admin = start("admin=0");
        assertEquals(413, admin.post("/v1/jfr/start", "x".repeat(100_000)).statusCode());
        assertEquals(409, admin.post("/v1/jfr/stop").statusCode(), "a recording was begun");
    }

    // ---- clients that hang ----

    @Test
    void aHundredConnectionsThatHangKeepNobodyOut() throws Exception {
        AdminClient admin = start("admin=0");
        List<RawClient> hanging = new ArrayList<>();
        try (RawClient client = karst().connect()) {
            for (int i = 0; i < 100; i++) {
                hanging.add(raw().send(i % 2 == 0 ? "" : "GET /metrics HTTP/1.1\r\nHost: loc"));
            }
            client.ask("set a 0 0 1\r\n1", "STORED").ask("get a", "VALUE a 0 1\r\n1\r\nEND");
            assertEquals("ok\n", admin.page("/livez"));
            Exposition metrics = Exposition.parse(admin.page("/metrics"));
            // 64 are kept, and ours, one or two, are among them.
            double dropped = metrics.value("karst_admin_connections_dropped_total");
            assertTrue(dropped >= 100 + 1 - 64 && dropped <= 100 + 2 - 64, dropped + " dropped");
            assertEquals("", hanging.get(0).rest());
        } finally {
            for (RawClient one : hanging) {
                one.close();
            }
        }
    }

    @Test
    void clientsThatAskAndDoNotReadKeepNobodyOut() throws Exception {
        AdminClient admin = start("admin=0");
        List<RawClient> hanging = new ArrayList<>();
        try (RawClient client = karst().connect()) {
            for (int i = 0; i < 80; i++) {
                hanging.add(raw().send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(10)));
            }
            client.ask("set a 0 0 1\r\n1", "STORED").ask("get a", "VALUE a 0 1\r\n1\r\nEND");
            assertEquals("ok\n", admin.page("/readyz"));
        } finally {
            for (RawClient one : hanging) {
                one.close();
            }
        }
    }

    // ---- who may ----

    private AdminClient startWithToken(String address) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), TOKEN + "\nsecond line\n");
        return start("admin=" + address + ",admin_token=" + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/v1/stats", "/v1/threads", "/v1/hotkeys", "/v1/peers"})
    void pagesAreForWhoeverHasTheToken(String path) throws Exception {
        AdminClient admin = startWithToken("0");
        HttpResponse<String> without = admin.get(path);
        assertEquals(401, without.statusCode());
        assertEquals(
                "Bearer realm=\"karst\"",
                without.headers().firstValue("www-authenticate").orElseThrow());
        for (String wrong : List.of(OTHER_TOKEN, TOKEN + "0", TOKEN.substring(1), "second line", "x")) {
            HttpResponse<String> refused = admin.with(wrong).get(path);
            assertEquals(401, refused.statusCode(), wrong);
            assertEquals(
                    "Bearer realm=\"karst\", error=\"invalid_token\"",
                    refused.headers().firstValue("www-authenticate").orElseThrow());
        }
        assertEquals(
                401, admin.send("GET", path, "Authorization", "Basic " + TOKEN).statusCode());
        assertEquals(
                200, admin.send("GET", path, "Authorization", "bearer " + TOKEN).statusCode());
        assertEquals(200, admin.with(TOKEN).get(path).statusCode());
    }

    @Test
    void healthAndTheEmptyConsoleAreForEverybody() throws Exception {
        AdminClient admin = startWithToken("0");
        for (String path : List.of("/", "/livez", "/readyz")) {
            assertEquals(200, admin.get(path).statusCode(), path);
        }
        assertEquals(401, admin.post("/v1/jfr/start").statusCode());
        assertEquals(409, admin.with(TOKEN).post("/v1/jfr/stop").statusCode());
    }

    @Test
    void onAWideAddressTheTokenIsAskedForToo() throws Exception {
        AdminClient admin = startWithToken("0.0.0.0:0");
        assertEquals(401, admin.get("/metrics").statusCode());
        assertEquals(200, admin.with(TOKEN).get("/metrics").statusCode());
        // By whichever name it is reached.
        try (RawClient client = raw()) {
            client.send("GET /metrics HTTP/1.0\r\nHost: cache1.example\r\nAuthorization: Bearer " + TOKEN + "\r\n\r\n");
            assertTrue(client.rest().startsWith("HTTP/1.1 200 OK\r\n"));
        }
    }

    @Test
    void aNewTokenCountsAfterAReloadAndAWrongFileDoesNot() throws Exception {
        AdminClient admin = startWithToken("0");
        Files.writeString(directory.resolve("token"), "short\n");
        karst().appliance().reload();
        assertEquals(200, admin.with(TOKEN).get("/metrics").statusCode());
        Files.writeString(directory.resolve("token"), OTHER_TOKEN);
        karst().appliance().reload();
        assertEquals(401, admin.with(TOKEN).get("/metrics").statusCode());
        assertEquals(200, admin.with(OTHER_TOKEN).get("/metrics").statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "two words of which neither is a token",
                "nine and twenty letters and no digit \u00e4"
            })
    void aFileWithoutATokenStopsTheStart(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), content);
        String message = refusalOf("admin=0,admin_token=" + file);
        assertTrue(message.startsWith(file + ": no token of 32 to 1024 letters"), message);
        String missing = refusalOf("admin=0,admin_token=/nosuch");
        assertEquals("/nosuch: no such file. Put a token on its first line: openssl rand -hex 32.", missing);
    }

    private String refusalOf(String options) {
        return String.valueOf(
                assertThrows(IOException.class, () -> start(options)).getMessage());
    }

    @Test
    void anAddressThatIsTakenStopsTheStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String message = refusalOf("admin=" + taken.getLocalPort());
            assertTrue(
                    message.startsWith(
                            "admin: failed to listen on TCP port " + taken.getLocalPort() + " of 127.0.0.1: "),
                    message);
        }
    }

    // ---- pages in the operator's own browser ----

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "LOCALHOST:9150, 200",
        "127.0.0.1:80, 200",
        "127.1.2.3, 200",
        "[::1]:9150, 200",
        "evil.example, 421",
        "127.0.0.1.evil.example, 421",
        "localhost.evil.example:9150, 421",
        "10.0.0.1, 421",
        "localhost:9150@evil.example, 421"
    })
    void namesThatDoNotMeanThisMachineAreRefused(String host, String status) throws Exception {
        start("admin=0");
        for (String request : List.of("GET /v1/stats", "GET /", "POST /v1/jfr/stop")) {
            try (RawClient client = raw()) {
                client.send(request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
                String expected = request.startsWith("POST") && status.equals("200") ? "409" : status;
                assertEquals(expected, client.rest().substring(9, 12), request);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Origin: http://localhost:9150, 409",
        "Sec-Fetch-Site: same-origin, 409",
        "Sec-Fetch-Site: none, 409",
        "X-Nothing: 1, 409",
        "Origin: http://evil.example, 403",
        "Origin: http://localhost:8080, 403",
        "Origin: null, 403",
        "Sec-Fetch-Site: cross-site, 403",
        "Sec-Fetch-Site: same-site, 403"
    })
    void whatChangesSomethingIsNotForOtherPages(String header, String status) throws Exception {
        start("admin=0");
        try (RawClient client = raw()) {
            client.send("POST /v1/jfr/stop HTTP/1.1\r\nHost: localhost:9150\r\nConnection: close\r\n" + header
                    + "\r\n\r\n");
            assertEquals(status, client.rest().substring(9, 12));
        }
    }

    // ---- TLS ----

    @Test
    void withTlsItSpeaksTlsUnlessItsAddressSaysOtherwise() throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "server", "EC");
        start("admin=0,admin=notls:127.0.0.1:0," + certificate.options(""), "-Z");
        assertEquals(2, karst().appliance().adminAddresses().size());
        try (RawClient client = RawClient.over(TestCertificate.connect(karst().adminAddress(), "TLSv1.3", null))) {
            client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(2));
            body(client, false);
            body(client, false);
        }
        AdminClient plain = AdminClient.of(karst().appliance().adminAddresses().get(1));
        assertEquals("ok\n", plain.page("/livez"));
    }
}
