package io.karst.ring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What {@code src/test/recorders/record} wrote of one client.
 *
 * @param nodes the servers, with the names that the client hashes
 * @param lines a key each
 */
record Vectors(List<RingNode> nodes, List<Line> lines) {
    /**
     * Where a client put a key.
     *
     * @param text the key
     * @param primary the node that has it while all are up
     * @param next the node that has it while the primary is dead
     */
    record Line(String text, int primary, int next) {
        byte[] key() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    static Vectors of(String name) throws IOException {
        List<RingNode> nodes = new ArrayList<>();
        List<Line> lines = new ArrayList<>();
        for (String line : lines(name + ".vectors")) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("#node")) {
                nodes.add(RingNode.of(words[1], Integer.parseInt(words[2])));
            } else if (!line.startsWith("# ")) {
                lines.add(new Line(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])));
            }
        }
        return new Vectors(nodes, lines);
    }

    static List<String> lines(String resource) throws IOException {
        try (InputStream in = Vectors.class.getResourceAsStream(resource)) {
            byte[] bytes = Objects.requireNonNull(in, resource).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        }
    }
}
