package io.karst.appliance.robustness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.io.BufferedReader;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code -c 100000}, and all of them come. The clients are a process of their own: crowd.py in the test resources. */
class ManyConnectionsIT {
    private static final int CONNECTIONS = 100_000;

    @TempDir
    private Path directory;

    @Test
    void moreConnectionsThanTheHeapHoldsAreRefusedAtStart() throws Exception {
        String[] words =
                ServerProcess.karstCommand(List.of("-Xmx128m"), "-c", "100000").toArray(String[]::new);
        Tools.Outcome refused = Tools.run(words);
        assertEquals(64, refused.status());
        assertTrue(
                refused.out().startsWith("karst: conn-limit = \"100000\": so many connections are 135 MiB"),
                refused.out());
    }

    @Test
    @Tag("slow")
    @Timeout(600)
    void aHundredThousandConnectionsAreHeldAndAnswered() throws Exception {
        List<String> raised = List.of("prlimit", "--nofile=" + (CONNECTIONS + 1_000));
        Tools.assumeSuccess("right to open 101,000 files", String.join(" ", raised) + " true");
        Path script = directory.resolve("crowd.py");
        try (InputStream source = ManyConnectionsIT.class.getResourceAsStream("/client/crowd.py")) {
            Files.copy(source, script);
        }
        try (ServerProcess karst = ServerProcess.karstUnder(raised, List.of("-da"), "-m", "64", "-c", "100100")) {
            long before = karst.residentBytes();
            Process crowd = new ProcessBuilder(
                            "prlimit",
                            raised.get(1),
                            "/usr/bin/python3",
                            script.toString(),
                            Integer.toString(karst.port()),
                            Integer.toString(CONNECTIONS))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (RawClient client = karst.connect();
                    BufferedReader said = crowd.inputReader(StandardCharsets.US_ASCII)) {
                assertEquals("ready", said.readLine());
                assertEquals(CONNECTIONS + 1, client.stat("curr_connections"));
                long perConnection = (karst.residentBytes() - before) / CONNECTIONS;
                String value = SlowProfile.text(
                        "all answered, twice; RSS per connection %d bytes, live heap %d MiB",
                        perConnection, karst.liveHeapBytes() >> 20);
                SlowProfile.row(
                        "connections",
                        "100,000 idle connections, `-m 64 -c 100100`",
                        "mvn -pl appliance -am test -Dtest=ManyConnectionsIT -Dgroups=slow -Dkarst.excludedGroups="
                                + " -Dsurefire.failIfNoSpecifiedTests=false",
                        "–",
                        value);
                crowd.getOutputStream().close();
                assertEquals("alive", said.readLine());
                assertTrue(perConnection < 4096, value);
            } finally {
                crowd.destroy();
            }
        }
    }
}
