package io.karst.appliance.ring;

import io.karst.appliance.cli.Json;
import io.karst.ring.Placement;
import io.karst.ring.RingNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code karst ring show}: what part of all keys each node owns. */
@Command(name = "show", description = "Shows what part of all keys each node owns, and what its weight asks for.")
final class ShowCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions nodes = new NodeOptions();

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(names = "--json", description = "print JSON")
    private boolean isJson;

    private final PrintStream out;

    ShowCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        Placement placement = client.on(nodes.read());
        Balance balance = new Balance(placement);
        Table table = new Table("node", "weight", "share", "ideal", "ratio");
        for (int node = 0; node < placement.nodeCount(); node++) {
            RingNode written = placement.nodes().get(node);
            table.add(written.name(), written.weight(), balance.share(node), balance.ideal(node), balance.ratio(node));
        }
        out.print(isJson ? Json.of(table.objects()) + "\n" : table.text());
        return 0;
    }
}
