package io.karst.ring;

import com.google.code.yanf4j.core.Session;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.rubyeye.xmemcached.XMemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.impl.KetamaMemcachedSessionLocator;
import net.rubyeye.xmemcached.networking.MemcachedSession;

/** Sets the keys on stdin to 1 through xmemcached: the client of {@code src/test/recorders/record}. */
public final class XmemcachedDriver {
    private static final long TIMEOUT_MS = 5_000;

    private XmemcachedDriver() {}

    /** Arguments are servers, {@code 10.0.0.1:11211=2}. */
    public static void main(String[] args) throws Exception {
        Map<InetSocketAddress, Integer> servers = SpymemcachedDriver.servers(args);
        int[] weights = servers.values().stream().mapToInt(Integer::intValue).toArray();
        XMemcachedClientBuilder builder = new XMemcachedClientBuilder(new ArrayList<>(servers.keySet()), weights);
        builder.setSessionLocator(new KetamaMemcachedSessionLocator());
        builder.setEnableHealSession(false);
        XMemcachedClient client = (XMemcachedClient) builder.build();
        for (String key : SpymemcachedDriver.keys()) {
            if (!client.set(key, 0, "1", TIMEOUT_MS)) {
                throw new IOException(key + " cannot be set");
            }
        }
        List<String> names = names(client, servers);
        client.shutdown();
        System.out.println("xmemcached 2.4.9, KetamaMemcachedSessionLocator");
        names.forEach(System.out::println);
    }

    /** What this client hashes for each server; a server that is down has no name. */
    private static List<String> names(XMemcachedClient client, Map<InetSocketAddress, Integer> servers) {
        Map<InetSocketAddress, String> names = new HashMap<>();
        for (Session session : client.getConnector().getSessionSet()) {
            names.put(
                    session.getRemoteSocketAddress(),
                    ((MemcachedSession) session).getInetSocketAddressWrapper().getRemoteAddressStr());
        }
        return servers.keySet().stream()
                .map(address -> names.getOrDefault(address, "-"))
                .toList();
    }
}
