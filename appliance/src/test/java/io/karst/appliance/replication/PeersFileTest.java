package io.karst.appliance.replication;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a peers file may say, and the one line that says why another one is refused. */
class PeersFileTest {
    @TempDir
    private Path directory;

    private Settings.Peers settings(String text, @Nullable Path key, boolean isInsecure) throws IOException {
        Path file = Files.writeString(directory.resolve("peers"), text.replace(";", "\n"));
        return new Settings.Peers(file, "a", "ring-rebuild", 2, key, isInsecure, 30, "one", 1000, 60);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    a 127.0.0.1:1 | FILE: 1 nodes. A node has 1 to 63 peers.
                    b 127.0.0.1:1;c 127.0.0.1:2 | peer_name="a": not in FILE.
                    a;b 127.0.0.1:2 | FILE:1: an address is missing. Write RING-NAME ADDRESS:PORT [WEIGHT [HOST]].
                    a 127.0.0.1:1;a 127.0.0.1:2 | FILE:2: a is there twice.
                    a 127.0.0.1:1;b 127.0.0.1:1 | FILE:2: 127.0.0.1:1 is there twice.
                    a cache1:1;b 127.0.0.1:1 | FILE:1: cache1:1 is a name. Peers do not depend on DNS: write an IP address.
                    a 127.0.0.1:1 heavy;b 127.0.0.1:2 | FILE:1: "heavy" is not a weight. Use a whole number from 1 on.
                    a 127.0.0.1:1;b 127.0.0.1:2 0 | FILE:2: b: weight 0 is not possible. Use 1 to 1000000.
                    a 127.0.0.1:1;b 10.0.0.2:2 | peers: 10.0.0.2 is on a network, and there is no key. Name its file with -o peer_key, or say insecure_peers.
                    """)
    void whatCannotBeIsRefusedInOneLine(String text, String refusal) throws IOException {
        Settings.Peers settings = settings(text, null, false);
        ConfigException refused = assertThrows(ConfigException.class, () -> PeersFile.read(settings));
        assertEquals(
                refusal,
                String.valueOf(refused.getMessage()).replace(settings.file().toString(), "FILE"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    00112233 | KEY: a key of 4 bytes. Make one with openssl rand -hex 32.
                    secret   | KEY: not hexadecimal. Make a key with openssl rand -hex 32.
                    """)
    void aKeyThatIsNoneIsRefused(String text, String refusal) throws IOException {
        Path key = Files.writeString(directory.resolve("key"), text);
        Settings.Peers settings = settings("a 10.0.0.1:1;b 10.0.0.2:1", key, false);
        ConfigException refused = assertThrows(ConfigException.class, () -> PeersFile.read(settings));
        assertEquals(refusal, String.valueOf(refused.getMessage()).replace(key.toString(), "KEY"));
    }

    @Test
    void aNodeThatIsGoneKeepsItsNumber() throws IOException {
        PeersFile file =
                PeersFile.read(settings("# nodes;;b 127.0.0.1:2 gone;a 127.0.0.1:1;c 127.0.0.1:3 2 h", null, false));
        assertEquals(1, file.self());
        assertEquals(3, file.members().count());
        assertArrayEquals(new boolean[] {false, true, true}, new boolean[] {
            file.members().isUsed(0), file.members().isUsed(1), file.members().isUsed(2)
        });
    }

    @Test
    void aNetworkNeedsAKeyOrTheWord() throws IOException {
        assertEquals(
                0,
                PeersFile.read(settings("a 10.0.0.1:1;b 10.0.0.2:1", null, true))
                        .self());
        Path key = Files.writeString(directory.resolve("key"), "000102030405060708090a0b0c0d0e0f\n");
        assertEquals(
                0,
                PeersFile.read(settings("a 10.0.0.1:1;b 10.0.0.2:1", key, false))
                        .self());
    }

    @Test
    void whatMustBeEqualOnAllNodesIsInTheDigest() throws IOException {
        String text = "a 127.0.0.1:1;b 127.0.0.1:2";
        long digest = PeersFile.read(settings(text, null, false)).digest(2);
        assertEquals(
                digest,
                PeersFile.read(settings("# other words;" + text, null, false)).digest(2));
        assertNotEquals(digest, PeersFile.read(settings(text, null, false)).digest(1));
        assertNotEquals(
                digest, PeersFile.read(settings(text + " 2", null, false)).digest(2));
        assertNotEquals(
                digest,
                PeersFile.read(settings(text + ";c 127.0.0.1:3", null, false)).digest(2));
    }
}
