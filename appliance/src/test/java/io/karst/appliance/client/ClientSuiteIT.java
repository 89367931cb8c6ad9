package io.karst.appliance.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.ServerProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation of every client, on real memcached first and then on ours. What a client cannot do there is not asked of
 * us; what it can, it must do here.
 */
@Timeout(120)
class ClientSuiteIT {
    /** A script that broke off early must not pass for one with little to do. */
    private static final int LEAST_OPERATIONS = 50;

    @TempDir
    Path directory = Path.of(".");

    static Stream<Arguments> legs() {
        return Stream.of(TestedClient.values())
                .flatMap(client -> Stream.of(Dialect.values())
                        .filter(client.dialects()::contains)
                        .map(dialect -> arguments(client, dialect)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("legs")
    void doesWithKarstWhatItDoesWithMemcached(TestedClient client, Dialect dialect) throws Exception {
        client.assumeInstalled();
        ClientServers servers = new ClientServers(directory);
        Operations there;
        try (ServerProcess memcached = servers.memcached(dialect)) {
            there = client.runOn(ClientServers.endpoint(memcached.port(), dialect));
        }
        String leg = client + " " + dialect;
        assertTrue(there.passed().size() >= LEAST_OPERATIONS, () -> leg + " on memcached: " + there.failed());
        try (KarstServer karst = servers.karst(dialect)) {
            Operations here = client.runOn(ClientServers.endpoint(karst.port(), dialect));
            assertEquals(Map.of(), failuresOf(here, there.passed()), leg);
            assertEquals(there.passed(), here.passed(), () -> leg + ", on memcached: " + there.failed());
        }
    }

    private static Map<String, String> failuresOf(Operations here, Set<String> wanted) {
        Map<String, String> failures = new TreeMap<>(here.failed());
        failures.keySet().retainAll(wanted);
        return failures;
    }
}
