package io.karst.appliance.client;

import com.spotify.folsom.AsciiMemcacheClient;
import com.spotify.folsom.BinaryMemcacheClient;
import com.spotify.folsom.GetResult;
import com.spotify.folsom.MemcacheClient;
import com.spotify.folsom.MemcacheClientBuilder;
import com.spotify.folsom.MemcacheStatus;
import com.spotify.folsom.MemcachedStats;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Every operation of folsom, over text, binary and SASL. */
final class FolsomOperations {
    private static final long PATIENCE_SECONDS = 20;

    private final Endpoint server;
    private final Operations operations;

    private FolsomOperations(Endpoint server, Operations operations) {
        this.server = server;
        this.operations = operations;
    }

    /** Runs all of them. */
    static void run(Endpoint server, Operations operations) throws Exception {
        FolsomOperations all = new FolsomOperations(server, operations);
        MemcacheClientBuilder<String> strings = MemcacheClientBuilder.newStringClient();
        MemcacheClient<String> client = all.connect(strings, server.password());
        MemcacheClient<String> other = all.connect(strings, server.password());
        MemcacheClient<byte[]> bytes = all.connect(MemcacheClientBuilder.newByteArrayClient(), server.password());
        try {
            for (MemcacheClient<?> each : List.of(client, other, bytes)) {
                each.awaitFullyConnected(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            all.checkAll(client, other, bytes);
        } finally {
            client.shutdown();
            other.shutdown();
            bytes.shutdown();
        }
        if (server.dialect() == Dialect.SASL) {
            all.checkStranger();
        }
    }

    private <V> MemcacheClient<V> connect(MemcacheClientBuilder<V> builder, String password) {
        builder.withAddress(server.host(), server.port())
                .withKeyCharset(StandardCharsets.UTF_8)
                .withMaxSetLength(4 << 20)
                .withConnectionTimeoutMillis(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        if (server.dialect() == Dialect.SASL) {
            builder.withUsernamePassword(server.user(), password);
        }
        return server.dialect() == Dialect.TEXT ? builder.connectAscii() : builder.connectBinary();
    }

    private static <T extends @Nullable Object> T get(CompletionStage<T> answer) throws Exception {
        return answer.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void checkAll(MemcacheClient<String> c, MemcacheClient<String> other, MemcacheClient<byte[]> bytes) {
        operations.check("flushAll", MemcacheStatus.OK, () -> get(c.flushAll(0)));
        operations.check("set short ttl", MemcacheStatus.OK, () -> get(c.set("ttl", "x", 1)));
        checkStoring(c);
        checkMany(c);
        checkCas(c, other);
        checkExpiry(c);
        checkValues(c, bytes);
        if (c instanceof AsciiMemcacheClient<String> text) {
            checkTextCounting(text);
        } else if (c instanceof BinaryMemcacheClient<String> binary) {
            checkBinary(binary);
        }
        for (String group : List.of("", "items", "slabs")) {
            operations.check("getStats " + group, true, () -> hasRows(get(c.getStats(group))));
        }
        operations.check("deleteAll", MemcacheStatus.OK, () -> get(c.deleteAll("k5")));
        for (String key : List.of("ttl", "touched")) {
            operations.checkEnds("short ttl of " + key + " ends", () -> get(c.get(key)));
        }
        operations.check(
                "flushAll again", null, () -> get(c.flushAll(0)) == MemcacheStatus.OK ? get(c.get("k1")) : "kept");
    }

    private static boolean hasRows(Map<String, MemcachedStats> stats) {
        return !stats.values().iterator().next().getStats().isEmpty();
    }

    private void checkStoring(MemcacheClient<String> c) {
        operations.check("get miss", null, () -> get(c.get("a")));
        operations.check("replace miss", true, () -> get(c.replace("a", "0", 0)) != MemcacheStatus.OK);
        operations.check("add", MemcacheStatus.OK, () -> get(c.add("a", "1", 0)));
        operations.check("add exists", true, () -> get(c.add("a", "2", 0)) != MemcacheStatus.OK);
        operations.check("replace", MemcacheStatus.OK, () -> get(c.replace("a", "3", 0)));
        operations.check("append", MemcacheStatus.OK, () -> get(c.append("a", "4")));
        operations.check("prepend", MemcacheStatus.OK, () -> get(c.prepend("a", "2")));
        operations.check("append miss", MemcacheStatus.ITEM_NOT_STORED, () -> get(c.append("nothere", "4")));
        operations.check("prepend miss", MemcacheStatus.ITEM_NOT_STORED, () -> get(c.prepend("nothere", "4")));
        operations.check("get", "234", () -> get(c.get("a")));
        operations.check("set with flags", 7, () -> {
            get(c.set("flags", "x", 0, 7));
            return get(c.casGet("flags")).getFlags();
        });
        operations.check("touch", MemcacheStatus.OK, () -> get(c.touch("a", 100)));
        operations.check("touch miss", MemcacheStatus.KEY_NOT_FOUND, () -> get(c.touch("nothere", 100)));
        operations.check("delete", MemcacheStatus.OK, () -> get(c.delete("a")));
        operations.check("delete miss", MemcacheStatus.KEY_NOT_FOUND, () -> get(c.delete("a")));
    }

    private void checkMany(MemcacheClient<String> c) {
        List<String> keys = IntStream.range(0, 1000).mapToObj(i -> "k" + i).toList();
        operations.check("1000 sets in flight", 1000L, () -> {
            List<CompletionStage<MemcacheStatus>> answers = new ArrayList<>();
            for (int from = 0; from < keys.size(); from += 250) {
                for (String key : keys.subList(from, from + 250)) {
                    answers.add(c.set(key, "v" + key, 0));
                }
                get(answers.get(answers.size() - 1));
            }
            long stored = 0;
            for (CompletionStage<MemcacheStatus> answer : answers) {
                stored += get(answer) == MemcacheStatus.OK ? 1 : 0;
            }
            return stored;
        });
        operations.check(
                "get of several", Arrays.asList("vk1", null, "vk2"), () -> get(c.get(List.of("k1", "nothere", "k2"))));
        operations.check(
                "getAsMap of 200",
                200,
                () -> get(c.getAsMap(keys.subList(0, 200))).size());
        operations.check(
                "casGet of several",
                "vk2",
                () -> get(c.casGet(List.of("k1", "nothere", "k2"))).get(2).getValue());
        operations.check(
                "casGetAsMap",
                2,
                () -> get(c.casGetAsMap(List.of("k1", "nothere", "k2"))).size());
    }

    private void checkCas(MemcacheClient<String> c, MemcacheClient<String> other) {
        operations.check("casGet miss", null, () -> get(c.casGet("cas")));
        operations.check("set with cas", MemcacheStatus.OK, () -> {
            get(c.set("cas", "1", 0));
            return get(c.set("cas", "2", 0, tokenOf(c, "cas")));
        });
        operations.check("set with stale cas", MemcacheStatus.KEY_EXISTS, () -> {
            long old = tokenOf(c, "cas");
            get(c.set("cas", "3", 0));
            return get(c.set("cas", "4", 0, old));
        });
        operations.check(
                "set with cas and flags", MemcacheStatus.OK, () -> get(c.set("cas", "5", 0, tokenOf(c, "cas"), 9)));
        operations.check("set with cas miss", MemcacheStatus.KEY_NOT_FOUND, () -> get(c.set("nothere", "5", 0, 12L)));
        List<MemcacheClient<String>> writers = List.of(c, other);
        long[] token = new long[1];
        operations.checkOneWins(
                "cas race",
                () -> {
                    get(c.set("race", "0", 0));
                    token[0] = tokenOf(c, "race");
                    return token[0];
                },
                i -> isOk(writers.get(i).set("race", "won by " + i, 0, token[0])));
        operations.checkOneWins(
                "add race",
                () -> get(c.delete("race")),
                i -> isOk(writers.get(i).add("race", "x", 0)));
    }

    private static boolean isOk(CompletionStage<MemcacheStatus> answer) {
        try {
            return get(answer) == MemcacheStatus.OK;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static long tokenOf(MemcacheClient<String> c, String key) throws Exception {
        GetResult<String> seen = get(c.casGet(key));
        return seen.getCas();
    }

    /** This client sends no time in the past. */
    private void checkExpiry(MemcacheClient<String> c) {
        operations.check(
                "set long ttl", "x", () -> get(c.set("e", "x", 1000)) == MemcacheStatus.OK ? get(c.get("e")) : "");
        operations.check("touch short ttl", MemcacheStatus.OK, () -> {
            get(c.set("touched", "x", 0));
            return get(c.touch("touched", 1));
        });
    }

    private void checkValues(MemcacheClient<String> c, MemcacheClient<byte[]> bytes) {
        for (int size : Operations.SIZES) {
            byte[] value = Operations.valueOf(size);
            operations.check(
                    "set and get " + size,
                    value,
                    () -> get(bytes.set("size", value, 0)) == MemcacheStatus.OK
                            ? get(bytes.get("size"))
                            : "not stored");
        }
        operations.check(
                "unicode value",
                Operations.UNICODE,
                () -> get(c.set("u", Operations.UNICODE, 0)) == MemcacheStatus.OK ? get(c.get("u")) : "not stored");
        operations.check(
                "unicode key", "x", () -> get(c.set("ключ", "x", 0)) == MemcacheStatus.OK ? get(c.get("ключ")) : "");
        String key = "k".repeat(250);
        operations.check("key of 250", "x", () -> get(c.set(key, "x", 0)) == MemcacheStatus.OK ? get(c.get(key)) : "");
        operations.checkRefused("key of 251", () -> get(c.set(key + "k", "x", 0)));
    }

    private void checkTextCounting(AsciiMemcacheClient<String> c) {
        operations.check("incr miss", null, () -> get(c.incr("n", 1)));
        operations.check("decr miss", null, () -> get(c.decr("n", 1)));
        operations.check("incr", 15L, () -> get(c.set("n", "10", 0)) == MemcacheStatus.OK ? get(c.incr("n", 5)) : "");
        operations.check("decr", 8L, () -> get(c.decr("n", 7)));
        operations.check("decr below zero", 0L, () -> get(c.decr("n", 100)));
    }

    private void checkBinary(BinaryMemcacheClient<String> c) {
        operations.check("incr creates", 10L, () -> get(c.incr("n", 5, 10, 0)));
        operations.check("incr", 15L, () -> get(c.incr("n", 5, 10, 0)));
        operations.check("decr", 8L, () -> get(c.decr("n", 7, 10, 0)));
        operations.check("decr below zero", 0L, () -> get(c.decr("n", 100, 10, 0)));
        operations.check("decr creates", 7L, () -> get(c.decr("n2", 1, 7, 0)));
        operations.check("noop", null, () -> get(c.noop()));
        operations.check("getAndTouch miss", null, () -> get(c.getAndTouch("nothere", 100)));
        operations.check(
                "getAndTouch",
                "x",
                () -> get(c.set("e", "x", 0)) == MemcacheStatus.OK ? get(c.getAndTouch("e", 100)) : "");
        operations.check(
                "casGetAndTouch", "x", () -> get(c.casGetAndTouch("e", 100)).getValue());
        operations.check("replace with stale cas", MemcacheStatus.KEY_EXISTS, () -> {
            get(c.set("cas", "1", 0));
            return get(c.replace("cas", "2", 0, 1L));
        });
        operations.check("replace with cas", MemcacheStatus.OK, () -> get(c.replace("cas", "2", 0, tokenOf(c, "cas"))));
        operations.check("append with stale cas", MemcacheStatus.KEY_EXISTS, () -> get(c.append("cas", "3", 1L)));
        operations.check("append with cas", MemcacheStatus.OK, () -> get(c.append("cas", "3", tokenOf(c, "cas"))));
        operations.check("prepend with cas", MemcacheStatus.OK, () -> get(c.prepend("cas", "1", tokenOf(c, "cas"))));
        operations.check("get after prepend with cas", "123", () -> get(c.get("cas")));
        operations.check("delete with stale cas", MemcacheStatus.KEY_EXISTS, () -> get(c.delete("cas", 1L)));
        operations.check("delete with cas", MemcacheStatus.OK, () -> get(c.delete("cas", tokenOf(c, "cas"))));
    }

    private void checkStranger() {
        MemcacheClient<String> stranger = connect(MemcacheClientBuilder.newStringClient(), "not " + server.password());
        try {
            operations.checkRefused("wrong password", () -> {
                stranger.awaitFullyConnected(2, TimeUnit.SECONDS);
                return get(stranger.get("a"));
            });
        } finally {
            stranger.shutdown();
        }
    }
}
