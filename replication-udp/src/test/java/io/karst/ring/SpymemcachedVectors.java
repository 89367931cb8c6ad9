package io.karst.ring;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import net.spy.memcached.DefaultHashAlgorithm;
import net.spy.memcached.KetamaNodeLocator;
import net.spy.memcached.MemcachedNode;

/**
 * Asks spymemcached itself where keys live, and records its answers in {@code spymemcached-2.12.3.vectors}.
 *
 * <p>The file is the witness that survives a newer client; {@link SpyRedistributeTest} also asks the live one. Its header
 * carries the command that writes it again.
 */
public final class SpymemcachedVectors {
    static final String RESOURCE = "spymemcached-2.12.3.vectors";

    private static final int KEY_COUNT = 3_000;
    private static final long SEED = 20_261_120;

    private final KetamaNodeLocator locator;

    SpymemcachedVectors(List<InetSocketAddress> addresses) {
        List<MemcachedNode> nodes = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            nodes.add(node(address, nodes.size()));
        }
        locator = new KetamaNodeLocator(nodes, DefaultHashAlgorithm.KETAMA_HASH);
    }

    /** Writes the vectors to the path given. */
    public static void main(String[] args) throws IOException {
        StringBuilder out = new StringBuilder();
        out.append(
                "# Where spymemcached 2.12.3 puts keys: KetamaNodeLocator, KETAMA_HASH, FailureMode.Redistribute.\n");
        out.append(
                "# One line per key: primary, then the seven tries of getSequence, as node indexes, then the key.\n");
        out.append("# Recorded by io.karst.ring.SpymemcachedVectors:\n");
        out.append("#   mvn -q -pl replication-udp test-compile org.codehaus.mojo:exec-maven-plugin:3.5.0:java \\\n");
        out.append("#     -Dexec.classpathScope=test -Dexec.mainClass=io.karst.ring.SpymemcachedVectors \\\n");
        out.append("#     -Dexec.args=replication-udp/src/test/resources/io/karst/ring/" + RESOURCE + "\n");
        List<InetSocketAddress> addresses = fiveNodes();
        for (InetSocketAddress address : addresses) {
            out.append("node ").append(address).append('\n');
        }
        SpymemcachedVectors client = new SpymemcachedVectors(addresses);
        for (String key : keys(KEY_COUNT, new Random(SEED))) {
            out.append(client.primary(key)).append(' ');
            for (int node : client.tries(key)) {
                out.append(node);
            }
            out.append(' ').append(key).append('\n');
        }
        Files.writeString(Path.of(args[0]), out);
    }

    /** Five nodes, three by address as most people write them and two by name. */
    static List<InetSocketAddress> fiveNodes() throws UnknownHostException {
        return List.of(
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), 11211),
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 2}), 11211),
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 2}), 11212),
                new InetSocketAddress(InetAddress.getByAddress("cache4.example.org", new byte[] {10, 0, 0, 4}), 11211),
                new InetSocketAddress(InetAddress.getByAddress("cache5.example.org", new byte[] {10, 0, 0, 5}), 11211));
    }

    /** Different keys of every length a client may send, some of them not ASCII. */
    static List<String> keys(int count, Random random) {
        List<String> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            switch (i % 8) {
                case 0 -> keys.add(Integer.toString(i));
                case 1 -> keys.add("user:" + i + ":profil\u00e9");
                case 2 -> keys.add(i + ascii(random, i % 80 == 2 ? 240 : 60));
                default -> keys.add(i + ascii(random, 1 + random.nextInt(24)));
            }
        }
        return keys;
    }

    int primary(String key) {
        return index(locator.getPrimary(key));
    }

    int[] tries(String key) {
        int[] nodes = new int[SpyRedistribute.TRY_COUNT];
        Iterator<MemcachedNode> sequence = locator.getSequence(key);
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = index(sequence.next());
        }
        if (sequence.hasNext()) {
            throw new AssertionError("spymemcached tries more than " + nodes.length + " nodes");
        }
        return nodes;
    }

    static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private static String ascii(Random random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('!' + random.nextInt('~' - '!' + 1)));
        }
        return text.toString();
    }

    private static int index(MemcachedNode node) {
        return node.hashCode();
    }

    /** A node that has an address and an index (its hash code), and no connection. */
    private static MemcachedNode node(InetSocketAddress address, int index) {
        return (MemcachedNode) Proxy.newProxyInstance(
                SpymemcachedVectors.class.getClassLoader(),
                new Class<?>[] {MemcachedNode.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getSocketAddress" -> address;
                    case "hashCode" -> index;
                    case "equals" -> proxy == args[0];
                    case "toString" -> address.toString();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
