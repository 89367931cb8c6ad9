package io.karst.appliance.ring;

import io.karst.appliance.cli.Json;
import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.ExitStatus;
import io.karst.ring.Placement;
import io.karst.ring.RingNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code karst ring check FILE}: whether a client places keys where the server thinks it does. */
@Command(
        name = "check",
        description = {
            "Compares where a client put keys with where the server thinks it does; exit status 1 when a key differs.",
            "A line of FILE is KEY NODE, or KEY NODE NEXT with the node that it goes to when the first is down. A node is a"
                    + " ring name, or a number from 0 in the order of the nodes. Lines with # in front are comments,"
                    + " except \"#node NAME WEIGHT\": nodes, when none are given otherwise."
        })
final class CheckCommand implements Callable<Integer> {

    /** How many keys are named when there are many. */
    private static final int NAMED_MAX = 20;

    private static final String NODE = "#node ";

    @Mixin
    private final NodeOptions nodes = new NodeOptions();

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(names = "--json", description = "print JSON, all keys that differ")
    private boolean isJson;

    @Parameters(paramLabel = "FILE", description = "the client's view")
    private Path file = Path.of("");

    private final PrintStream out;

    CheckCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        List<String> lines = NodeText.linesIn(file);
        Placement placement = client.on(nodes.areGiven() ? nodes.read() : nodesIn(lines));
        Table different = new Table("key", "client", "server");
        int keyCount = 0;
        int differentCount = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
                keyCount++;
                List<String> words = List.of(lines.get(i).strip().split("\\s+"));
                List<String> theirs = names(words, placement, file + ":" + (i + 1));
                List<String> ours = preference(placement, words.get(0), theirs.size());
                if (!theirs.equals(ours)) {
                    differentCount++;
                    if (isJson || differentCount <= NAMED_MAX) {
                        different.add(words.get(0), theirs, ours);
                    }
                }
            }
        }
        if (keyCount == 0) {
            throw new ConfigException(file + ": no keys. Write one a line: KEY NODE.");
        }
        print(different, keyCount, differentCount);
        return differentCount == 0 ? 0 : ExitStatus.NO.code();
    }

    private void print(Table different, int keyCount, int differentCount) throws IOException {
        if (isJson) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("keys", keyCount);
            answer.put("different", differentCount);
            answer.put("differences", different.objects());
            out.println(Json.of(answer));
            return;
        }
        if (differentCount > 0) {
            out.println(different.text());
        }
        out.println(keyCount + " keys, " + differentCount + " of them elsewhere"
                + (differentCount > NAMED_MAX ? "; the first " + NAMED_MAX + " are named." : "."));
    }

    private List<RingNode> nodesIn(List<String> lines) {
        List<RingNode> found = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(NODE)) {
                found.add(NodeText.nodeInFile(
                        line.substring(NODE.length()).strip().split("\\s+"), file.toString()));
            }
        }
        if (found.isEmpty()) {
            throw new ConfigException(file + ": names no nodes. Give --nodes or --nodes-file.");
        }
        return found;
    }

    /** The nodes that the client names. One that follows itself is none: the client found no other. */
    private static List<String> names(List<String> words, Placement placement, String where) {
        if (words.size() < 2 || words.size() > placement.nodeCount() + 1) {
            throw new ConfigException(where + ": not KEY NODE, or KEY NODE NEXT.");
        }
        List<String> known = placement.nodes().stream().map(RingNode::name).toList();
        return words.stream()
                .skip(1)
                .map(word -> known.contains(word) ? word : numbered(word, known, where))
                .distinct()
                .toList();
    }

    private static String numbered(String word, List<String> known, String where) {
        if (!word.matches("\\d{1,6}") || Integer.parseInt(word) >= known.size()) {
            throw new ConfigException(where + ": \"" + word + "\" is no node. The nodes are " + String.join(", ", known)
                    + ", or 0 to " + (known.size() - 1) + ".");
        }
        return known.get(Integer.parseInt(word));
    }

    private static List<String> preference(Placement placement, String text, int count) {
        byte[] key = text.getBytes(StandardCharsets.UTF_8);
        int[] found = new int[count];
        placement.preference(key, 0, key.length, found);
        List<String> names = new ArrayList<>();
        for (int node : found) {
            names.add(placement.nodes().get(node).name());
        }
        return names;
    }
}
