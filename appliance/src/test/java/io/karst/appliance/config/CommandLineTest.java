package io.karst.appliance.config;

import static io.karst.appliance.config.StartFixture.ROOT;
import static io.karst.appliance.config.StartFixture.at;
import static io.karst.appliance.config.StartFixture.printed;
import static io.karst.appliance.config.StartFixture.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.eviction.PolicyKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The habits of memcached's getopt, and what follows from options together. */
final class CommandLineTest {
    @Test
    void withoutOptionsItIsMemcachedOnLoopback() {
        Settings settings = settings();
        assertEquals(List.of(at("127.0.0.1", 11211)), settings.network().addresses());
        assertEquals(64L << 20, settings.memory().limitBytes());
        assertEquals(1 << 20, settings.memory().itemSizeMax());
        assertEquals(1024, settings.network().maxConnections());
        assertEquals(1024, settings.network().backlog());
        assertEquals(4, settings.commands().threads());
        assertEquals(20, settings.commands().requestsPerEvent());
        assertEquals(0700, settings.network().unixMask());
        assertEquals(PolicyKind.DENSITY, settings.memory().eviction());
        assertTrue(settings.commands().casEnabled());
        assertTrue(settings.commands().flushEnabled());
        assertTrue(settings.commands().dumpEnabled());
        assertFalse(settings.commands().shutdownEnabled());
        assertEquals(List.of(), settings.notices());
    }

    @Test
    void valuesMayTouchTheirLetter() {
        assertEquals(11_300, settings("-p11300").network().tcpPort());
        assertEquals(128L << 20, settings("-m128").memory().limitBytes());
        assertEquals(2 << 20, settings("-I2m").memory().itemSizeMax());
        assertEquals(5, settings("-oidle_timeout=5").network().idleTimeoutSeconds());
    }

    @Test
    void lettersWithoutValueMayStandTogether() {
        Settings settings = settings("-vM");
        assertEquals(1, settings.verbosity());
        assertEquals(PolicyKind.NONE, settings.memory().eviction());
        assertEquals(11_300, settings("-vMp", "11300").network().tcpPort());
        assertEquals(11_300, settings("-vMp11300").network().tcpPort());
    }

    @Test
    void verbosityAddsUp() {
        assertEquals(2, settings("-vv").verbosity());
        assertEquals(3, settings("-vvv").verbosity());
        assertEquals(3, settings("-v", "-v", "--verbose").verbosity());
    }

    @Test
    void longNamesTakeAnEqualsSignOrTheNextWord() {
        assertEquals(100L << 20, settings("--memory-limit=100").memory().limitBytes());
        assertEquals(100L << 20, settings("--memory-limit", "100").memory().limitBytes());
        assertEquals(100L << 20, settings("--memory-l=100").memory().limitBytes());
    }

    @Test
    void theLastOfSeveralValuesCounts() {
        assertEquals(2, settings("-p", "1", "-p", "2").network().tcpPort());
        assertEquals(
                2,
                settings("-o", "idle_timeout=1", "-o", "idle_timeout=2")
                        .network()
                        .idleTimeoutSeconds());
    }

    @Test
    void subOptionsStandInOneListOrInSeveral() {
        Settings settings = settings("-o", "idle_timeout=9,io_uring,large=10", "-o", "debug_commands");
        assertEquals(9, settings.network().idleTimeoutSeconds());
        assertEquals(Settings.Transport.IO_URING, settings.network().transport());
        assertEquals(10, settings.memory().largePercent());
        assertEquals(90, settings("-o", "large=90%").memory().largePercent());
        assertTrue(settings.commands().debugEnabled());
    }

    @Test
    void anAtSignOrADollarIsJustText() {
        assertEquals(Path.of("@s"), settings("-s", "@s").network().unixSocket());
        assertEquals(Path.of("${x}"), settings("-s", "${x}").network().unixSocket());
    }

    @Test
    void listenTakesListsRepeatsPortsAndBrackets() {
        assertEquals(
                List.of(at("127.0.0.1", 11212), at("::1", 11213), at("::1", 11211), at("127.0.0.1", 11211)),
                settings("-l", "127.0.0.1:11212,[::1]:11213", "-l", "::1", "-l", "notls:127.0.0.1,[::1]")
                        .network()
                        .addresses());
    }

    @Test
    void aNameStandsForAllItsAddresses() {
        assertEquals(
                List.of(at("127.0.0.1", 7), at("::1", 7)),
                settings("-l", "localhost", "-p", "7").network().addresses());
    }

    @Test
    void portMinusOneAsksForAFreePort() {
        assertEquals(List.of(at("127.0.0.1", 0)), settings("-p", "-1").network().addresses());
    }

    @Test
    void udpPortAloneMovesTcp() {
        assertEquals(11_300, tcpPortWith(Option.UDP_PORT, "11300"));
        assertEquals(11_211, tcpPortWith(Option.UDP_PORT, "0"));
    }

    @Test
    void aUnixSocketSwitchesTcpOff() {
        Settings settings = settings("-s", "/tmp/karst.sock", "-a", "0770");
        assertEquals(Path.of("/tmp/karst.sock"), settings.network().unixSocket());
        assertEquals(0770, settings.network().unixMask());
        assertEquals(List.of(), settings.network().addresses());
        assertNull(settings().network().unixSocket());
    }

    @Test
    void memoryIsInMebibytesAndTakesSuffixes() {
        assertEquals(1024L << 20, settings("-m", "1024").memory().limitBytes());
        assertEquals(64L << 20, settings("-m", "64m").memory().limitBytes());
        assertEquals(2L << 30, settings("-m", "2G").memory().limitBytes());
    }

    @Test
    void anItemMayBeExactlyHalfOfMemory() {
        assertEquals(32 << 20, settings("-I", "32m").memory().itemSizeMax());
        assertEquals(1 << 30, settings("-I", "1g", "-m", "2048").memory().itemSizeMax());
        assertEquals(1024, settings("-I", "1k").memory().itemSizeMax());
        assertEquals(5000, settings("-I", "5000").memory().itemSizeMax());
    }

    @Test
    void givingADelimiterSwitchesDetailOn() {
        assertTrue(settings("-D", "/").commands().detailEnabled());
        assertEquals('/', settings("-D/").commands().prefixDelimiter());
        assertFalse(settings().commands().detailEnabled());
    }

    @Test
    void aWideBindIsHonouredWithOneWarning() {
        assertEquals(
                List.of("listen=0.0.0.0,* can be reached from other machines, and asks for no login. Keep a firewall in"
                        + " front, or listen on 127.0.0.1."),
                settings("-l", "0.0.0.0", "-l", "*").notices());
    }

    @Test
    void userIsIgnoredSilentlyUnlessRoot() {
        assertEquals(List.of(), settings("-u", "memcache").notices());
        assertEquals(
                List.of(
                        "user has no effect: a Java process cannot change its user. Karst goes on as root; start it with"
                                + " the karst script and -u on the command line, or as memcache instead."),
                settings(ROOT, "-u", "memcache").notices());
        assertEquals(List.of(), settings(ROOT, "-u", "root").notices());
    }

    @Test
    void ignoredOptionsAreNamedOnceEach() {
        assertEquals(
                List.of("hashpower has no effect in Karst.", "modern has no effect in Karst."),
                settings("-o", "modern,hashpower=20,modern").notices());
    }

    @Test
    void thePortFileComesFromTheEnvironment() {
        Environment environment =
                new Environment(false, Map.of("MEMCACHED_PORT_FILENAME", "/tmp/ports"), StartFixture.USER.hosts(), "1");
        assertEquals(Path.of("/tmp/ports"), settings(environment).network().portFile());
    }

    @Test
    void printsVersionHelpAndLicenceBeforeAnythingIsRefused() {
        assertEquals("karst 1.2.3\n", printed("-V"));
        assertEquals("karst 1.2.3\n", printed("-vm", "1", "--version"));
        assertEquals(printed("-h"), printed("--help", "-Z"));
        assertTrue(printed("-i").contains("Apache License"));
    }

    @Test
    void theLineAtStartNamesEverySettingAndWhereItCameFrom() {
        String line = settings("-m", "128").oneLine();
        assertTrue(line.startsWith("port=11211 udp-port=0 "), line);
        assertTrue(line.contains(" memory-limit=128(command-line) "), line);
    }

    private static int tcpPortWith(Option option, String text) {
        GivenOptions given = new GivenOptions();
        given.add(new Given(option, text, Source.COMMAND_LINE));
        return new SettingsResolver(given, StartFixture.USER, List.of()).tcpPort();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-l 0.0.0.0 -S",
                "-l 0.0.0.0 -Y users",
                "-l 0.0.0.0 -Z -o ssl_chain_cert=c,ssl_ca_cert=a,ssl_verify_mode=2",
                "-l mtls:0.0.0.0,notls:127.0.0.1 -Z -o ssl_chain_cert=c,ssl_ca_cert=a"
            })
    void aWideAddressBehindALoginOrACertificateIsNoOpenDoor(String words) {
        assertEquals(List.of(), settings(words.split(" ")).notices());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-l 0.0.0.0",
                "-l 0.0.0.0 -Z -o ssl_chain_cert=c",
                "-l 0.0.0.0 -Z -o ssl_chain_cert=c,ssl_ca_cert=a,ssl_verify_mode=1",
                "-l mtls:0.0.0.0,notls:0.0.0.0 -Z -o ssl_chain_cert=c,ssl_ca_cert=a",
                "-l btls:0.0.0.0 -Z -o ssl_chain_cert=c,ssl_ca_cert=a,ssl_verify_mode=2"
            })
    void aWideAddressWithoutEitherIsNamedOnce(String words) {
        List<String> notices = settings(words.split(" ")).notices();
        assertEquals(1, notices.size(), notices::toString);
        assertTrue(notices.get(0).contains("asks for no login"), notices.get(0));
    }

    @Test
    void prefixesOfAddressesChooseTheEncryption() {
        List<Settings.Listener> listeners = settings(
                        "-l",
                        "127.0.0.1:1,notls:127.0.0.1:2,btls:[::1]:3,mtls:::1",
                        "-p",
                        "4",
                        "-Z",
                        "-o",
                        "ssl_chain_cert=c,ssl_ca_cert=a")
                .network()
                .listeners();
        assertEquals(
                List.of(
                        new Settings.Listener(at("127.0.0.1", 1), Settings.Encryption.TLS),
                        new Settings.Listener(at("127.0.0.1", 2), Settings.Encryption.NONE),
                        new Settings.Listener(at("::1", 3), Settings.Encryption.SERVER_TLS),
                        new Settings.Listener(at("::1", 4), Settings.Encryption.MUTUAL_TLS)),
                listeners);
        assertEquals(
                List.of(new Settings.Listener(at("127.0.0.1", 2), Settings.Encryption.NONE)),
                settings("-l", "notls:127.0.0.1:2").network().listeners());
    }

    @Test
    void aLoginDecidesTheProtocol() {
        assertEquals("binary", settings("-S").commands().protocol());
        assertEquals(Path.of("/etc/karst/users"), settings("-S").security().saslUsers());
        assertEquals("ascii", settings("-Y", "users").commands().protocol());
        assertEquals("ascii", settings("-Y", "users", "-B", "ascii").commands().protocol());
    }

    @Test
    void optionsOfASwitchThatIsOffAreNamed() {
        assertEquals(
                List.of("sasl_users has no effect without enable-sasl.", "ssl_key has no effect without enable-ssl."),
                settings("-o", "ssl_key=k,sasl_users=u").notices());
        assertEquals(
                List.of("ssl_min_version: Java speaks nothing older than TLS 1.2, and that is the oldest accepted."),
                settings("-Z", "-o", "ssl_chain_cert=c,ssl_min_version=0").notices());
    }

    @Test
    void theAdminPortIsOnLoopbackUnlessItsAddressSaysMore() {
        assertEquals(List.of(), settings().admin().listeners());
        assertEquals(List.of(), settings("-o", "admin=none").admin().listeners());
        for (String words : new String[] {"admin=9150", "admin=127.0.0.1", "admin=127.0.0.1:9150"}) {
            assertEquals("127.0.0.1:9150", settings("-o", words).admin().text(), words);
        }
        assertEquals(
                "127.0.0.1:9150,[0:0:0:0:0:0:0:1]:9150",
                settings("-o", "admin=localhost").admin().text());
        assertEquals(
                "127.0.0.1:1,[0:0:0:0:0:0:0:1]:2",
                settings("-o", "admin=1,admin=[::1]:2").admin().text());
        assertEquals(
                "[0:0:0:0:0:0:0:0]:9150",
                settings("-o", "admin=*,admin_token=t").admin().text());
        assertEquals(
                Settings.Encryption.TLS,
                settings("-Z", "-o", "ssl_chain_cert=c,admin=9150")
                        .admin()
                        .listeners()
                        .get(0)
                        .encryption());
    }

    @Test
    void anAdminPortInClearOnAWideAddressIsNamed() {
        assertEquals(List.of(), settings("-o", "admin=9150,admin_token=t").notices());
        assertEquals(
                List.of("admin_token has no effect without admin."),
                settings("-o", "admin_token=t").notices());
        List<String> notices = settings("-o", "admin=10.0.0.5,admin_token=t").notices();
        assertEquals(1, notices.size(), notices::toString);
        assertTrue(notices.get(0).startsWith("admin=10.0.0.5:9150 can be reached"), notices.get(0));
        assertEquals(
                List.of(),
                settings("-Z", "-o", "ssl_chain_cert=c,admin=10.0.0.5,admin_token=t")
                        .notices());
    }
}
