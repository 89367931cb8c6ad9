package io.karst.appliance.ring;

import io.karst.appliance.config.ConfigException;
import io.karst.ring.ClientFamily;
import io.karst.ring.Placement;
import io.karst.ring.PlacementKind;
import io.karst.ring.RingNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose placement: that of a client, which also knows the names it hashes, or that of the server's option. */
final class ClientOptions {
    @Option(
            names = "--client",
            paramLabel = "CLIENT",
            description =
                    "spymemcached, libmemcached (pylibmc, PHP), xmemcached, pymemcache or dalli: nodes are addresses,"
                            + " and are named as this client names them")
    private @Nullable String client;

    @Option(
            names = "--placement",
            paramLabel = "KIND",
            description = "spy-redistribute, ring-rebuild, ring-rebuild-xmemcached, rendezvous or dalli: nodes are ring"
                    + " names, and are hashed as they are written")
    private @Nullable String placement;

    /** Whether one is named. */
    boolean isGiven() {
        return client != null || placement != null;
    }

    /** What is named: the client or the kind of placement. */
    String word() {
        return client != null ? client : String.valueOf(placement);
    }

    /** The placement on nodes as they were written. */
    Placement on(List<RingNode> nodes) {
        if ((client == null) == (placement == null)) {
            throw new ConfigException("whose placement? Give one of --client and --placement.");
        }
        return client != null ? on(nodes, family(client)) : kind(placement).placement(nodes);
    }

    /** The placement of a client's on nodes written as addresses. */
    static Placement on(List<RingNode> nodes, ClientFamily family) {
        return family.kind()
                .placement(nodes.stream()
                        .map(node -> new RingNode(
                                family.format().name(NodeText.address(node.name())), node.weight(), node.host()))
                        .toList());
    }

    private static ClientFamily family(String word) {
        return ClientFamily.named(word)
                .orElseThrow(() -> unknown(
                        "--client", word, Arrays.stream(ClientFamily.values()).map(ClientFamily::word)));
    }

    private static PlacementKind kind(@Nullable String word) {
        String name = String.valueOf(word);
        return PlacementKind.named(name)
                .orElseThrow(() -> unknown(
                        "--placement",
                        name,
                        Arrays.stream(PlacementKind.values()).map(PlacementKind::word)));
    }

    private static ConfigException unknown(String option, String word, Stream<String> words) {
        return new ConfigException(
                option + "=\"" + word + "\": unknown. Use one of " + words.collect(Collectors.joining(", ")) + ".");
    }
}
