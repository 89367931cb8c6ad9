package io.karst.appliance.differential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Random meta commands, flag by flag as clients use them. What 1.6.18 does not know (E, x, N in ms, C in mg, I) is left to the
 * recorded sessions of 1.6.45.
 */
final class MetaSteps implements Function<Random, Step> {
    private final TextSteps text = new TextSteps();

    @Override
    public Step apply(Random random) {
        String key = TextSteps.KEYS.get(random.nextInt(TextSteps.KEYS.size() - 1));
        boolean isEncoded = random.nextInt(6) == 0;
        String written =
                isEncoded ? Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.ISO_8859_1)) : key;
        String b = isEncoded ? " b" : "";
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 ->
                Step.text("mg " + written
                        + flags(
                                random, b, "v", "f", "s", "t", "k", "q", "h", "u", "c", "O1", "Oopaque", "N0", "N1000",
                                "R30", "R2000", "T0", "T1000", "Lx", "Py")
                        + broken(random, "mg") + "\r\n");
            case 4, 5, 6 -> metaSet(random, key, written, b);
            case 7 -> remove(random, key, written, b);
            case 8 -> Step.text("ma " + written + arithmetic(random, b) + broken(random, "ma") + "\r\n");
            default -> text.apply(random);
        };
    }

    // memcached gives the exptime of T to the old item when the number outgrows it, and so loses it: only down, then.
    private static String arithmetic(Random random, String b) {
        String flags = flags(
                random, b, "v", "t", "c", "k", "q", "O2", "N0", "N1000", "J5", "D7", "MD", "MI", "M+", "M-", "T500",
                "T0");
        return flags.contains(" T") ? flags.replaceAll(" M[-+DI]", "") + " MD" : flags;
    }

    private static Step metaSet(Random random, String key, String written, String b) {
        String value = TextSteps.value(random);
        String line = "ms " + written + " " + value.length()
                + flags(
                        random,
                        b,
                        "c",
                        "k",
                        "q",
                        "O3",
                        "F5",
                        "F4294967295",
                        "T0",
                        "T1000",
                        "T-1",
                        "ME",
                        "MA",
                        "MP",
                        "MR",
                        "MS")
                + broken(random, "ms");
        boolean comparesCas = random.nextInt(5) == 0;
        String data = "\r\n" + value + "\r\n";
        return comparesCas ? Step.withToken(line + " C{cas}" + data, key) : Step.text(line + data);
    }

    private static Step remove(Random random, String key, String written, String b) {
        String line = "md " + written + flags(random, b, "q", "k", "O4") + broken(random, "md");
        return random.nextInt(3) == 0 ? Step.withToken(line + " C{cas}\r\n", key) : Step.text(line + "\r\n");
    }

    /** Some of the flags, one of each letter, in any order. */
    private static String flags(Random random, String first, String... known) {
        List<String> chosen = new ArrayList<>();
        List<Character> letters = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            String flag = known[random.nextInt(known.length)];
            if (!letters.contains(flag.charAt(0))) {
                letters.add(flag.charAt(0));
                chosen.add(" " + flag);
            }
        }
        chosen.add(first);
        Collections.shuffle(chosen, random);
        return String.join("", chosen);
    }

    private static String broken(Random random, String name) {
        if (random.nextInt(30) != 0) {
            return "";
        }
        return switch (name) {
            case "mg" -> TextSteps.pick(random, " !", " z", " Tx", " Nx", " Rx", " v v", " k k", " T", " \u00e9");

            case "ms" -> TextSteps.pick(random, " !", " z", " Tx", " Fx", " Mx", " c c");
            default -> TextSteps.pick(random, " !", " z", " q q", " k k");
        };
    }
}
