package io.karst.appliance.differential;

import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Random commands of the classic text protocol, most of them right. */
final class TextSteps implements Function<Random, Step> {
    static final List<String> KEYS = List.of("k0", "k1", "k2", "k3", "k4", "k5", "k6", "\u00e9\u0001", "k".repeat(250));

    private static final String TOO_LONG_KEY = "K".repeat(251);
    private static final int LINE_MAX = 2048;
    private static final int HARMLESS = 39;
    private static final List<String> NAMES = List.of("set", "add", "replace", "append", "prepend", "cas");

    @Override
    public Step apply(Random random) {
        String end = random.nextInt(8) == 0 ? "\n" : "\r\n";
        return switch (random.nextInt(24)) {
            case 0, 1, 2, 3 -> Step.text((random.nextBoolean() ? "get" : "get ") + keys(random) + end);
            case 4, 5, 6, 7, 8, 9 -> storage(random);
            case 10, 11 -> Step.text("delete" + space(random) + key(random) + noreply(random) + end);
            case 12, 13, 14 ->
                Step.text((random.nextBoolean() ? "incr " : "decr ") + key(random) + " "
                        + pick(random, "1", "1", "5", "0", "100", "1000000007", "18446744073709551616", "-1", "x", "1x")
                        + noreply(random) + end);
            case 15, 16 -> Step.text("touch " + key(random) + " " + exptime(random) + noreply(random) + end);
            case 17, 18 -> gat(random, end);
            case 19 ->
                Step.text(pick(
                                random,
                                "verbosity 0",
                                "verbosity 0 noreply",
                                "verbosity 0 0 0",
                                "mn",
                                "shutdown",
                                "cache_memlimit x",
                                "cache_memlimit 1",
                                "flush_all x",
                                "slabs automove 0",
                                "slabs automove x",
                                "slabs reassign 1 2 3 x",
                                "lru tune x",
                                "lru nonsense",
                                "lru_crawler sleep 1",
                                "lru_crawler sleep x",
                                "lru_crawler nonsense",
                                "stats detail off",
                                "stats detail nonsense",
                                "stats nonsense",
                                "stats sizes",
                                "stats detail")
                        + end);
            case 20 ->
                Step.text(pick(
                                random,
                                "nonsense",
                                "GET k0",
                                "gets",
                                "get",
                                "set",
                                "set k0",
                                "set k0 0",
                                "set k0 0 0",
                                "touch k0",
                                "delete",
                                "incr k0",
                                "decr",
                                "cas k0 0 0",
                                "gat",
                                "gat 0",
                                "gats",
                                "a",
                                "",
                                "get  k0  k1 ",
                                " get k0",
                                "foo bar baz",
                                "version x",
                                "mg",
                                "noreply",
                                "get\tk0",
                                "me",
                                "mn x",
                                "verbosity",
                                "verbosity x")
                        + end);
            default -> storage(random);
        };
    }

    private static Step storage(Random random) {
        int misfit = random.nextInt(40);
        return storage(random, misfit).last(misfit <= 3);
    }

    private static Step storage(Random random, int wanted) {
        int misfit = wanted;
        String name = NAMES.get(random.nextInt(NAMES.size()));
        String key = key(random);
        String value = value(random);
        if (value.length() > LINE_MAX / 2) {
            // What 1.6.18 refuses, it takes for a command line, and closes when that is too long.
            misfit = HARMLESS;
            key = KEYS.get(random.nextInt(KEYS.size()));
        }
        int length = value.length();
        // One thing wrong at a time: two of them say nothing that can be compared.
        boolean isBroken = misfit > 3 && misfit != HARMLESS && random.nextInt(6) == 0;
        String announced = switch (misfit) {
            case 0 -> Integer.toString(length + 1);
            case 1 -> Integer.toString(Math.max(0, length - 1));
            case 2 -> pick(random, "-1", "x", "1x", "", "4294967298x");
            default -> Integer.toString(length);
        };
        String flags = isBroken && random.nextBoolean()
                ? pick(random, "-1", "x", "4294967297x")
                : pick(random, "0", "0", "0", "1", "4294967295", "65536");
        String head = name + space(random) + key + " " + flags + " "
                + (isBroken ? exptime(random) : goodExptime(random)) + " " + announced;
        String data = noreply(random) + "\r\n" + value + (misfit == 3 ? "\n" : "\r\n");
        if (!name.equals("cas")) {
            return Step.text(head + data);
        }
        return switch (random.nextInt(6)) {
            case 0 -> Step.text(head + " 0" + data);
            case 1 -> Step.text(head + " " + (isBroken ? pick(random, "x", "-1", "1x") : "1") + data);
            case 2 -> Step.text(head + " " + Tokens.WRONG + data);
            default -> Step.withToken(head + " {cas}" + data, key);
        };
    }

    static String key(Random random) {
        return random.nextInt(200) == 0 ? TOO_LONG_KEY : KEYS.get(random.nextInt(KEYS.size()));
    }

    // memcached touches the keys before one that is too long, and answers as if it had not; we do what we say.
    private static Step gat(Random random, String end) {
        String keys = keys(random);
        boolean isComparable = !keys.contains(TOO_LONG_KEY) || keys.trim().equals(TOO_LONG_KEY);
        return Step.text("gat " + exptime(random) + (isComparable ? keys : " k0 k1") + end);
    }

    private static String keys(Random random) {
        StringBuilder keys = new StringBuilder();
        for (int i = random.nextInt(4) == 0 ? random.nextInt(6) : 1; i > 0; i--) {
            keys.append(space(random)).append(key(random));
        }
        return keys.toString();
    }

    private static String space(Random random) {
        return random.nextInt(12) == 0 ? "   " : " ";
    }

    private static String noreply(Random random) {
        return random.nextInt(8) == 0 ? " noreply" : "";
    }

    private static String goodExptime(Random random) {
        return random.nextInt(3) > 0 ? "0" : pick(random, "1000", "-1", "2592000", "2592001", "-2147483648");
    }

    private static String exptime(Random random) {
        return random.nextInt(3) > 0 ? goodExptime(random) : pick(random, "4000000000", "x", "1x");
    }

    static String value(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> "v".repeat(random.nextInt(random.nextInt(10) == 0 ? 30_000 : 2000));
            // Not above 2^63: there 1.6.18 looks for a minus sign, also behind the end of the value.
            case 2 -> "4611686018427387903";
            case 3 -> "x" + random.nextInt(100);
            case 4 -> "12 ";
            default -> Integer.toString(random.nextInt(1000));
        };
    }

    static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
