package io.karst.tuning.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars in groups, with whiskers from the least to the most, and an optional reference line. The scale is
 * linear from 0, or logarithmic when the values span more than a factor of 50.
 */
public final class BarChart {
    private static final int LEFT = 260;
    private static final int RIGHT = 90;
    private static final int WIDTH = 900;
    private static final int BAR = 13;
    private static final int GAP = 12;
    private static final int TOP = 64;

    private final String title;
    private final List<String> series;
    private final double reference;
    private final List<String> groups = new ArrayList<>();
    private final List<double[][]> bars = new ArrayList<>();

    /** Bars of these series; {@code reference} is where a line goes, 0 for none. */
    public BarChart(String title, List<String> series, double reference) {
        this.title = title;
        this.series = List.copyOf(series);
        this.reference = reference;
    }

    /** One group: for each series its value, least and most; a value of 0 draws nothing. */
    public BarChart add(String group, double[]... valueLeastMost) {
        groups.add(group);
        bars.add(valueLeastMost);
        return this;
    }

    /** The plot as SVG. */
    public String svg() {
        double most = Math.max(reference, 1e-9);
        double least = Double.MAX_VALUE;
        for (double[][] group : bars) {
            for (double[] bar : group) {
                most = Math.max(most, bar[2]);
                least = bar[0] > 0 ? Math.min(least, bar[1]) : least;
            }
        }
        boolean logarithmic = most > 50 * least;
        double from = logarithmic ? Math.pow(10, Math.floor(Math.log10(Math.max(least, most * 1e-9)))) : 0;
        int groupHeight = series.size() * BAR + GAP;
        int bottom = TOP + groups.size() * groupHeight;
        Svg svg = new Svg(WIDTH, bottom + 30, title);
        svg.label(10, 22, "start", title, 15, "#000000");
        legend(svg);
        Scale scale = new Scale(from, most * 1.03, LEFT, WIDTH - RIGHT, logarithmic);
        for (double tick : scale.ticks()) {
            svg.line(scale.at(tick), TOP - 6, scale.at(tick), bottom, "#dddddd", 1);
            svg.label(scale.at(tick), bottom + 16, "middle", number(tick));
        }
        for (int g = 0; g < groups.size(); g++) {
            drawGroup(svg, scale, g, TOP + g * groupHeight);
        }
        if (reference > 0) {
            svg.line(scale.at(reference), TOP - 6, scale.at(reference), bottom, "#000000", 1.5);
        }
        return svg.document();
    }

    private void legend(Svg svg) {
        int x = LEFT;
        for (int s = 0; s < series.size(); s++) {
            svg.rectangle(x, 36, 12, 12, Svg.colour(s));
            svg.label(x + 17, 46, "start", series.get(s));
            x += 34 + 7 * series.get(s).length();
        }
    }

    private void drawGroup(Svg svg, Scale scale, int g, int y) {
        svg.label(LEFT - 8, y + series.size() * BAR / 2.0 + 4, "end", groups.get(g));
        double[][] group = bars.get(g);
        for (int s = 0; s < group.length; s++) {
            double value = group[s][0];
            if (value <= 0) {
                continue;
            }
            double top = y + s * BAR;
            svg.rectangle(LEFT, top, Math.max(1, scale.at(value) - LEFT), BAR - 2, Svg.colour(s));
            double middle = top + (BAR - 2) / 2.0;
            svg.line(scale.at(group[s][1]), middle, scale.at(group[s][2]), middle, "#222222", 1);
            svg.label(scale.at(group[s][2]) + 4, top + BAR - 3, "start", number(value), 10, "#444444");
        }
    }

    private static String number(double value) {
        if (value == 0 || value >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : value >= 0.1 ? "%.2f" : "%.3f", value);
    }
}
