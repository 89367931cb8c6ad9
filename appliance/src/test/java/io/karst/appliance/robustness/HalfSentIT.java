package io.karst.appliance.robustness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.BinaryClient;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.tls.TestCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PROTOCOL §2 rows 38 and 45: many sets of 1 MB of which half arrives, in each dialect, and many items that expire at once. */
@Timeout(120)
class HalfSentIT {
    private static final int CLIENTS = 34;
    private static final int LENGTH = 1_000_000;
    private static final String HALF = "v".repeat(LENGTH / 2);

    @TempDir
    private Path directory;

    @Test
    void halfSentSetsLeaveOthersTheirMemory() throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "server", "EC");
        // 16 MiB of it for what is half received.
        List<String> flags = List.of("-XX:MaxDirectMemorySize=32m");
        String[] options = {
            "-m", "64", "-t", "1", "-Z", "-o", certificate.options(""), "-l", "btls:127.0.0.1,notls:127.0.0.1"
        };
        try (ServerProcess karst = ServerProcess.karst(flags, options)) {
            InetSocketAddress tls = local(karst.tcpPorts().get(0));
            InetSocketAddress clear = local(karst.tcpPorts().get(1));
            try (RawClient bystander = RawClient.connect(clear)) {
                List<RawClient> text = new ArrayList<>();
                List<RawClient> encrypted = new ArrayList<>();
                List<BinaryClient> binary = new ArrayList<>();
                byte[] packet = BinaryClient.packet(0x01, 0, 0, BinaryClient.storing(0, 0), "b", HALF + HALF);
                for (int i = 0; i < CLIENTS; i++) {
                    text.add(RawClient.connect(clear).ask("mn", "MN").send("set a 0 0 " + LENGTH + "\r\n" + HALF));
                    bystander.ask("set mine 0 0 2\r\n" + (10 + i), "STORED");
                }
                int refused = 0;
                for (RawClient client : text) {
                    refused += refused(client);
                }
                assertTrue(refused >= CLIENTS - 16 && refused < CLIENTS, "text: refused " + refused);
                for (int i = 0; i < CLIENTS; i++) {
                    binary.add(welcome(new BinaryClient(clear)).send(Arrays.copyOf(packet, packet.length / 2)));
                    bystander.ask("get mine", "VALUE mine 0 2\r\n43\r\nEND");
                }
                refused = 0;
                for (BinaryClient client : binary) {
                    int status = client.send(Arrays.copyOfRange(packet, packet.length / 2, packet.length))
                            .answer()
                            .status();
                    assertTrue(status == 0 || status == 0x82, "status " + status);
                    refused += status == 0 ? 0 : 1;
                    client.close();
                }
                assertTrue(refused >= CLIENTS - 16 && refused < CLIENTS, "binary: refused " + refused);
                for (int i = 0; i < CLIENTS; i++) {
                    encrypted.add(RawClient.over(TestCertificate.connect(tls, "TLSv1.3", null))
                            .ask("mn", "MN")
                            .send("set c 0 0 " + LENGTH + "\r\n" + HALF));
                    bystander.ask("set mine 0 0 2\r\n" + (10 + i), "STORED");
                }
                refused = 0;
                for (RawClient client : encrypted) {
                    refused += refused(client);
                }
                assertTrue(refused >= CLIENTS - 16 && refused < CLIENTS, "TLS: refused " + refused);
                bystander.ask("get mine", "VALUE mine 0 2\r\n43\r\nEND");
                assertEquals(0, bystander.stat("handler_failures"));
            }
        }
    }

    /** Sends the other half; whether it was too much. */
    private static int refused(RawClient client) throws Exception {
        try (client) {
            String answer = client.send(HALF + "\r\n").line();
            boolean isRefused = answer.equals("SERVER_ERROR out of memory storing object");
            assertTrue(isRefused || answer.equals("STORED"), answer);
            return isRefused ? 1 : 0;
        }
    }

    /** A client that the loop knows: a connection that is accepted late finds the memory of one that has finished. */
    private static BinaryClient welcome(BinaryClient client) throws Exception {
        client.ask(0x0a, 0, "", "", "");
        return client;
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void itemsThatExpireAtOnceCostNobodyAnything() throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-o", "debug_commands");
                Bystander bystander = new Bystander(karst);
                RawClient client = karst.connect()) {
            StringBuilder sets = new StringBuilder();
            for (int i = 0; i < 100_000; i++) {
                sets.append("set k").append(i).append(" 0 100 1 noreply\r\n1\r\n");
            }
            client.ask(sets + "get k99999", "VALUE k99999 0 1\r\n1\r\nEND");
            client.ask("debugtime 200", "OK");
            bystander.watch(1_000);
            client.ask("get k1 k99999", "END");
            // One or two may have gone when they were asked for.
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (client.stat("crawler_reclaimed") < 99_998) {
                assertTrue(System.nanoTime() - deadline < 0, client.stat("crawler_reclaimed") + " gone after a minute");
                Thread.sleep(50);
            }
            for (int i = 0; i < 400; i++) {
                client.ask("set n" + i + " 0 0 1000\r\n" + "n".repeat(1_000), "STORED");
            }
            assertEquals(0, client.stat("evictions"));
        }
    }
}
