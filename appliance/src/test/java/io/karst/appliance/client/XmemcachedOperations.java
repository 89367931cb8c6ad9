package io.karst.appliance.client;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.rubyeye.xmemcached.CASOperation;
import net.rubyeye.xmemcached.GetsResponse;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.MemcachedClientBuilder;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.command.BinaryCommandFactory;
import net.rubyeye.xmemcached.command.TextCommandFactory;
import net.rubyeye.xmemcached.transcoders.SerializingTranscoder;

/** Every operation of xmemcached, over text and binary: its login is not awaited, so that the first commands after it fail anywhere. */
final class XmemcachedOperations {
    private static final int LONG_AGO = 2_592_001;

    private final Endpoint server;
    private final Operations operations;

    private XmemcachedOperations(Endpoint server, Operations operations) {
        this.server = server;
        this.operations = operations;
    }

    /** Runs all of them. */
    static void run(Endpoint server, Operations operations) throws IOException {
        XmemcachedOperations all = new XmemcachedOperations(server, operations);
        MemcachedClient client = all.connect();
        MemcachedClient other = all.connect();
        try {
            all.checkAll(client, other);
        } finally {
            client.shutdown();
            other.shutdown();
        }
    }

    private MemcachedClient connect() throws IOException {
        MemcachedClientBuilder builder = new XMemcachedClientBuilder(List.of(server.address()));
        builder.setCommandFactory(
                server.dialect() == Dialect.TEXT ? new TextCommandFactory() : new BinaryCommandFactory());
        builder.setOpTimeout(20_000);
        builder.setTranscoder(new SerializingTranscoder(4 << 20));
        MemcachedClient client = builder.build();
        client.setEnableHealSession(false);
        return client;
    }

    private void checkAll(MemcachedClient c, MemcachedClient other) {
        operations.check("flushAll", null, () -> {
            c.flushAll();
            return c.get("k1");
        });
        operations.check("set short ttl", true, () -> c.set("ttl", 1, "x"));
        checkStoring(c);
        checkMany(c);
        checkCounting(c);
        checkCas(c, other);
        checkNoReply(c);
        checkExpiry(c);
        checkValues(c);
        checkNamespace(c);
        operations.check(
                "getVersions",
                true,
                () -> c.getVersions().values().iterator().next().startsWith("1."));
        operations.check("stats", true, () -> c.stats(server.address()).containsKey("evictions"));
        operations.check("getStats", true, () -> hasRow(c.getStats(), "pid"));
        operations.check(
                "getStatsByItem items",
                true,
                () -> !c.getStatsByItem("items").values().iterator().next().isEmpty());
        operations.check("getStatsByItem slabs", true, () -> hasRow(c.getStatsByItem("slabs"), "total_malloced"));
        if (server.dialect() == Dialect.TEXT) {
            operations.check("verbosity", null, () -> {
                c.setLoggingLevelVerbosity(server.address(), 0);
                c.setLoggingLevelVerbosityWithNoReply(server.address(), 0);
                return c.get("nothere");
            });
        }
        operations.checkEnds("short ttl ends", () -> c.get("ttl"));
        operations.check("flushAllWithNoReply", null, () -> {
            c.flushAllWithNoReply();
            return c.get("k1");
        });
    }

    private static boolean hasRow(Map<?, Map<String, String>> stats, String row) {
        return stats.values().iterator().next().containsKey(row);
    }

    private void checkStoring(MemcachedClient c) {
        operations.check("get miss", null, () -> c.get("a"));
        operations.check("replace miss", false, () -> c.replace("a", 0, "0"));
        operations.check("add", true, () -> c.add("a", 0, "1"));
        operations.check("add exists", false, () -> c.add("a", 0, "2"));
        operations.check("replace", true, () -> c.replace("a", 0, "3"));
        operations.check("append", true, () -> c.append("a", "4"));
        operations.check("prepend", true, () -> c.prepend("a", "2"));
        operations.check("append miss", false, () -> c.append("nothere", "4"));
        operations.check("prepend miss", false, () -> c.prepend("nothere", "4"));
        operations.check("get", "234", () -> c.get("a"));
        operations.check("touch", true, () -> c.touch("a", 100));
        operations.check("touch miss", false, () -> c.touch("nothere", 100));
        operations.check("delete", true, () -> c.delete("a"));
        operations.check("delete miss", false, () -> c.delete("a"));
    }

    private void checkMany(MemcachedClient c) {
        List<String> keys = IntStream.range(0, 1500).mapToObj(i -> "k" + i).toList();
        operations.check("1000 sets without reply", "vk999", () -> {
            for (String key : keys.subList(0, 1000)) {
                c.setWithNoReply(key, 0, "v" + key);
            }
            return c.get("k999");
        });
        operations.check("get of 1000", 1000, () -> c.get(keys).size());
        operations.check(
                "get of several", Map.of("k1", "vk1", "k2", "vk2"), () -> c.get(List.of("k1", "nothere", "k2")));
        operations.check(
                "gets of several",
                Set.of("k1", "k2"),
                () -> c.gets(List.of("k1", "nothere", "k2")).keySet());
    }

    private void checkCounting(MemcachedClient c) {
        operations.check("incr creates", 10L, () -> c.incr("n", 5, 10));
        operations.check("incr", 15L, () -> c.incr("n", 5));
        operations.check("decr", 8L, () -> c.decr("n", 7));
        operations.check("decr below zero", 0L, () -> c.decr("n", 100));
        operations.check("decr creates", 7L, () -> c.decr("n2", 1, 7));
        operations.check("incrWithNoReply", 9L, () -> {
            c.incrWithNoReply("n2", 3);
            return c.decr("n2", 1);
        });
        operations.check("decrWithNoReply", 9L, () -> {
            c.decrWithNoReply("n2", 1);
            return c.incr("n2", 1);
        });
        operations.check("counter", 43L, () -> c.getCounter("counter", 40).addAndGet(3));
        operations.checkRefused("incr text", () -> c.set("text", 0, "abc") ? c.incr("text", 1) : null);
    }

    private void checkCas(MemcachedClient c, MemcachedClient other) {
        operations.check("gets miss", null, () -> c.gets("cas"));
        operations.check("cas", true, () -> {
            c.set("cas", 0, "1");
            return c.cas("cas", 0, "2", c.gets("cas").getCas());
        });
        operations.check("cas stale", false, () -> {
            GetsResponse<String> old = c.gets("cas");
            c.set("cas", 0, "3");
            return c.cas("cas", 0, "4", old.getCas());
        });
        operations.check("cas operation", true, () -> c.cas("cas", 0, to("5")));
        operations.check("casWithNoReply", "6", () -> {
            c.casWithNoReply("cas", to("6"));
            return c.get("cas");
        });
        MemcachedClient[] writers = {c, other};
        long[] token = new long[1];
        operations.checkOneWins(
                "cas race",
                () -> {
                    c.set("race", 0, "0");
                    token[0] = c.gets("race").getCas();
                    return token[0];
                },
                i -> isTrue(() -> writers[i].cas("race", 0, "won by " + i, token[0])));
        operations.checkOneWins("add race", () -> c.delete("race"), i -> isTrue(() -> writers[i].add("race", 0, "x")));
    }

    private interface Answer {
        boolean get() throws Exception;
    }

    private static boolean isTrue(Answer answer) {
        try {
            return answer.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static CASOperation<String> to(String value) {
        return new CASOperation<>() {
            @Override
            public int getMaxTries() {
                return 2;
            }

            @Override
            public String getNewValue(long token, String old) {
                return value;
            }
        };
    }

    private void checkNoReply(MemcachedClient c) {
        operations.check("addWithNoReply", "1", () -> {
            c.addWithNoReply("q", 0, "1");
            c.addWithNoReply("q", 0, "2");
            return c.get("q");
        });
        operations.check("replaceWithNoReply", "3", () -> {
            c.replaceWithNoReply("q", 0, "3");
            c.replaceWithNoReply("nothere", 0, "3");
            return c.get("q");
        });
        operations.check("appendWithNoReply", "34", () -> {
            c.appendWithNoReply("q", "4");
            c.appendWithNoReply("nothere", "4");
            return c.get("q");
        });
        operations.check("prependWithNoReply", "234", () -> {
            c.prependWithNoReply("q", "2");
            return c.get("q");
        });
        operations.check("deleteWithNoReply", null, () -> {
            c.deleteWithNoReply("q");
            c.deleteWithNoReply("nothere");
            return c.get("q");
        });
    }

    private void checkExpiry(MemcachedClient c) {
        operations.check("set long ttl", "x", () -> c.set("e", 1000, "x") ? c.get("e") : "not stored");
        operations.check("set expired", null, () -> c.set("e", LONG_AGO, "x") ? c.get("e") : "not stored");
        operations.check("touch away", null, () -> {
            c.set("e", 0, "x");
            return c.touch("e", LONG_AGO) ? c.get("e") : "not touched";
        });
        if (server.dialect() != Dialect.TEXT) {
            operations.check("getAndTouch", "x", () -> {
                c.set("e", 0, "x");
                return c.getAndTouch("e", 100);
            });
            operations.check("getAndTouch away", null, () -> {
                c.getAndTouch("e", LONG_AGO);
                return c.get("e");
            });
        }
    }

    private void checkValues(MemcachedClient c) {
        SerializingTranscoder uncompressed = new SerializingTranscoder(4 << 20);
        uncompressed.setCompressionThreshold(Integer.MAX_VALUE);
        for (int size : Operations.SIZES) {
            byte[] value = Operations.valueOf(size);
            operations.check(
                    "set and get " + size,
                    value,
                    () -> c.set("size", 0, value, uncompressed) ? c.get("size", uncompressed) : "not stored");
        }
        operations.checkRefused(
                "set too large", () -> c.set("size", 0, new byte[Operations.TOO_LARGE], uncompressed) ? true : null);
        operations.check("get after too large", null, () -> c.get("size"));
        String again = "again ".repeat(10_000);
        operations.check("compressed", again, () -> c.set("z", 0, again) ? c.get("z") : "not stored");
        operations.check(
                "unicode value",
                Operations.UNICODE,
                () -> c.set("u", 0, Operations.UNICODE) ? c.get("u") : "not stored");
        operations.check("list", List.of("a", 1), () -> c.set("l", 0, List.of("a", 1)) ? c.get("l") : "not stored");
        operations.check("unicode key", "x", () -> c.set("ключ", 0, "x") ? c.get("ключ") : "not stored");
        String key = "k".repeat(250);
        operations.check("key of 250", "x", () -> c.set(key, 0, "x") ? c.get(key) : "not stored");
        operations.checkRefused("key of 251", () -> c.set(key + "k", 0, "x"));
    }

    private void checkNamespace(MemcachedClient c) {
        operations.check(
                "withNamespace",
                "x",
                () -> c.withNamespace("app", own -> {
                    own.set("a", 0, "x");
                    return own.get("a");
                }));
        operations.check("invalidateNamespace", null, () -> {
            c.invalidateNamespace("app");
            return c.withNamespace("app", own -> own.get("a"));
        });
    }
}
