package io.karst.appliance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code karst stats}, {@code karst top} off a terminal, and {@code karst latency} of a server. */
@Timeout(60)
class StatsCommandTest {
    private static String at(KarstServer server) {
        return "127.0.0.1:" + server.port();
    }

    private static Map<String, String> rows(String out) {
        Map<String, String> rows = new LinkedHashMap<>();
        out.lines().forEach(line -> {
            String[] words = line.split(" +", 2);
            rows.put(words[0], words.length > 1 ? words[1] : "");
        });
        return rows;
    }

    /** The members of a flat object, those that are no strings as they are written. */
    static Map<String, String> members(String json) throws Exception {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertEquals(JsonToken.START_OBJECT, parser.nextToken());
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (token == JsonToken.START_OBJECT) {
                    parser.skipChildren();
                    members.put(name, "{}");
                } else {
                    members.put(name, (token == JsonToken.VALUE_STRING ? "\"" : "") + parser.getText());
                }
            }
        }
        return members;
    }

    @Test
    void aHostAGroupBothOrNeither() throws Exception {
        try (KarstServer server = KarstServer.start("-m", "80")) {
            Told plain = Told.run("stats", at(server));
            assertEquals(0, plain.status(), plain.err());
            assertEquals("1.6.45", rows(plain.out()).get("version"));
            assertEquals(
                    "83886080",
                    rows(Told.run("stats", at(server), "settings").out()).get("maxbytes"));
            assertEquals(
                    "83886080",
                    rows(Told.run("stats", "settings", "--server", at(server)).out())
                            .get("maxbytes"));
            assertEquals(
                    Map.of("replication", "off"),
                    rows(Told.run("stats", "replication", "--server", at(server))
                            .out()));
            assertEquals(
                    Map.of("reset", "done"),
                    rows(Told.run("stats", at(server), "reset").out()));
            assertEquals(
                    Map.of("detail", "on  done"),
                    rows(Told.run("stats", at(server), "detail", "on").out()));
            try (RawClient client = server.connect()) {
                client.ask("get user:1", "END");
            }
            assertEquals(
                    "get 1 hit 0 set 0 del 0",
                    rows(Told.run("stats", at(server), "detail", "dump").out()).get("user"));
        }
    }

    @Test
    void jsonHasNumbersAndTexts() throws Exception {
        try (KarstServer server = KarstServer.start()) {
            Map<String, String> members =
                    members(Told.run("stats", at(server), "--json").out());
            assertEquals("64", members.get("pointer_size"));
            assertEquals("\"1.6.45", members.get("version"));
            assertTrue(members.getOrDefault("rusage_user", "").matches("[0-9]+\\.[0-9]{6}"), members.toString());
        }
    }

    @Test
    void aMissedTargetIsStatusOne() throws Exception {
        try (KarstServer server = KarstServer.start();
                RawClient client = server.connect()) {
            assertEquals(0, Told.run("stats", at(server), "slo").status());
            client.ask("get nothing", "END");
            Told missed = Told.run("stats", at(server), "slo");
            assertEquals(1, missed.status());
            assertEquals("FAIL", rows(missed.out()).get("slo"));
            assertEquals("", missed.err());
        }
    }

    @Test
    void whatTheServerDoesNotKnowIsItsWordAndStatusOne() throws Exception {
        try (KarstServer server = KarstServer.start()) {
            Told told = Told.run("stats", at(server), "nonsense");
            assertEquals(1, told.status());
            assertEquals("karst: " + at(server) + " answered stats nonsense with: ERROR", told.complaint());
        }
    }

    @Test
    void topPrintsALinePerIntervalWhereThereIsNoTerminal() throws Exception {
        try (KarstServer server = KarstServer.start("-m", "64");
                RawClient client = server.connect()) {
            for (int i = 0; i < 170; i++) {
                client.ask("set a 0 0 1\r\n1", "STORED").ask("get a", "VALUE a 0 1\r\n1\r\nEND");
            }
            Told told = Told.run("top", at(server), "-i", "0.1", "-n", "3");
            assertEquals(0, told.status(), told.err());
            assertEquals(4, told.out().lines().count(), told.out());
            String[] head = told.out().lines().findFirst().orElseThrow().strip().split(" +");
            String[] last =
                    told.out().lines().skip(3).findFirst().orElseThrow().strip().split(" +");
            assertEquals(head.length, last.length, told.out());
            Map<String, String> columns = new LinkedHashMap<>();
            for (int i = 0; i < head.length; i++) {
                columns.put(head[i], last[i]);
            }
            assertEquals("1", columns.get("items"), told.out());
            assertTrue(Double.parseDouble(columns.get("get_p99us")) > 0, told.out());
            // Its own connection, and the test's.
            assertEquals("2", columns.get("conns"), told.out());
            assertEquals("-", columns.get("hit%"), "nobody asks meanwhile");
            assertEquals(
                    2,
                    Told.run("top", at(server), "--once", "-i", "0.1")
                            .out()
                            .lines()
                            .count());
        }
    }

    @Test
    void topRefusesAnIntervalThatIsNone() {
        for (String interval : new String[] {"0", "x", "-1", "999999"}) {
            Told told = Told.run("top", "--interval=" + interval);
            assertEquals(64, told.status());
            assertEquals("karst: --interval=\"" + interval + "\": use seconds from 0.1 to 86400.", told.complaint());
        }
    }

    @Test
    void latencyOfARunningServer() throws Exception {
        try (KarstServer server = KarstServer.start("-t", "1");
                RawClient client = server.connect()) {
            for (int i = 0; i < 170; i++) {
                client.ask("get a", "END");
            }
            Told told = Told.run("latency", at(server));
            assertEquals(0, told.status(), told.err());
            String[] get = told.out()
                    .lines()
                    .filter(line -> line.startsWith("get "))
                    .findFirst()
                    .orElseThrow()
                    .split(" +");
            assertEquals("10", get[1], told.out());
            assertEquals(8, get.length, told.out());
            for (int i = 3; i < get.length; i++) {
                assertTrue(Double.parseDouble(get[i]) >= Double.parseDouble(get[i - 1]), told.out());
            }
            assertTrue(members(Told.run("latency", at(server), "--json").out()).containsKey("get"));
        }
    }

    @Test
    void helpAndVersion() {
        assertEquals(new Told(0, "karst 0.0.0-test\n", ""), Told.run("version"));
        assertTrue(Told.run("help").out().contains("--memory-limit"));
        assertTrue(Told.run("help", "top").out().startsWith("usage: karst top "));
        assertEquals(Told.run("help", "stats"), Told.run("stats", "--help"));
        assertEquals(
                "karst: \"nonsense\": not a command. karst help lists them.",
                Told.run("help", "nonsense").complaint());
        Told unknown = Told.run("stats", "--nonsense");
        assertEquals(64, unknown.status());
        assertTrue(unknown.complaint().startsWith("karst: stats: Unknown option"), unknown.err());
        for (String command : new String[] {"top", "latency", "get", "set", "delete", "version", "help"}) {
            assertTrue(Told.run(command, "--help").out().startsWith("usage: karst " + command), command);
        }
    }
}
