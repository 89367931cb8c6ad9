package io.karst.ring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.spy.memcached.DefaultConnectionFactory;
import net.spy.memcached.DefaultHashAlgorithm;
import net.spy.memcached.KetamaConnectionFactory;
import net.spy.memcached.KetamaNodeKeyFormatter;
import net.spy.memcached.MemcachedClient;
import net.spy.memcached.internal.OperationFuture;

/** Sets the keys on stdin to 1 through spymemcached: the client of {@code src/test/recorders/record}. */
public final class SpymemcachedDriver {
    private static final Logger QUIET = Logger.getLogger("net.spy");

    private SpymemcachedDriver() {}

    /** Arguments are servers, {@code 10.0.0.1:11211=2}; unless all weights are 1 the client is given them. */
    public static void main(String[] args) throws Exception {
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SunLogger");
        QUIET.setLevel(Level.OFF);
        Map<InetSocketAddress, Integer> weights = servers(args);
        boolean isWeighted = weights.values().stream().anyMatch(weight -> weight != 1);
        MemcachedClient client = new MemcachedClient(
                new KetamaConnectionFactory(
                        DefaultConnectionFactory.DEFAULT_OP_QUEUE_LEN,
                        DefaultConnectionFactory.DEFAULT_READ_BUFFER_SIZE,
                        DefaultConnectionFactory.DEFAULT_OP_QUEUE_MAX_BLOCK_TIME,
                        DefaultHashAlgorithm.KETAMA_HASH,
                        KetamaNodeKeyFormatter.Format.SPYMEMCACHED,
                        isWeighted ? weights : Map.of()),
                new ArrayList<>(weights.keySet()));
        try {
            awaitConnections(client, weights.size() - 1);
            for (String key : keys()) {
                set(client, key);
            }
        } finally {
            client.shutdown();
        }
        System.out.println("spymemcached 2.12.3, KetamaConnectionFactory");
        weights.keySet().forEach(address -> System.out.println(RingFormat.SPYMEMCACHED.name(address)));
    }

    /** Servers with their weights, in order. */
    static Map<InetSocketAddress, Integer> servers(String[] args) {
        Map<InetSocketAddress, Integer> servers = new LinkedHashMap<>();
        for (String word : args) {
            String[] parts = word.split("[:=]", 3);
            servers.put(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])), Integer.parseInt(parts[2]));
        }
        return servers;
    }

    /** The lines on stdin. */
    static List<String> keys() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            return in.lines().toList();
        }
    }

    /** Waits for all nodes but one. A set that comes earlier goes to whichever node is connected. */
    private static void awaitConnections(MemcachedClient client, int count) throws InterruptedException, IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (client.getAvailableServers().size() < count) {
            if (System.nanoTime() > deadlineNs) {
                throw new IOException("only " + client.getAvailableServers() + " can be connected");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /**
     * The first sets may meet a dead node that is not known as one yet, so there are several attempts. Keys whose seven tries are all the dead node fail for good.
     */
    private static void set(MemcachedClient client, String key) throws InterruptedException {
        boolean isSet = false;
        for (int attempt = 0; attempt < 5 && !isSet; attempt++) {
            isSet = isSet(client.set(key, 0, "1"));
        }
    }

    private static boolean isSet(OperationFuture<Boolean> set) throws InterruptedException {
        try {
            return set.get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
