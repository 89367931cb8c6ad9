package io.karst.appliance.slow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.BinaryClient;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.protocol.BinaryOpcode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code -o slow_log} and {@code stats slow}. At a limit of 1 µs every burst over a socket is slow. */
@Timeout(60)
class SlowLogTest {
    private static final String ALL = "slow_log=1";

    @TempDir
    private Path directory;

    /** The fields of each entry, the latest first. */
    private static List<Map<String, String>> entries(RawClient client) throws IOException {
        return client.stats("slow").entrySet().stream()
                .filter(row -> row.getKey().matches("[0-9]+"))
                .map(row -> Arrays.stream(row.getValue().split(","))
                        .map(field -> field.split("=", 2))
                        .collect(Collectors.toMap(field -> field[0], field -> field[1])))
                .toList();
    }

    private static Map<String, String> entry(RawClient client, String command) throws IOException {
        return entries(client).stream()
                .filter(entry -> command.equals(entry.get("command")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + command));
    }

    private static String hmac(String secret, String key) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of()
                .formatHex(mac.doFinal(key.getBytes(StandardCharsets.ISO_8859_1)))
                .substring(0, 16);
    }

    @Test
    void anEntrySaysWhatWasSlowWithoutSayingTheKey() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "open sesame\nsecond line\n");
        try (KarstServer server = KarstServer.start("-t", "1", "-o", ALL + ",slow_log_secret=" + secret);
                RawClient client = server.connect()) {
            client.ask("set user:alice 0 0 1000\r\n" + "v".repeat(1000), "STORED");
            client.send("get user:alice\r\n").expect("VALUE user:alice 0 1000\r\n" + "v".repeat(1000) + "\r\nEND\r\n");
            Map<String, String> stored = entry(client, "set");
            assertEquals(hmac("open sesame", "user:alice"), stored.get("key"));
            assertEquals("10", stored.get("key_length"));
            assertEquals("1000", stored.get("value_length"));
            assertEquals("1", stored.get("commands"));
            assertTrue(Double.parseDouble(stored.get("us")) > 1, stored.toString());
            assertTrue(stored.getOrDefault("ts", "").matches("[0-9]{10}\\.[0-9]{6}"), stored.toString());
            Map<String, String> got = entry(client, "get");
            assertEquals(stored.get("key"), got.get("key"));
            assertEquals("1000", got.get("value_length"));
            assertFalse(client.stats("slow").toString().contains("alice"));
        }
    }

    @Test
    void ofABurstTheHeaviestCommandIsNamedAndAllAreCounted() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "x");
        try (KarstServer server = KarstServer.start("-t", "1", "-o", ALL + ",slow_log_secret=" + secret);
                RawClient client = server.connect()) {
            client.send("get a b\r\nset heavy 0 0 500\r\n" + "v".repeat(500) + "\r\ndelete c\r\n")
                    .expect("END\r\nSTORED\r\nNOT_FOUND\r\n");
            Map<String, String> entry = entry(client, "set");
            assertEquals(hmac("x", "heavy"), entry.get("key"));
            assertEquals("3", entry.get("commands"));
            assertEquals("4", entry.get("keys"));
        }
    }

    @Test
    void binaryAndKeylessCommandsAreEnteredToo() throws Exception {
        try (KarstServer server = KarstServer.start("-t", "1", "-o", ALL);
                RawClient client = server.connect();
                BinaryClient binary = new BinaryClient(server.address())) {
            binary.ask(BinaryOpcode.GET.code(), 0, "", "nothing", "");
            client.ask("version", "VERSION 1.6.45");
            Map<String, String> version = entry(client, "version");
            assertEquals("none", version.get("key"));
            assertEquals("0", version.get("key_length"));
            assertEquals("7", entry(client, "get").get("key_length"));
        }
    }

    @Test
    void theLogIsBoundedAndWhatIsLeftOutIsCounted() throws Exception {
        try (KarstServer server = KarstServer.start("-t", "1", "-o", ALL);
                RawClient client = server.connect()) {
            for (int i = 0; i < 2_000; i++) {
                client.ask("get k" + i, "END");
            }
            assertTrue(entries(client).size() <= 100);
            assertTrue(Long.parseLong(client.stats("slow").get("bursts")) >= 2_000);
            client.ask("stats reset", "RESET");
            assertTrue(Long.parseLong(client.stats("slow").get("bursts")) < 100);
        }
    }

    @Test
    void whatIsFastIsNotEntered() throws Exception {
        try (KarstServer server = KarstServer.start("-t", "1", "-o", "slow_log=60000000");
                RawClient client = server.connect()) {
            client.ask("get a", "END");
            assertEquals(Map.of("limit_us", "60000000", "bursts", "0"), client.stats("slow"));
        }
    }

    @Test
    void withoutASecretOfTheOperatorsHashesAreOfOneProcess() throws Exception {
        String[] hashes = new String[2];
        for (int i = 0; i < 2; i++) {
            try (KarstServer server = KarstServer.start("-t", "1", "-o", ALL);
                    RawClient client = server.connect()) {
                client.ask("get same", "END");
                hashes[i] = entry(client, "get").get("key");
            }
        }
        assertNotEquals(hashes[0], hashes[1]);
    }

    @Test
    void offByDefault() throws Exception {
        try (KarstServer server = KarstServer.start();
                RawClient client = server.connect()) {
            assertEquals(Map.of("slow_status", "disabled"), client.stats("slow"));
        }
    }

    @Test
    void aSecretThatIsNotThereStopsTheStart() throws Exception {
        Path missing = directory.resolve("missing");
        assertEquals(
                "slow_log_secret=\"" + missing + "\": cannot be read. Name a file with a secret in it.",
                assertThrows(IOException.class, () -> KarstServer.start("-o", ALL + ",slow_log_secret=" + missing))
                        .getMessage());
        Path empty = Files.writeString(directory.resolve("empty"), "\nsecret\n");
        assertEquals(
                "slow_log_secret=\"" + empty + "\": its first line is empty. Put a secret there.",
                assertThrows(IOException.class, () -> KarstServer.start("-o", ALL + ",slow_log_secret=" + empty))
                        .getMessage());
    }
}
