package io.karst.tuning.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** Lines over a common axis: how something goes with time, with depth or with the share of requests. */
public final class LineChart {
    static final int WIDTH = 900;
    static final int HEIGHT = 320;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 60;
    private static final int BOTTOM = 40;

    private final String title;
    private final String xName;
    private final List<String> names = new ArrayList<>();
    private final List<double[]> lines = new ArrayList<>();
    private boolean xLogarithmic;
    private boolean yLogarithmic;
    private DoubleFunction<String> xLabel = tick -> String.format(Locale.ROOT, "%,.1f", tick);

    /** An empty chart whose axes begin at 0; {@code xName} says what the horizontal axis counts. */
    public LineChart(String title, String xName) {
        this.title = title;
        this.xName = xName;
    }

    /** Both axes, or one, by equal ratios; they begin at the power of ten below the least value, which is above 0. */
    public LineChart logarithmic(boolean x, boolean y) {
        xLogarithmic = x;
        yLogarithmic = y;
        return this;
    }

    /** How the numbers under the horizontal axis are written. */
    public LineChart xLabels(DoubleFunction<String> label) {
        xLabel = label;
        return this;
    }

    /** One line; its points are x and y by turns, x ascending. */
    public LineChart add(String name, double... points) {
        names.add(name);
        lines.add(points);
        return this;
    }

    /** The plot as SVG. */
    public String svg() {
        Scale x = scale(0, 1, LEFT, WIDTH - RIGHT, xLogarithmic);
        Scale y = scale(1, 1.05, HEIGHT - BOTTOM, TOP, yLogarithmic);
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        svg.label(10, 22, "start", title, 15, "#000000");
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), "#dddddd", 1);
            svg.label(LEFT - 6, y.at(tick) + 4, "end", number(tick));
        }
        for (double tick : x.ticks()) {
            svg.label(x.at(tick), HEIGHT - BOTTOM + 16, "middle", xLabel.apply(tick));
        }
        svg.label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", xName);
        int legend = LEFT;
        for (int i = 0; i < lines.size(); i++) {
            double[] points = lines.get(i).clone();
            for (int p = 0; p + 1 < points.length; p += 2) {
                points[p] = x.at(points[p]);
                points[p + 1] = y.at(points[p + 1]);
            }
            svg.polyline(points, Svg.lineColour(i));
            svg.rectangle(legend, 36, 12, 12, Svg.lineColour(i));
            svg.label(legend + 17, 46, "start", names.get(i));
            legend += 34 + 7 * names.get(i).length();
        }
        return svg.document();
    }

    /** The axis for the first or the second number of each pair; {@code room} leaves some above the largest. */
    private Scale scale(int first, double room, double start, double end, boolean logarithmic) {
        double least = Double.MAX_VALUE;
        double most = 1e-9;
        for (double[] line : lines) {
            for (int i = first; i < line.length; i += 2) {
                least = Math.min(least, line[i]);
                most = Math.max(most, line[i]);
            }
        }
        double from = logarithmic && !lines.isEmpty() ? Math.pow(10, Math.floor(Math.log10(least))) : 0;
        return new Scale(from, most * room, start, end, logarithmic && !lines.isEmpty());
    }

    private static String number(double tick) {
        return String.format(Locale.ROOT, tick >= 10 ? "%,.0f" : "%.2f", tick);
    }
}
