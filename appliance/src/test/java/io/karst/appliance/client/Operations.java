package io.karst.appliance.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Which operations of a client worked on a server, and why the others did not. Not for use by several threads. */
final class Operations {
    /** Lengths of values: from empty to a mebibyte less the item's overhead. */
    static final List<Integer> SIZES =
            List.of(0, 1, 10, 255, 1024, 1400, 4096, 16_384, 65_536, 262_144, 1_000_000, (1 << 20) - 512);

    /** Beyond the server's largest item. */
    static final int TOO_LARGE = (1 << 20) + 1;

    static final String UNICODE = "значение ☃ 😀";
    private static final int RACE_ROUNDS = 25;
    private static final int PATIENCE_STEPS = 50;
    private static final int STEP_MILLIS = 100;

    private final Set<String> passed = new LinkedHashSet<>();
    private final Map<String, String> failed = new LinkedHashMap<>();

    /** Names of those that worked, in their order. */
    Set<String> passed() {
        return passed;
    }

    /** Those that did not: name to reason. */
    Map<String, String> failed() {
        return failed;
    }

    /** Runs one operation and compares its result; arrays by their elements. */
    void check(String operation, @Nullable Object expected, Callable<? extends @Nullable Object> body) {
        try {
            Object actual = body.call();
            note(operation, Objects.deepEquals(expected, actual), "got " + shown(actual));
        } catch (Exception e) {
            note(operation, false, "threw " + e);
        }
    }

    /** Runs one operation that the server or the client must refuse with an exception. */
    void checkRefused(String operation, Callable<? extends @Nullable Object> body) {
        try {
            note(operation, false, "got " + shown(body.call()));
        } catch (Exception e) {
            note(operation, true, "");
        }
    }

    /**
     * Lets two writers begin together, a number of rounds: of two with one token exactly one may win.
     *
     * @param prepare what comes before each round
     * @param write whether writer 0 or 1 won
     */
    void checkOneWins(String operation, Callable<? extends @Nullable Object> prepare, IntPredicate write) {
        check(operation, RACE_ROUNDS, () -> {
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
                int rounds = 0;
                while (rounds < RACE_ROUNDS) {
                    prepare.call();
                    CyclicBarrier start = new CyclicBarrier(2);
                    List<Future<Boolean>> writers = new ArrayList<>();
                    for (int i = 0; i < 2; i++) {
                        int writer = i;
                        writers.add(threads.submit(() -> {
                            start.await();
                            return write.test(writer);
                        }));
                    }
                    boolean first = writers.get(0).get();
                    if (first == writers.get(1).get()) {
                        return (first ? "two winners" : "no winner") + " in round " + rounds;
                    }
                    rounds++;
                }
                return rounds;
            } finally {
                threads.shutdownNow();
            }
        });
    }

    /** Waits, for some seconds, until an item with a short time to live is a miss. */
    void checkEnds(String operation, Callable<? extends @Nullable Object> get) {
        check(operation, true, () -> {
            for (int i = 0; i < PATIENCE_STEPS; i++) {
                if (get.call() == null) {
                    return true;
                }
                TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            }
            return false;
        });
    }

    /** Takes a line of a script's output: {@code ok <operation>} or {@code FAIL <operation>: <why>}. */
    void note(String line) {
        if (line.startsWith("ok ")) {
            note(line.substring(3), true, "");
        } else if (line.startsWith("FAIL ")) {
            int why = line.indexOf(": ");
            note(line.substring(5, why < 0 ? line.length() : why), false, line.substring(why + 2));
        } else if (!line.isBlank()) {
            note("script", false, line);
        }
    }

    private void note(String operation, boolean isGood, String why) {
        if (isGood && !failed.containsKey(operation)) {
            passed.add(operation);
        } else if (!isGood) {
            passed.remove(operation);
            failed.merge(operation, why, (all, more) -> all + "; " + more);
        }
    }

    /** A value of so many bytes, other bytes for every length. */
    static byte[] valueOf(int length) {
        byte[] value = new byte[length];
        for (int i = 0; i < length; i++) {
            value[i] = (byte) (i * 7 + length + (i >> 8));
        }
        return value;
    }

    private static String shown(@Nullable Object value) {
        String text = value instanceof byte[] bytes
                ? bytes.length + " bytes " + Arrays.hashCode(bytes)
                : String.valueOf(value);
        return text.length() > 160 ? text.substring(0, 160) : text;
    }
}
