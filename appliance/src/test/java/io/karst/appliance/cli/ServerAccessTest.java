package io.karst.appliance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.tls.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands against servers with TLS and with logins. */
@Timeout(60)
class ServerAccessTest {
    @TempDir
    private Path directory;

    @Test
    void tlsWithACertificateThatNamesTheHost() throws Exception {
        TestCertificate own = TestCertificate.make(directory, "localhost", "RSA");
        try (KarstServer server = KarstServer.start("-Z", "-o", own.options(""))) {
            String address = "localhost:" + server.port();
            String authority = directory.resolve("localhost.pem").toString();
            assertEquals(new Told(0, "", ""), Told.run("set", "a", "1", "--server", address, "--ca", authority));
            assertEquals(
                    "1",
                    Told.run("get", "a", "--server", address, "--ca", authority).out());
            Told unknown = Told.run("get", "a", "--server", address, "--tls");
            assertEquals(69, unknown.status());
            assertTrue(unknown.complaint().contains("no TLS: "), unknown.err());
            Told otherName = Told.run("get", "a", "--server", "127.0.0.1:" + server.port(), "--ca", authority);
            assertEquals(69, otherName.status(), otherName.err());
            Told noFile = Told.run(
                    "get",
                    "a",
                    "--server",
                    address,
                    "--ca",
                    directory.resolve("none").toString());
            assertEquals(64, noFile.status());
            assertTrue(noFile.complaint().startsWith("karst: --ca, --cert, --key: not usable: "), noFile.err());
        }
    }

    @Test
    void aCertificateOfTheClients() throws Exception {
        TestCertificate own = TestCertificate.make(directory, "localhost", "RSA");
        TestCertificate.make(directory, "client", "EC");
        String authority = directory.resolve("localhost.pem").toString();
        String certificate = directory.resolve("client.pem").toString();
        String asks = ",ssl_verify_mode=2,ssl_ca_cert=" + certificate;
        try (KarstServer server = KarstServer.start("-Z", "-o", own.options(asks))) {
            String address = "localhost:" + server.port();
            String key = directory.resolve("client.key").toString();
            assertTrue(Files.exists(Path.of(key)));
            assertEquals(
                    new Told(0, "", ""),
                    Told.run(
                            "set",
                            "a",
                            "1",
                            "--server",
                            address,
                            "--ca",
                            authority,
                            "--cert",
                            certificate,
                            "--key",
                            key));
            assertEquals(
                    69,
                    Told.run("get", "a", "--server", address, "--ca", authority).status());
        }
    }

    @Test
    void aLoginByFileOrEnvironment() throws Exception {
        Path users = Files.writeString(directory.resolve("users"), "alice:secret\n");
        Path password = Files.writeString(directory.resolve("password"), "secret\n");
        try (KarstServer server = KarstServer.start("-Y", users.toString())) {
            String address = "127.0.0.1:" + server.port();
            String[] set = {"a", "1", "--server", address, "--login", "alice", "--password-file", password.toString()};
            assertEquals(new Told(0, "", ""), Told.run("set", set));
            Map<String, String> right = Map.of("KARST_PASSWORD", "secret");
            assertEquals(
                    "1",
                    Told.run(right, "", "get", "a", "--server", address, "--login", "alice")
                            .out());
            Told wrong = Told.run(
                    Map.of("KARST_PASSWORD", "wrong"), "", "get", "a", "--server", address, "--login", "alice");
            assertEquals(69, wrong.status());
            assertEquals("karst: " + address + ": no login: CLIENT_ERROR authentication failure", wrong.complaint());
            Told none = Told.run("get", "a", "--server", address);
            assertEquals(1, none.status());
            assertTrue(none.complaint().endsWith("answered get with: CLIENT_ERROR unauthenticated"), none.err());
        }
    }

    @Test
    void aServerThatSpeaksTlsOnlyIsNamed() throws Exception {
        TestCertificate own = TestCertificate.make(directory, "localhost", "EC");
        try (KarstServer server = KarstServer.start("-Z", "-o", own.options(""))) {
            Told told = Told.run("get", "a", "--server", "localhost:" + server.port());
            assertEquals(69, told.status());
            assertTrue(told.complaint().startsWith("karst: localhost:" + server.port()), told.err());
        }
    }
}
