package io.karst.appliance.robustness;

import java.util.List;

/**
 * The straight line of least squares through samples.
 *
 * @param slope units of y per unit of x
 * @param standardError of the slope, as if the deviations from the line were independent
 */
record Trend(double slope, double standardError) {
    /** One sample. */
    record Point(double x, double y) {}

    /** Through three points or more. */
    static Trend of(List<Point> points) {
        double meanX = points.stream().mapToDouble(Point::x).average().orElseThrow();
        double meanY = points.stream().mapToDouble(Point::y).average().orElseThrow();
        double squares = 0;
        double products = 0;
        for (Point point : points) {
            squares += (point.x - meanX) * (point.x - meanX);
            products += (point.x - meanX) * (point.y - meanY);
        }
        double slope = products / squares;
        double residual = 0;
        for (Point point : points) {
            double deviation = point.y - meanY - slope * (point.x - meanX);
            residual += deviation * deviation;
        }
        return new Trend(slope, Math.sqrt(residual / (points.size() - 2) / squares));
    }
}
