package io.karst.appliance.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same options and commands on both servers, where the memcached at hand was built with TLS. */
@Timeout(60)
class TlsWitnessIT {
    private static final List<String> KEYS = List.of("ssl_handshake_errors", "time_since_server_cert_refresh");

    @TempDir
    Path directory;

    @Test
    void bothServersTakeTheSameOptionsAndAnswerTheSame() throws Exception {
        Tools.assumeTool("memcached");
        assumeTrue(Tools.run("memcached", "-h").out().contains("enable-ssl"), "a memcached without TLS");
        TestCertificate certificate = TestCertificate.make(directory, "server", "EC");
        String options = certificate.options(",ssl_verify_mode=0,ssl_min_version=2");
        try (ServerProcess memcached = ServerProcess.memcached("-u", "root", "-Z", "-o", options)) {
            play(memcached, certificate);
        }
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-Z", "-o", options)) {
            play(karst, certificate);
            assertTrue(!karst.output().contains("Exception"), karst.output());
        }
    }

    private static void play(ServerProcess server, TestCertificate certificate) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
        String good = Files.readString(certificate.chain());
        try (RawClient client = TestCertificate.client(address, "TLSv1.3", null)) {
            client.ask("set a 0 0 1\r\n1", "STORED");
            client.ask("refresh_certs", "OK");
            client.ask("refresh_certs x", "OK");
            assertTrue(client.stats("").keySet().containsAll(KEYS));
            assertEquals(
                    certificate.chain().toString(), client.stats("settings").get("ssl_chain_cert"));
            assertEquals("tlsv1.2", client.stats("settings").get("ssl_min_version"));
            Files.writeString(certificate.chain(), "nonsense");
            client.send("refresh_certs\r\n");
            assertTrue(client.line().startsWith("Error loading the certificate chain: " + certificate.chain()));
            client.ask("get a", "VALUE a 0 1\r\n1\r\nEND");
        } finally {
            Files.writeString(certificate.chain(), good);
        }
        try (RawClient later = TestCertificate.client(address, "TLSv1.2", null)) {
            later.ask("get a", "VALUE a 0 1\r\n1\r\nEND");
        }
    }
}
