package io.karst.bench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The median of some rounds and how far they lie apart.
 *
 * @param median middle value; the mean of the two middle ones when their number is even
 * @param least smallest value
 * @param most largest value
 */
public record Spread(double median, double least, double most) {
    /** Of these values, at least one. */
    public static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** Of one figure of each sample. */
    static <T> Spread of(Iterable<T> samples, ToDoubleFunction<T> figure) {
        List<Double> values = new ArrayList<>();
        samples.forEach(sample -> values.add(figure.applyAsDouble(sample)));
        return of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** The ratio of two figures, round by round: the rounds of one pair lie seconds apart, the pairs minutes. */
    static Spread ratio(double[] over, double[] under) {
        double[] ratios = new double[over.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = over[i] / under[i];
        }
        return of(ratios);
    }

    /** {@code 1.02 [0.98–1.07]}. */
    String text(String format) {
        return String.format(Locale.ROOT, format + " [" + format + "–" + format + "]", median, least, most);
    }
}
