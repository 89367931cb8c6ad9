package io.karst.appliance.config;

import static io.karst.appliance.config.StartFixture.at;
import static io.karst.appliance.config.StartFixture.refusal;
import static io.karst.appliance.config.StartFixture.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.eviction.PolicyKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration file: two notations, Debian's file unchanged, precedence, and refusals that name the line. */
final class ConfigFileTest {
    /** Every directive of /etc/memcached.conf in Debian's package 1.6.18-1+deb12u1 and of its predecessors, with our comments. */
    private static final String DEBIAN = """
            # start in the background
            -d

            logfile /var/log/memcached.log
            # -v
            # -vv
            -m 64
            -p 11211
            -u memcache
            -l 127.0.0.1
            -l ::1
            # -c 1024
            # -k
            # -M
            # -r
            -P /var/run/memcached/memcached.pid
            """;

    @TempDir
    private Path directory;

    @Test
    void debiansFileIsUnderstoodUnchanged() throws IOException {
        Settings settings = settings("--config", file(DEBIAN));
        assertEquals(
                List.of(at("127.0.0.1", 11211), at("::1", 11211)),
                settings.network().addresses());
        assertEquals(64L << 20, settings.memory().limitBytes());
        assertEquals(Path.of("/var/run/memcached/memcached.pid"), settings.pidFile());
        assertEquals(
                List.of(
                        path() + ":4: logfile is skipped: Karst logs to stderr.",
                        path() + ":2: daemon has no effect in a file: Karst stays in the foreground."),
                settings.notices());
    }

    @Test
    void bothNotationsMayShareAFile() throws IOException {
        Settings settings = settings("--config=" + file("""
                memory-limit = 100      # in MiB
                conn-limit=77
                disable-evictions = yes
                disable-cas = no
                idle_timeout = 30
                verbose = 2
                prefix-delimiter = "#"
                extended = track_sizes,large=7
                --threads=3 -R 9
                -o debug_commands
                """));
        assertEquals(100L << 20, settings.memory().limitBytes());
        assertEquals(77, settings.network().maxConnections());
        assertEquals(PolicyKind.NONE, settings.memory().eviction());
        assertTrue(settings.commands().casEnabled());
        assertEquals(30, settings.network().idleTimeoutSeconds());
        assertEquals(2, settings.verbosity());
        assertEquals('#', settings.commands().prefixDelimiter());
        assertTrue(settings.commands().trackSizes());
        assertEquals(7, settings.memory().largePercent());
        assertEquals(3, settings.commands().threads());
        assertEquals(9, settings.commands().requestsPerEvent());
        assertTrue(settings.commands().debugEnabled());
    }

    @Test
    void commandLineWinsOverFileWinsOverDefault() throws IOException {
        String file = file("-m 100\n-t 2\n-l 127.0.0.2\n-l 127.0.0.3\n");
        Settings settings = settings("-m", "200", "--config", file, "-l", "127.0.0.9");
        assertEquals(200L << 20, settings.memory().limitBytes());
        assertEquals(2, settings.commands().threads());
        assertEquals(1024, settings.network().maxConnections());
        assertEquals(List.of(at("127.0.0.9", 11211)), settings.network().addresses());
    }

    @Test
    void aPolicyOnTheCommandLineWinsOverMinusMInTheFile() throws IOException {
        String file = file("-M\n");
        assertEquals(
                PolicyKind.CLOCK,
                settings("--config", file, "-o", "eviction=clock").memory().eviction());
        assertEquals(
                PolicyKind.NONE,
                settings("-M", "--config", file("eviction = clock\n")).memory().eviction());
    }

    @Test
    void anUnknownKeyIsRefusedWithFileAndLine() throws IOException {
        assertRefused(
                "-m 64\nmemmory-limit = 64\n", ":2: \"memmory-limit\": unknown option. karst --help lists them all.");
        assertRefused("\n-Q\n", ":2: \"-Q\": unknown option. karst --help lists them all.");
        assertRefused("-o bogus", ":1: \"-o bogus\": unknown option. karst --help lists them all.");
    }

    @Test
    void aBadValueIsRefusedWithFileAndLine() throws IOException {
        assertRefused("conn-limit = 0\n", ":1: conn-limit = \"0\": below 1. Use a number from 1 up.");
        assertRefused("disable-cas = perhaps\n", ":1: disable-cas = \"perhaps\": neither yes nor no.");
        assertRefused(
                "daemon = yes\nmeta_response_old = yes\n",
                ":2: meta_response_old: not yet supported. Leave it out: clients of today expect HD.");
        assertRefused(
                "memory-limit\n",
                ":1: \"memory-limit\": not an option. Write name = value, or the option as on the" + " command line.");
        assertRefused("-h\n", ":1: help: for the command line only. Take the line out.");
        assertRefused("config = x\n", ":1: config: for the command line only. Take the line out.");
    }

    private void assertRefused(String content, String rest) throws IOException {
        assertEquals(path() + rest, refusal("--config", file(content)));
    }

    private String file(String content) throws IOException {
        return Files.writeString(path(), content).toString();
    }

    private Path path() {
        return directory.resolve("karst.conf");
    }
}
