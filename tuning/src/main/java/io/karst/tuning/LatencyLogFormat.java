package io.karst.tuning;

import java.io.ByteArrayOutputStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Snapshots as lines of a histogram log, HdrHistogram's format V1.3: one line per {@link OperationClass} that was used, its
 * label as the tag, values in nanoseconds, times in seconds since the Unix epoch. Stateless; allocates some KiB per line.
 */
public final class LatencyLogFormat {
    private static final double MILLIS_PER_SECOND = 1_000;

    /** The column of the greatest value is in milliseconds, as the tools for these logs have it. */
    private static final double NS_PER_MS = 1_000_000;

    private LatencyLogFormat() {}

    /**
     * What a log begins with.
     *
     * @param comment a line for people, without line feeds
     * @param startMillis Unix time of the first interval
     */
    public static byte[] head(String comment, long startMillis) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HistogramLogWriter writer = new HistogramLogWriter(bytes);
        writer.outputComment("[" + comment + "]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(startMillis);
        writer.outputLegend();
        writer.close();
        return bytes.toByteArray();
    }

    /** One interval, between two Unix times in milliseconds; no bytes when nothing was recorded. */
    public static byte[] interval(LatencySnapshot snapshot, long startMillis, long endMillis) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HistogramLogWriter writer = new HistogramLogWriter(bytes);
        for (int i = 0; i < OperationClass.count(); i++) {
            OperationClass operation = OperationClass.at(i);
            Histogram histogram = snapshot.histogram(operation);
            if (histogram.getTotalCount() > 0) {
                histogram.setTag(operation.label());
                writer.outputIntervalHistogram(
                        startMillis / MILLIS_PER_SECOND, endMillis / MILLIS_PER_SECOND, histogram, NS_PER_MS);
            }
        }
        writer.close();
        return bytes.toByteArray();
    }
}
