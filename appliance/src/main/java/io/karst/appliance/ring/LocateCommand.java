package io.karst.appliance.ring;

import io.karst.appliance.cli.Json;
import io.karst.appliance.config.ConfigException;
import io.karst.ring.ClientFamily;
import io.karst.ring.Placement;
import io.karst.ring.RingNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code karst ring locate KEY...}: the nodes on which clients look for keys. */
@Command(
        name = "locate",
        description = "Names the nodes on which clients look for keys: the first while all are up, then the next.")
final class LocateCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions nodes = new NodeOptions();

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(names = "--count", paramLabel = "N", description = "how many nodes (3)")
    private int count = 3;

    @Option(names = "--hosts", description = "on different hosts, as far as there are so many")
    private boolean isApart;

    @Option(names = "--json", description = "print JSON")
    private boolean isJson;

    @Parameters(paramLabel = "KEY", arity = "1..*", description = "the keys")
    private List<String> keys = List.of();

    private final PrintStream out;
    private final PrintStream err;

    LocateCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        if (count < 1) {
            throw new ConfigException("--count=" + count + ": too few. Use 1 or more.");
        }
        Map<String, Placement> placements = placements(nodes.read());
        Table table = new Table("key", "client", "nodes");
        for (String key : keys) {
            placements.forEach((word, placement) -> table.add(key, word, names(placement, key)));
        }
        out.print(isJson ? Json.of(table.objects()) + "\n" : table.text());
        return 0;
    }

    /** The one asked for, or all clients; those that these nodes cannot be nodes of are named and left out. */
    private Map<String, Placement> placements(List<RingNode> written) {
        if (client.isGiven()) {
            return Map.of(client.word(), client.on(written));
        }
        Map<String, Placement> placements = new LinkedHashMap<>();
        for (ClientFamily family : ClientFamily.values()) {
            try {
                placements.put(family.word(), ClientOptions.on(written, family));
            } catch (IllegalArgumentException e) {
                err.println("karst: " + family.word() + " is left out: " + e.getMessage());
            }
        }
        return placements;
    }

    private List<String> names(Placement placement, String text) {
        byte[] key = text.getBytes(StandardCharsets.UTF_8);
        int[] found = new int[Math.min(count, placement.nodeCount())];
        if (isApart) {
            placement.preferenceOnHosts(key, 0, key.length, found);
        } else {
            placement.preference(key, 0, key.length, found);
        }
        return IntStream.of(found)
                .mapToObj(node -> placement.nodes().get(node).name())
                .toList();
    }
}
