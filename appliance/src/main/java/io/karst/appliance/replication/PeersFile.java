package io.karst.appliance.replication;

import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.Settings;
import io.karst.appliance.ring.NodeText;
import io.karst.replication.KeyRing;
import io.karst.replication.Members;
import io.karst.replication.ReplicationConfig;
import io.karst.ring.Placement;
import io.karst.ring.PlacementKind;
import io.karst.ring.RingNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nodes as the peers file has them, checked against the rest of the settings.
 *
 * @param members who there is, and where clients put keys
 * @param nodes those that clients use
 * @param addresses where each node receives, by number
 * @param self which one is this
 * @param keys what all share, or null for none
 */
record PeersFile(
        Members members,
        List<RingNode> nodes,
        List<InetSocketAddress> addresses,
        int self,
        @Nullable KeyRing keys) {
    /** Lines that a file may have. */
    static final int NODES_MAX = 64;

    /** In the place of a weight. */
    private static final String GONE = "gone";

    private static final int KEY_MIN = 16;

    /**
     * Reads the files.
     *
     * @throws ConfigException when they say what cannot be, in one line for the operator
     * @throws IOException when they cannot be read
     */
    static PeersFile read(Settings.Peers peers) throws IOException {
        List<RingNode> nodes = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<InetSocketAddress> addresses = new ArrayList<>();
        List<String> lines = NodeText.linesIn(peers.file());
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(line.split("\\s+"), peers.file() + ":" + (i + 1), nodes, names, addresses);
            }
        }
        if (names.size() < 2 || names.size() > NODES_MAX || nodes.isEmpty()) {
            throw new ConfigException(
                    peers.file() + ": " + names.size() + " nodes. A node has 1 to " + (NODES_MAX - 1) + " peers.");
        }
        int self = names.indexOf(peers.name());
        if (self < 0) {
            throw new ConfigException("peer_name=\"" + peers.name() + "\": not in " + peers.file() + ".");
        }
        KeyRing keys = keys(peers.key());
        if (keys == null && !peers.isInsecure()) {
            refuseNetwork(addresses);
        }
        return new PeersFile(new Members(names, placement(peers, nodes)), nodes, addresses, self, keys);
    }

    private static Placement placement(Settings.Peers peers, List<RingNode> nodes) {
        try {
            return PlacementKind.named(peers.placement()).orElseThrow().placement(nodes);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(peers.file() + ": " + e.getMessage());
        }
    }

    private static void add(
            String[] words, String where, List<RingNode> nodes, List<String> names, List<InetSocketAddress> addresses) {
        if (words.length < 2) {
            throw new ConfigException(where + ": an address is missing. Write RING-NAME ADDRESS:PORT [WEIGHT [HOST]].");
        }
        if (names.contains(words[0])) {
            throw new ConfigException(where + ": " + words[0] + " is there twice.");
        }
        names.add(words[0]);
        InetSocketAddress address = NodeText.address(words[1]);
        if (address.isUnresolved()) {
            throw new ConfigException(
                    where + ": " + words[1] + " is a name. Peers do not depend on DNS: write an IP" + " address.");
        }
        if (addresses.contains(address)) {
            throw new ConfigException(where + ": " + words[1] + " is there twice.");
        }
        addresses.add(address);
        if (words.length > 2 && words[2].equals(GONE)) {
            return;
        }
        // Host and weight as in the files of karst ring, which has no address.
        String[] node = new String[words.length - 1];
        node[0] = words[0];
        System.arraycopy(words, 2, node, 1, words.length - 2);
        try {
            nodes.add(NodeText.nodeInFile(node, where));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where + ": " + e.getMessage());
        }
    }

    private static @Nullable KeyRing keys(@Nullable Path file) throws IOException {
        if (file == null) {
            return null;
        }
        try {
            byte[] key = HexFormat.of().parseHex(Files.readString(file).strip());
            if (key.length < KEY_MIN) {
                throw new ConfigException(
                        file + ": a key of " + key.length + " bytes. Make one with openssl rand -hex 32.");
            }
            return KeyRing.of(key);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(file + ": not hexadecimal. Make a key with openssl rand -hex 32.");
        }
    }

    private static void refuseNetwork(List<InetSocketAddress> addresses) {
        addresses.stream()
                .filter(address -> !address.getAddress().isLoopbackAddress())
                .findFirst()
                .ifPresent(address -> {
                    throw new ConfigException("peers: " + address.getAddress().getHostAddress()
                            + " is on a network, and there is no key. Name its file with -o peer_key, or say"
                            + " insecure_peers.");
                });
    }

    /** What must be equal on all nodes, in one number. */
    long digest(int replicas) {
        StringBuilder all = new StringBuilder(members.placement().getClass().getSimpleName())
                .append(' ')
                .append(replicas);
        nodes.forEach(node -> all.append('\n').append(node));
        for (int i = 0; i < addresses.size(); i++) {
            all.append('\n').append(members.name(i)).append(' ').append(addresses.get(i));
        }
        byte[] bytes = all.toString().getBytes(StandardCharsets.UTF_8);
        return Arrays.hashCode(bytes) * 31L + bytes.length;
    }

    ReplicationConfig config(Settings.Peers peers) {
        int replicas = Math.min(peers.replicas(), nodes.size());
        return ReplicationConfig.of(self, replicas, digest(replicas))
                .with(peers.warmupMaxSeconds() * 1000L, peers.antiEntropySeconds() * 1000L);
    }
}
