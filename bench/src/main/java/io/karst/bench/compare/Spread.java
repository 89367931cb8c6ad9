package io.karst.bench.compare;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * The median of some rounds and how far to trust it.
 *
 * @param median middle value; the mean of the two middle ones when their number is even
 * @param least smallest value; of a ratio, the lower end of its interval
 * @param most largest value; of a ratio, the upper end of its interval
 */
public record Spread(double median, double least, double most) {
    private static final int RESAMPLES = 2_000;
    private static final long SEED = 42;

    /** Of these values, at least one. */
    public static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** Of one figure of each sample. */
    static <T> Spread of(Collection<T> samples, ToDoubleFunction<T> figure) {
        return of(values(samples, figure));
    }

    /** One figure of each sample, in order. */
    static <T> double[] values(Collection<T> samples, ToDoubleFunction<T> figure) {
        return samples.stream().mapToDouble(figure).toArray();
    }

    /**
     * The median ratio of two figures, taken round by round (the rounds of one pair lie seconds apart, the pairs minutes), and
     * between which values the median would lie in 95 of 100 repetitions: medians of rounds drawn from these, with
     * replacement. Source: Efron, "Bootstrap methods: another look at the jackknife", 1979, the percentile interval.
     */
    static Spread ratio(double[] over, double[] under) {
        double[] ratios = new double[over.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = over[i] / under[i];
        }
        Random random = new Random(SEED);
        double[] medians = new double[RESAMPLES];
        double[] drawn = new double[ratios.length];
        for (int i = 0; i < RESAMPLES; i++) {
            Arrays.setAll(drawn, at -> ratios[random.nextInt(ratios.length)]);
            medians[i] = of(drawn).median();
        }
        Arrays.sort(medians);
        int tail = RESAMPLES * 25 / 1000;
        return new Spread(of(ratios).median(), medians[tail], medians[RESAMPLES - 1 - tail]);
    }

    /** {@code 1.02 [0.98–1.07]}. */
    String text(String format) {
        return String.format(Locale.ROOT, format + " [" + format + "–" + format + "]", median, least, most);
    }
}
