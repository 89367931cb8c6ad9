package io.karst.bench.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines over a common axis from 0: how something went with time. */
public final class LineChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 320;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 60;
    private static final int BOTTOM = 40;

    private final String title;
    private final String xName;
    private final List<String> names = new ArrayList<>();
    private final List<double[]> lines = new ArrayList<>();

    /** An empty chart; {@code xName} says what the horizontal axis counts. */
    public LineChart(String title, String xName) {
        this.title = title;
        this.xName = xName;
    }

    /** One line; its points are x and y by turns, x ascending. */
    public LineChart add(String name, double... points) {
        names.add(name);
        lines.add(points);
        return this;
    }

    /** The plot as SVG. */
    public String svg() {
        double xMost = 1e-9;
        double yMost = 1e-9;
        for (double[] line : lines) {
            for (int i = 0; i + 1 < line.length; i += 2) {
                xMost = Math.max(xMost, line[i]);
                yMost = Math.max(yMost, line[i + 1]);
            }
        }
        Scale x = new Scale(0, xMost, LEFT, WIDTH - RIGHT, false);
        Scale y = new Scale(0, yMost * 1.05, HEIGHT - BOTTOM, TOP, false);
        Svg svg = new Svg(WIDTH, HEIGHT);
        svg.label(10, 22, "start", title, 15, "#000000");
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), "#dddddd", 1);
            svg.label(LEFT - 6, y.at(tick) + 4, "end", String.format(Locale.ROOT, "%.2f", tick));
        }
        for (double tick : x.ticks()) {
            svg.label(x.at(tick), HEIGHT - BOTTOM + 16, "middle", String.format(Locale.ROOT, "%,.1f", tick));
        }
        svg.label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", xName);
        int legend = LEFT;
        for (int i = 0; i < lines.size(); i++) {
            double[] points = lines.get(i).clone();
            for (int p = 0; p + 1 < points.length; p += 2) {
                points[p] = x.at(points[p]);
                points[p + 1] = y.at(points[p + 1]);
            }
            svg.polyline(points, Svg.colour(2 * i));
            svg.rectangle(legend, 36, 12, 12, Svg.colour(2 * i));
            svg.label(legend + 17, 46, "start", names.get(i));
            legend += 34 + 7 * names.get(i).length();
        }
        return svg.document();
    }
}
