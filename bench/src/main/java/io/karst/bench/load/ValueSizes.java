package io.karst.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The length of each key's value: a pure function of the key's number and a seed, so that a key never changes its size.
 * Immutable; no allocation per question.
 */
public final class ValueSizes {
    private static final int QUANTILES = 1 << 16;

    /** {@code lengths[i]} is drawn when the key's hash falls below {@code cumulative[i]}; from there to {@code next}. */
    private final int[] lengths;

    private final int[] spans;
    private final double[] cumulative;
    private final long seed;
    private final int lengthMax;
    private final String name;

    private ValueSizes(String name, int[] lengths, int[] spans, double[] cumulative, long seed) {
        this.name = name;
        this.lengths = lengths;
        this.spans = spans;
        this.cumulative = cumulative;
        this.seed = seed;
        int max = 0;
        for (int i = 0; i < lengths.length; i++) {
            max = Math.max(max, lengths[i] + spans[i] - 1);
        }
        this.lengthMax = max;
    }

    /**
     * Reads what an option said: {@code 200}, {@code lognormal:<median>:<sigma>} or {@code json:<file>}, a file as
     * CacheLib's {@code sizes.json}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static ValueSizes of(String spec, long seed) {
        String[] parts = spec.split(":", 3);
        try {
            return switch (parts[0]) {
                case "lognormal" -> lognormal(Integer.parseInt(parts[1]), Double.parseDouble(parts[2]), seed);
                case "json" -> ofJson(Path.of(spec.substring("json:".length())), seed);
                default -> fixed(Integer.parseInt(spec));
            };
        } catch (IOException e) {
            throw new IllegalArgumentException("value size " + spec + ": the file cannot be read: " + e, e);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "value size " + spec + ": not <bytes>, lognormal:<median>:<sigma> or json:<file>", e);
        }
    }

    /** All values {@code length} bytes long. */
    public static ValueSizes fixed(int length) {
        if (length < 0) {
            throw new IllegalArgumentException("value size " + length + ": below 0");
        }
        return new ValueSizes(length + " B", new int[] {length}, new int[] {1}, new double[] {1}, 0);
    }

    /**
     * Lognormal lengths in 65,536 equally likely steps, from 1 byte up; the largest is exp(4.3 sigma) times the median.
     */
    public static ValueSizes lognormal(int median, double sigma, long seed) {
        int[] lengths = new int[QUANTILES];
        int[] spans = new int[QUANTILES];
        double[] cumulative = new double[QUANTILES];
        Arrays.fill(spans, 1);
        for (int i = 0; i < QUANTILES; i++) {
            double z = normalQuantile((i + 0.5) / QUANTILES);
            lengths[i] = (int) Math.max(1, Math.min(Integer.MAX_VALUE / 2, Math.round(median * Math.exp(sigma * z))));
            cumulative[i] = (i + 1.0) / QUANTILES;
        }
        return new ValueSizes("lognormal median " + median + " B sigma " + sigma, lengths, spans, cumulative, seed);
    }

    /** Ranges of lengths with their weights; within a range every length is equally likely. */
    public static ValueSizes ranges(String name, int[] starts, double[] weights, long seed) {
        int count = weights.length;
        double total = Arrays.stream(weights).sum();
        int[] lengths = new int[count];
        int[] spans = new int[count];
        double[] cumulative = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
            lengths[i] = starts[i];
            spans[i] = i + 1 < starts.length ? Math.max(1, starts[i + 1] - starts[i]) : 1;
            cumulative[i] = sum / total;
        }
        return new ValueSizes(name, lengths, spans, cumulative, seed);
    }

    private static ValueSizes ofJson(Path file, long seed) throws IOException {
        String text = Files.readString(file);
        double[] starts = numbers(text, "valSizeRange");
        double[] weights = numbers(text, "valSizeRangeProbability");
        int[] lengths = Arrays.stream(starts).mapToInt(start -> (int) start).toArray();
        return ranges("" + file.getFileName(), lengths, weights, seed);
    }

    private static double[] numbers(String json, String key) {
        int at = json.indexOf('"' + key + '"');
        int from = json.indexOf('[', at);
        int to = json.indexOf(']', from);
        if (at < 0 || from < 0 || to < 0) {
            throw new IllegalArgumentException("no array " + key);
        }
        return Arrays.stream(json.substring(from + 1, to).split(","))
                .mapToDouble(number -> Double.parseDouble(number.trim()))
                .toArray();
    }

    /** The length of the value of key {@code id}, bytes. */
    public int length(long id) {
        if (lengths.length == 1) {
            return lengths[0];
        }
        long hash = Mix64.mix(id + seed * 0x9E3779B97F4A7C15L);
        double u = Mix64.unit(hash);
        int i = Arrays.binarySearch(cumulative, u);
        i = Math.min(i < 0 ? ~i : i + 1, lengths.length - 1);
        return spans[i] == 1 ? lengths[i] : lengths[i] + (int) Long.remainderUnsigned(Mix64.mix(hash), spans[i]);
    }

    /** The longest value, bytes. */
    public int lengthMax() {
        return lengthMax;
    }

    /** These sizes, cut off at {@code max} bytes. */
    public ValueSizes atMost(int max) {
        int[] cut = Arrays.stream(lengths).map(length -> Math.min(length, max)).toArray();
        int[] cutSpans = new int[spans.length];
        for (int i = 0; i < spans.length; i++) {
            cutSpans[i] = Math.max(1, Math.min(spans[i], max - cut[i]));
        }
        return new ValueSizes(name, cut, cutSpans, cumulative, seed);
    }

    /** These sizes, none shorter than {@code min} bytes. */
    public ValueSizes atLeast(int min) {
        int[] raised = new int[lengths.length];
        int[] raisedSpans = new int[spans.length];
        for (int i = 0; i < lengths.length; i++) {
            raised[i] = Math.max(lengths[i], min);
            raisedSpans[i] = Math.max(1, lengths[i] + spans[i] - raised[i]);
        }
        return new ValueSizes(name, raised, raisedSpans, cumulative, seed);
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * The standard normal quantile by Newton's method on the error function's series; only used to fill a table, so
     * accuracy counts and speed does not.
     */
    static double normalQuantile(double p) {
        double z = 0;
        for (int i = 0; i < 200; i++) {
            double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
            double step = (normalProbability(z) - p) / density;
            step = Math.max(-0.5, Math.min(0.5, step));
            z -= step;
            if (Math.abs(step) < 1e-12) {
                break;
            }
        }
        return z;
    }

    /** The standard normal probability: 1/2 + density * (z + z^3/3 + z^5/15 + ...), exact to 1e-12 for |z| below 6. */
    static double normalProbability(double z) {
        double term = z;
        double sum = z;
        for (int n = 3; Math.abs(term) > 1e-18; n += 2) {
            term *= z * z / n;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }
}
