package io.karst.appliance.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.protocol.WireCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code -S}, as far as text clients and operators see it. */
@Timeout(60)
class SaslServerTest {
    @TempDir
    Path directory;

    @Test
    void textIsClosedWithoutAWord() throws IOException {
        Path users = Files.createFile(directory.resolve("users"));
        try (KarstServer karst = KarstServer.start("-m", "64", "-t", "1", "-S", "-o", "sasl_users=" + users);
                RawClient client = karst.connect()) {
            assertEquals("", client.send("version\r\n").rest());
            assertEquals(1, karst.appliance().loop(0).counters().get(WireCounter.MALFORMED));
        }
    }

    @Test
    void withoutUsersItDoesNotStart() {
        Path missing = directory.resolve("missing");
        IOException refusal = assertThrows(
                IOException.class,
                () -> KarstServer.start("-m", "64", "-S", "-o", "sasl_users=" + missing)
                        .close());
        assertTrue(String.valueOf(refusal.getMessage()).contains("karst passwd --file " + missing));
    }
}
