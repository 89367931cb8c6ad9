package io.karst.appliance.ring;

import io.karst.appliance.cli.Json;
import io.karst.appliance.config.ConfigException;
import io.karst.ring.Placement;
import io.karst.ring.RingDiff;
import io.karst.ring.RingNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code karst ring plan}: what moves when nodes come, go or change their weight. */
@Command(
        name = "plan",
        description =
                "Tells what part of all keys moves, from whom to whom, when nodes come, go or change their weight.")
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions nodes = new NodeOptions();

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(names = "--add", split = ",", paramLabel = "NODE[=WEIGHT]", description = "a node that comes")
    private List<String> added = List.of();

    @Option(names = "--remove", split = ",", paramLabel = "NODE", description = "a node that goes")
    private List<String> removed = List.of();

    @Option(names = "--weight", split = ",", paramLabel = "NODE=WEIGHT", description = "a node's new weight")
    private List<String> weighted = List.of();

    @Option(names = "--json", description = "print JSON")
    private boolean isJson;

    private final PrintStream out;

    PlanCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        List<RingNode> written = nodes.read();
        if (added.isEmpty() && removed.isEmpty() && weighted.isEmpty()) {
            throw new ConfigException("nothing changes. Give --add, --remove or --weight.");
        }
        Placement before = client.on(written);
        Placement after = client.on(changed(written));
        RingDiff diff = RingDiff.of(before, after);
        Table moves = new Table("from", "to", "moves");
        diff.moves().forEach(move -> moves.add(move.from(), move.to(), new Table.Share(move.share())));
        Table shares = shares(before, after);
        double worstBefore = new Balance(before).worst();
        double worstAfter = new Balance(after).worst();
        if (isJson) {
            Map<String, Object> plan = new LinkedHashMap<>();
            plan.put("moved", diff.moved());
            plan.put("exact", diff.isExact());
            plan.put("worst_ratio_before", worstBefore);
            plan.put("worst_ratio_after", worstAfter);
            plan.put("moves", moves.objects());
            plan.put("nodes", shares.objects());
            out.println(Json.of(plan));
        } else {
            out.printf(
                    Locale.ROOT,
                    "%s of all keys move%s. The node with most has %.3f of its ideal before, %.3f after.%n%n",
                    new Table.Share(diff.moved()),
                    diff.isExact() ? "" : " (of a sample of 100,000)",
                    worstBefore,
                    worstAfter);
            out.println(moves.text());
            out.print(shares.text());
        }
        return 0;
    }

    private List<RingNode> changed(List<RingNode> written) {
        List<RingNode> changed = new ArrayList<>(written);
        for (String name : removed) {
            changed.remove(indexOf(name, changed));
        }
        for (String text : weighted) {
            RingNode node = NodeText.node(text);
            int index = indexOf(node.name(), changed);
            changed.set(
                    index,
                    new RingNode(node.name(), node.weight(), changed.get(index).host()));
        }
        added.forEach(text -> changed.add(NodeText.node(text)));
        return changed;
    }

    private static int indexOf(String name, List<RingNode> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new ConfigException(name + ": no such node. Name it as --nodes or the file does.");
    }

    private static Table shares(Placement before, Placement after) {
        Table table = new Table("node", "before", "after", "ideal");
        Balance first = new Balance(before);
        Balance second = new Balance(after);
        List<String> names = before.nodes().stream().map(RingNode::name).toList();
        List<String> later = after.nodes().stream().map(RingNode::name).toList();
        Table.Share none = new Table.Share(0);
        for (int node = 0; node < names.size(); node++) {
            int index = later.indexOf(names.get(node));
            table.add(
                    names.get(node),
                    first.share(node),
                    index < 0 ? none : second.share(index),
                    index < 0 ? none : second.ideal(index));
        }
        for (int node = 0; node < later.size(); node++) {
            if (!names.contains(later.get(node))) {
                table.add(later.get(node), none, second.share(node), second.ideal(node));
            }
        }
        return table;
    }
}
