package io.karst.appliance.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.config.ConfigException;
import io.karst.ring.RingFormat;
import io.karst.ring.RingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes as operators write them; no name here is asked of DNS. */
class NodeTextTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:11211, 10.0.0.1:11211",
        "10.0.0.1, 10.0.0.1:11211",
        "/10.0.0.1:11212, 10.0.0.1:11212",
        "cache1/10.0.0.1:11211, cache1/10.0.0.1:11211",
        "[::1]:11211, '[0:0:0:0:0:0:0:1]:11211'"
    })
    void addressesAreResolvedAsWritten(String text, String name) {
        assertEquals(name, RingFormat.SPYMEMCACHED.name(NodeText.address(text)));
    }

    @Test
    void namesStayUnresolved() {
        assertTrue(NodeText.address("localhost:11211").isUnresolved());
        assertEquals("localhost:11211", RingFormat.HOST_PORT.name(NodeText.address("localhost")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.256:1", "a:0", "a:65536", "a:b", "a/b:1", "a/b/10.0.0.1:1", "[::g]:1", "[1:2]:1", ":1"})
    void whatIsNoAddressIsRefused(String text) {
        assertThrows(ConfigException.class, () -> NodeText.address(text));
    }

    @Test
    void fileHasNameWeightAndHost(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("nodes"), "# ours\na:1\nb:1 2\n\n c:1\t3  rack7 \n");
        assertEquals(
                List.of(RingNode.of("a:1", 1), RingNode.of("b:1", 2), new RingNode("c:1", 3, "rack7")),
                NodeText.nodesIn(file));
    }

    @Test
    void wordTooManyNamesFileAndLine(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("nodes"), "a:1 1 host more\n");
        ConfigException refusal = assertThrows(ConfigException.class, () -> NodeText.nodesIn(file));
        assertEquals(file + ":1: \"more\" is one word too many. Write NAME WEIGHT HOST.", refusal.getMessage());
    }
}
