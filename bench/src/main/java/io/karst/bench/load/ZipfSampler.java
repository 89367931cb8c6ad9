package io.karst.bench.load;

/**
 * Ranks with probability proportional to 1 / rank^s, by rejection-inversion: exact for every s &gt; 0, constant memory,
 * about 1.1 tries per rank.
 *
 * <p>The area under x^-s between k - 1/2 and k + 1/2 nearly equals the weight of rank k, and its integral can be
 * inverted; what it is too large by is rejected. Not thread-safe, because its random numbers are not. Source: Hörmann and
 * Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", ACM TOMACS 6(3), 1996.
 */
public final class ZipfSampler {
    private final int count;
    private final double s;
    private final double integralFirst;
    private final double integralLast;

    /** Ranks 0 to {@code count - 1} with exponent {@code s}. */
    public ZipfSampler(int count, double s) {
        if (count < 1 || !(s > 0)) {
            throw new IllegalArgumentException("zipf over " + count + " keys with exponent " + s);
        }
        this.count = count;
        this.s = s;
        this.integralFirst = integral(1.5) - 1;
        this.integralLast = integral(count + 0.5);
    }

    /** The next rank, 0 is the most frequent. */
    public int next(Mix64 random) {
        while (true) {
            double u = integralLast + random.unit() * (integralFirst - integralLast);
            double x = inverse(u);
            int rank = (int) Math.max(1, Math.min(count, Math.floor(x + 0.5)));
            if (u >= integral(rank + 0.5) - Math.pow(rank, -s)) {
                return rank - 1;
            }
        }
    }

    /** The integral of x^-s, up to a constant. */
    private double integral(double x) {
        double log = Math.log(x);
        double power = (1 - s) * log;
        return log * (Math.abs(power) < 1e-8 ? 1 + power / 2 : Math.expm1(power) / power);
    }

    private double inverse(double area) {
        double t = Math.max(-1, area * (1 - s));
        return Math.exp(area * (Math.abs(t) < 1e-8 ? 1 - t / 2 : Math.log1p(t) / t));
    }
}
