package io.karst.bench.plot;

import java.util.Locale;

/** SVG text, element by element, on a white ground so that it reads the same in dark pages. Lengths are pixels. */
final class Svg {
    private static final String[] COLOURS = {
        "#4a6fa5", "#9bb3d4", "#c8553d", "#e9a178", "#6b8f71", "#a9c0ad", "#8e6c8a", "#c3aec1"
    };

    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height) {
        text.append(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                        + "font-family=\"sans-serif\" font-size=\"12\">%n",
                width, height, width, height));
        rectangle(0, 0, width, height, "#ffffff");
    }

    /** The colour of series {@code i}. */
    static String colour(int i) {
        return COLOURS[i % COLOURS.length];
    }

    void rectangle(double x, double y, double width, double height, String fill) {
        text.append(format(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                x, y, width, height, fill));
    }

    void line(double x1, double y1, double x2, double y2, String stroke, double width) {
        text.append(format(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>%n",
                x1, y1, x2, y2, stroke, width));
    }

    /** Points are x and y by turns. */
    void polyline(double[] points, String stroke) {
        text.append("<polyline fill=\"none\" stroke-width=\"1.6\" stroke=\"")
                .append(stroke)
                .append("\" points=\"");
        for (int i = 0; i + 1 < points.length; i += 2) {
            text.append(format("%.1f,%.1f ", points[i], points[i + 1]));
        }
        text.append("\"/>\n");
    }

    /** Anchor is {@code start}, {@code middle} or {@code end}. */
    void label(double x, double y, String anchor, String words) {
        label(x, y, anchor, words, 12, "#222222");
    }

    void label(double x, double y, String anchor, String words, int size, String fill) {
        text.append(format(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\" fill=\"%s\">%s</text>%n",
                x, y, anchor, size, fill, escape(words)));
    }

    private static String escape(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /** The whole document. */
    String document() {
        return text + "</svg>\n";
    }
}
