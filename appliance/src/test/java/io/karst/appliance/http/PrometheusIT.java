package io.karst.appliance.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.karst.appliance.fixture.AdminClient;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rules, dashboard and metrics as Prometheus' own tool sees them. */
@Timeout(120)
class PrometheusIT {
    private static final Path RULES = Tools.inTree("docs/operate/alerts.yml");
    private static final Path DASHBOARD = Tools.inTree("docs/operate/grafana-dashboard.json");

    @Test
    void theAlertRulesAreValid() throws Exception {
        Tools.assumeTool("promtool");
        Tools.Outcome outcome = Tools.run("promtool", "check", "rules", RULES.toString());
        assertEquals(0, outcome.status(), outcome.out());
        assertTrue(outcome.out().contains("SUCCESS: 18 rules found"), outcome.out());
    }

    /** The scenarios are in src/test/resources/monitor: each target is missed once and met once. */
    @Test
    void theAlertsFireWhenTheyShould() throws Exception {
        Tools.assumeTool("promtool");
        Tools.Outcome outcome = Tools.run(
                "promtool",
                "test",
                "rules",
                Tools.inTree("appliance/src/test/resources/monitor/alerts-test.yml")
                        .toString());
        assertEquals(0, outcome.status(), outcome.out());
    }

    /** Its complaints about style are about the exporter's names, which are what they are; none about ours. */
    @Test
    void theMetricsAreReadable() throws Exception {
        Tools.assumeTool("promtool");
        try (KarstServer karst = KarstServer.start("-m", "64", "-o", "admin=0");
                RawClient client = karst.connect()) {
            client.ask("set a 0 0 1\r\n1", "STORED").ask("get a", "VALUE a 0 1\r\n1\r\nEND");
            String page = AdminClient.of(karst.adminAddress()).page("/metrics");
            Tools.Outcome outcome = Tools.run(List.of("promtool", "check", "metrics"), Map.of(), page);
            Set<String> complaints = new TreeSet<>();
            outcome.out().lines().filter(line -> !line.startsWith("memcached_")).forEach(complaints::add);
            assertEquals(Set.of(), complaints);
            // 3 is style, 1 is a page that does not parse.
            assertTrue(outcome.status() == 3 || outcome.status() == 0, outcome.status() + " " + outcome.out());
        }
    }

    @Test
    void everyExpressionOfTheDashboardParses() throws Exception {
        Tools.assumeTool("promtool");
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        int expressions = 0;
        try (JsonParser json = new JsonFactory().createParser(Files.readString(DASHBOARD))) {
            while (json.nextToken() != null) {
                if ("expr".equals(json.currentName()) && json.currentToken().isScalarValue()) {
                    String expression =
                            json.getText().replace("$__rate_interval", "5m").replace("$job", "karst");
                    rules.append("      - record: panel:" + expressions++ + "\n        expr: '")
                            .append(expression.replace("'", "''"))
                            .append("'\n");
                }
            }
        }
        assertTrue(expressions > 20, expressions + " expressions");
        Path file = Files.createTempFile("dashboard", ".yml");
        try {
            Files.writeString(file, rules.toString().replace("panel:", "panel:n"));
            Tools.Outcome outcome = Tools.run("promtool", "check", "rules", file.toString());
            assertEquals(0, outcome.status(), outcome.out());
        } finally {
            Files.delete(file);
        }
    }
}
