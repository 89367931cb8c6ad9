package io.karst.appliance.ring;

import io.karst.appliance.cli.Json;
import io.karst.ring.RingNode;
import io.karst.ring.SlotMap;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code karst ring slots [KEY...]}: the nodes, or keys, in the words of a Redis cluster. */
@Command(
        name = "slots",
        description = "Lays the 16384 slots of a Redis cluster over the nodes, or tells the slots of keys."
                + " No memcached client places keys so.")
final class SlotsCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions nodes = new NodeOptions();

    @Option(names = "--json", description = "print JSON")
    private boolean isJson;

    @Parameters(paramLabel = "KEY", arity = "0..*", description = "keys")
    private List<String> keys = List.of();

    private final PrintStream out;

    SlotsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        List<RingNode> written = nodes.read();
        SlotMap slots = new SlotMap(written);
        Table table = keys.isEmpty() ? ranges(written, slots) : slotsOfKeys(written, slots);
        out.print(isJson ? Json.of(table.objects()) + "\n" : table.text());
        return 0;
    }

    private static Table ranges(List<RingNode> written, SlotMap slots) {
        Table table = new Table("node", "first", "last", "slots");
        for (int node = 0; node < written.size(); node++) {
            int first = slots.first(node);
            table.add(written.get(node).name(), first, first + slots.slotCount(node) - 1, slots.slotCount(node));
        }
        return table;
    }

    private Table slotsOfKeys(List<RingNode> written, SlotMap slots) {
        Table table = new Table("key", "slot", "node");
        for (String text : keys) {
            byte[] key = text.getBytes(StandardCharsets.UTF_8);
            int slot = SlotMap.slot(key, 0, key.length);
            table.add(text, slot, written.get(slots.node(slot)).name());
        }
        return table;
    }
}
