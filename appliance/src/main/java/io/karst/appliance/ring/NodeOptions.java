package io.karst.appliance.ring;

import io.karst.appliance.config.ConfigException;
import io.karst.ring.RingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The nodes, as every command of {@code karst ring} takes them. */
final class NodeOptions {
    @Option(
            names = "--nodes",
            split = ",",
            paramLabel = "NODE[=WEIGHT]",
            description = "the nodes, in the order of the clients' list")
    private List<String> nodes = List.of();

    @Option(names = "--nodes-file", paramLabel = "FILE", description = "the same, one a line: NODE [WEIGHT [HOST]]")
    private @Nullable Path file;

    /** Whether there are any. */
    boolean areGiven() {
        return file != null || !nodes.isEmpty();
    }

    /** The nodes as written, at least one. */
    List<RingNode> read() throws IOException {
        if (file != null && !nodes.isEmpty()) {
            throw new ConfigException("--nodes and --nodes-file are both there. Give one of them.");
        }
        List<RingNode> read = file == null ? nodes.stream().map(NodeText::node).toList() : NodeText.nodesIn(file);
        if (read.isEmpty()) {
            throw new ConfigException(
                    "there are no nodes. Give --nodes 10.0.0.1:11211,10.0.0.2:11211 or --nodes-file.");
        }
        return read;
    }
}
