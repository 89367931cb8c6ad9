package io.karst.appliance.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Value sizes of a Meta key-value cache (kvcache_reg-sizes.json of CacheLib): range starts and how often each occurs. A key
 * has the same size every time it is asked for. Source: shared/traces/README.md.
 */
final class ValueSizes {
    private final int[] starts;
    private final long[] cumulated;
    private final long seed;

    /** Reads the distribution; another seed gives keys other sizes. */
    ValueSizes(Path json, long seed) throws IOException {
        String text = Files.readString(json);
        long[] weights = numbers(text, "valSizeRangeProbability");
        starts = Arrays.stream(numbers(text, "valSizeRange"))
                .mapToInt(Math::toIntExact)
                .toArray();
        Arrays.parallelPrefix(weights, Long::sum);
        cumulated = weights;
        this.seed = seed;
    }

    /** Bytes of the value of a key. */
    int sizeOf(int key) {
        long random = mix(seed + key);
        long at = Long.remainderUnsigned(random, cumulated[cumulated.length - 1]);
        int found = Arrays.binarySearch(cumulated, at + 1);
        int range = found >= 0 ? found : -found - 1;
        int width = range + 1 < starts.length ? starts[range + 1] - starts[range] : 1;
        return starts[range] + (int) Long.remainderUnsigned(mix(random), width);
    }

    /** The value itself, different for every key. */
    byte[] valueOf(int key) {
        byte[] value = new byte[sizeOf(key)];
        long state = seed ^ key;
        for (int i = 0; i < value.length; i++) {
            if ((i & 7) == 0) {
                state = mix(state + i + 1);
            }
            value[i] = (byte) (state >>> ((i & 7) << 3));
        }
        return value;
    }

    /** SplitMix64's finalizer. */
    private static long mix(long x) {
        long z = x + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private static long[] numbers(String json, String name) {
        Matcher array =
                Pattern.compile("\"" + name + "\"\\s*:\\s*\\[([^\\]]*)\\]").matcher(json);
        if (!array.find()) {
            throw new IllegalArgumentException("no " + name);
        }
        return Pattern.compile(",")
                .splitAsStream(array.group(1))
                .mapToLong(number -> Long.parseLong(number.trim()))
                .toArray();
    }
}
