package io.karst.appliance.client;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.spy.memcached.CASResponse;
import net.spy.memcached.CASValue;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.FailureMode;
import net.spy.memcached.MemcachedClient;
import net.spy.memcached.auth.AuthDescriptor;
import net.spy.memcached.auth.PlainCallbackHandler;
import net.spy.memcached.transcoders.LongTranscoder;
import net.spy.memcached.transcoders.SerializingTranscoder;

/** Every operation of spymemcached, over text, binary and SASL. */
final class SpymemcachedOperations {
    private static final int LONG_AGO = 2_592_001;

    private final Endpoint server;
    private final Operations operations;
    private final SerializingTranscoder uncompressed = new SerializingTranscoder(4 << 20);

    private SpymemcachedOperations(Endpoint server, Operations operations) {
        this.server = server;
        this.operations = operations;
        uncompressed.setCompressionThreshold(Integer.MAX_VALUE);
    }

    /** Runs all of them. */
    static void run(Endpoint server, Operations operations) throws IOException {
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SunLogger");
        SpymemcachedOperations all = new SpymemcachedOperations(server, operations);
        MemcachedClient client = all.connect(server.password());
        MemcachedClient other = all.connect(server.password());
        try {
            all.checkAll(client, other);
        } finally {
            client.shutdown();
            other.shutdown();
        }
        if (server.dialect() == Dialect.SASL) {
            all.checkStranger();
        }
    }

    private MemcachedClient connect(String password) throws IOException {
        boolean isText = server.dialect() == Dialect.TEXT;
        ConnectionFactoryBuilder builder = new ConnectionFactoryBuilder()
                .setProtocol(isText ? ConnectionFactoryBuilder.Protocol.TEXT : ConnectionFactoryBuilder.Protocol.BINARY)
                .setFailureMode(FailureMode.Retry)
                .setOpTimeout(20_000)
                .setDaemon(true);
        if (server.dialect() == Dialect.SASL) {
            builder.setAuthDescriptor(
                    new AuthDescriptor(new String[] {"PLAIN"}, new PlainCallbackHandler(server.user(), password)));
        }
        return new MemcachedClient(builder.build(), List.of(server.address()));
    }

    private void checkAll(MemcachedClient c, MemcachedClient other) {
        boolean isText = server.dialect() == Dialect.TEXT;
        operations.check("flush", true, () -> c.flush().get());
        operations.check("set short ttl", true, () -> c.set("ttl", 1, "x").get());
        checkStoring(c);
        checkMany(c);
        checkCounting(c);
        checkCas(c, other);
        checkExpiry(c, isText ? -1 : LONG_AGO);
        if (!isText) {
            checkGetAndTouch(c);
        }
        checkValues(c);
        operations.check(
                "getVersions",
                true,
                () -> c.getVersions().values().iterator().next().startsWith("1."));
        operations.check("getStats", true, () -> hasRow(c.getStats(), "evictions"));
        operations.check("getStats settings", true, () -> hasRow(c.getStats("settings"), "maxbytes"));
        operations.check(
                "getStats items",
                true,
                () -> !c.getStats("items").values().iterator().next().isEmpty());
        operations.check("getStats slabs", true, () -> hasRow(c.getStats("slabs"), "total_malloced"));
        operations.checkEnds("short ttl ends", () -> c.get("ttl"));
        operations.check("flush again", true, () -> c.flush().get());
        operations.check("get after flush", null, () -> c.get("k1"));
        if (!isText) {
            // Last: a client that has asked for them after its login gets no more answers.
            operations.check(
                    "listSaslMechanisms",
                    server.dialect() == Dialect.SASL,
                    () -> c.listSaslMechanisms().contains("PLAIN"));
        }
    }

    private static boolean hasRow(Map<?, Map<String, String>> stats, String row) {
        return stats.values().iterator().next().containsKey(row);
    }

    private void checkStoring(MemcachedClient c) {
        operations.check("get miss", null, () -> c.get("a"));
        operations.check("replace miss", false, () -> c.replace("a", 0, "0").get());
        operations.check("add", true, () -> c.add("a", 0, "1").get());
        operations.check("add exists", false, () -> c.add("a", 0, "2").get());
        operations.check("replace", true, () -> c.replace("a", 0, "3").get());
        operations.check("append", true, () -> c.append("a", "4").get());
        operations.check("prepend", true, () -> c.prepend("a", "2").get());
        operations.check("append miss", false, () -> c.append("nothere", "4").get());
        operations.check("prepend miss", false, () -> c.prepend("nothere", "4").get());
        operations.check("get", "234", () -> c.get("a"));
        operations.check("asyncGet", "234", () -> c.asyncGet("a").get());
        operations.check("touch", true, () -> c.touch("a", 100).get());
        operations.check("touch miss", false, () -> c.touch("nothere", 100).get());
        operations.check("delete", true, () -> c.delete("a").get());
        operations.check("delete miss", false, () -> c.delete("a").get());
    }

    private void checkMany(MemcachedClient c) {
        List<String> keys = IntStream.range(0, 1500).mapToObj(i -> "k" + i).toList();
        operations.check("1000 sets in flight", true, () -> {
            for (String key : keys.subList(0, 1000)) {
                Future<Boolean> unused = c.set(key, 0, "v" + key);
            }
            return c.waitForQueues(20, TimeUnit.SECONDS);
        });
        operations.check("getBulk of 1000", 1000, () -> c.getBulk(keys).size());
        operations.check("getBulk", Map.of("k1", "vk1", "k2", "vk2"), () -> c.getBulk("k1", "nothere", "k2"));
        operations.check(
                "asyncGetBulk",
                Map.of("k3", "vk3"),
                () -> c.asyncGetBulk("k3", "nothere").get());
    }

    private void checkCounting(MemcachedClient c) {
        operations.check("incr miss", -1L, () -> c.incr("n", 1));
        operations.check("incr creates", 10L, () -> c.incr("n", 5, 10));
        operations.check("incr", 15L, () -> c.incr("n", 5));
        operations.check("decr", 8L, () -> c.decr("n", 7));
        operations.check("decr below zero", 0L, () -> c.decr("n", 100));
        operations.check("decr creates", 7L, () -> c.decr("n2", 1, 7, 100));
        operations.check("asyncIncr", 9L, () -> c.asyncIncr("n2", 2).get());
        operations.check("asyncDecr", 6L, () -> c.asyncDecr("n2", 3).get());
        operations.check("get number", "6", () -> String.valueOf(c.get("n2")).trim());
        operations.check("incr text", true, () -> c.set("text", 0, "abc").get() && c.incr("text", 1) == -1);
    }

    private void checkCas(MemcachedClient c, MemcachedClient other) {
        operations.check("gets miss", null, () -> c.gets("cas"));
        operations.check("cas miss", CASResponse.NOT_FOUND, () -> c.cas("cas", 1, "x"));
        operations.check("cas", CASResponse.OK, () -> {
            c.set("cas", 0, "1").get();
            return c.cas("cas", tokenOf(c, "cas"), "2");
        });
        operations.check("cas stale", CASResponse.EXISTS, () -> {
            long old = tokenOf(c, "cas");
            c.set("cas", 0, "3").get();
            return c.cas("cas", old, "4");
        });
        operations.check(
                "asyncCAS with ttl",
                CASResponse.OK,
                () -> c.asyncCAS("cas", tokenOf(c, "cas"), 100, "5").get());
        operations.check("get after cas", "5", () -> c.get("cas"));
        if (server.dialect() != Dialect.TEXT) {
            operations.check(
                    "append with stale cas",
                    false,
                    () -> c.append(1, "cas", "x").get());
            operations.check(
                    "append with cas",
                    true,
                    () -> c.append(tokenOf(c, "cas"), "cas", "6").get());
            operations.check(
                    "delete with stale cas", false, () -> c.delete("cas", 1L).get());
            operations.check(
                    "delete with cas",
                    true,
                    () -> c.delete("cas", tokenOf(c, "cas")).get());
        }
        MemcachedClient[] writers = {c, other};
        long[] token = new long[1];
        operations.checkOneWins(
                "cas race",
                () -> {
                    c.set("race", 0, "0").get();
                    token[0] = tokenOf(c, "race");
                    return token[0];
                },
                i -> writers[i].cas("race", token[0], "won by " + i) == CASResponse.OK);
        operations.checkOneWins("add race", () -> c.delete("race").get(), i -> isTrue(writers[i].add("race", 0, "x")));
    }

    private static boolean isTrue(Future<Boolean> answer) {
        try {
            return answer.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static long tokenOf(MemcachedClient c, String key) {
        CASValue<Object> seen = c.gets(key);
        return seen.getCas();
    }

    private void checkExpiry(MemcachedClient c, int past) {
        operations.check("set long ttl", "x", () -> c.set("e", 1000, "x").get() ? c.get("e") : "not stored");
        operations.check("set expired", null, () -> c.set("e", past, "x").get() ? c.get("e") : "not stored");
        operations.check("touch away", null, () -> {
            c.set("e", 0, "x").get();
            return c.touch("e", past).get() ? c.get("e") : "not touched";
        });
    }

    private void checkGetAndTouch(MemcachedClient c) {
        operations.check("getAndTouch miss", null, () -> c.getAndTouch("nothere", 100));
        operations.check("getAndTouch", "x", () -> {
            c.set("e", 0, "x").get();
            return c.getAndTouch("e", 100).getValue();
        });
        operations.check(
                "asyncGetAndTouch away",
                "x",
                () -> c.asyncGetAndTouch("e", LONG_AGO).get().getValue());
        operations.check("get after getAndTouch away", null, () -> c.get("e"));
    }

    private void checkValues(MemcachedClient c) {
        for (int size : Operations.SIZES) {
            byte[] value = Operations.valueOf(size);
            operations.check(
                    "set and get " + size,
                    value,
                    () -> c.set("size", 0, value, uncompressed).get() ? c.get("size", uncompressed) : "not stored");
        }
        String again = "again ".repeat(10_000);
        operations.check("compressed", again, () -> c.set("z", 0, again).get() ? c.get("z") : "not stored");
        operations.check(
                "unicode value",
                Operations.UNICODE,
                () -> c.set("u", 0, Operations.UNICODE).get() ? c.get("u") : "not stored");
        operations.check(
                "list", List.of("a", 1), () -> c.set("l", 0, List.of("a", 1)).get() ? c.get("l") : "not stored");
        operations.check(
                "long",
                12L,
                () -> c.set("l", 0, 12L, new LongTranscoder()).get() ? c.get("l", new LongTranscoder()) : 0);
        operations.check("unicode key", "x", () -> c.set("ключ", 0, "x").get() ? c.get("ключ") : "not stored");
        String key = "k".repeat(250);
        operations.check("key of 250", "x", () -> c.set(key, 0, "x").get() ? c.get(key) : "not stored");
        operations.checkRefused("key of 251", () -> c.set(key + "k", 0, "x").get());
    }

    private void checkStranger() throws IOException {
        MemcachedClient stranger = connect("not " + server.password());
        try {
            operations.checkRefused(
                    "wrong password", () -> stranger.asyncGet("a").get(2, TimeUnit.SECONDS));
        } finally {
            stranger.shutdown();
        }
    }
}
