package io.karst.tuning.plot;

import java.util.Locale;

/** SVG text, element by element, on a white ground so that it reads the same in dark pages. Lengths are pixels. */
final class Svg {
    private static final String[] COLOURS = {
        "#4a6fa5", "#9bb3d4", "#c8553d", "#e9a178", "#6b8f71", "#a9c0ad", "#8e6c8a", "#c3aec1"
    };

    private final StringBuilder text = new StringBuilder();

    /**
     * An empty drawing.
     *
     * @param title what screen readers call it
     */
    Svg(int width, int height, String title) {
        this(width, height, title, "");
    }

    /**
     * An empty drawing.
     *
     * @param description what screen readers say of it, or empty
     */
    Svg(int width, int height, String title, String description) {
        text.append(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%d\" height=\"%d\" "
                        + "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                width, height, width, height));
        text.append("<title>").append(escape(title)).append("</title>\n");
        if (!description.isEmpty()) {
            text.append("<desc>").append(escape(description)).append("</desc>\n");
        }
        rectangle(0, 0, width, height, "#ffffff");
    }

    /** The colour of series {@code i}. */
    static String colour(int i) {
        return COLOURS[i % COLOURS.length];
    }

    /** A colour for the line of series {@code i}: the strong ones first. */
    static String lineColour(int i) {
        int strong = COLOURS.length / 2;
        return colour(2 * i + i / strong);
    }

    /** Another drawing inside of this one, its top left corner here. */
    void insert(int y, String document) {
        text.append(document.replaceFirst("<svg ", "<svg y=\"" + y + "\" "));
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
