package io.karst.tuning.plot;

import java.util.ArrayList;
import java.util.List;

/**
 * Values to pixels.
 *
 * @param from the value at {@code start}
 * @param to the value at {@code end}
 * @param start first pixel
 * @param end last pixel; smaller than {@code start} for an axis that points up
 * @param logarithmic whether equal ratios, not equal differences, are equally far apart
 */
record Scale(double from, double to, double start, double end, boolean logarithmic) {
    /** The pixel of a value; values outside stay at the edge. */
    double at(double value) {
        double share = logarithmic
                ? Math.log(Math.max(value, from) / from) / Math.log(to / from)
                : (value - from) / (to - from);
        return start + Math.max(0, Math.min(1, share)) * (end - start);
    }

    /** Round values to label, some four to ten. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (logarithmic) {
            for (double tick = from; tick <= to; tick *= 10) {
                ticks.add(tick);
            }
            return ticks;
        }
        double step = Math.pow(10, Math.floor(Math.log10((to - from) / 4)));
        while ((to - from) / step > 8) {
            step *= (to - from) / step > 20 ? 5 : 2;
        }
        for (int i = (int) Math.ceil(from / step); i * step <= to; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }
}
