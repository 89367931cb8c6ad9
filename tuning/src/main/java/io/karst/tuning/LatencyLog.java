package io.karst.tuning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogScanner;
import org.jspecify.annotations.Nullable;

/**
 * What histogram logs say, put together per tag: the distribution over all of them, and a point per interval. Reads any log of
 * HdrHistogram's whose values are nanoseconds; lines without a tag count as {@value #UNTAGGED}. Not thread-safe.
 */
public final class LatencyLog {
    /** The name of what has none. */
    public static final String UNTAGGED = "all";

    private static final int DIGITS = 3;

    /**
     * One interval of one tag.
     *
     * @param atSeconds its end, in seconds since the Unix epoch, or since the log's start when that is what it says
     */
    public record Point(double atSeconds, long count, long p50Ns, long p99Ns, long maxNs) {}

    private final Map<String, Histogram> totals = new LinkedHashMap<>();
    private final Map<String, List<Point>> points = new LinkedHashMap<>();

    /**
     * Adds a log. A last line that is not whole, because the log is being written or its writer was killed, is left out.
     *
     * @throws IOException when the file cannot be read, or is no histogram log; the message names the file
     */
    public void read(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IOException(file + ": cannot be read");
        }
        Lines lines = new Lines();
        boolean isTorn;
        try (HistogramLogScanner scanner = new HistogramLogScanner(file.toFile())) {
            lines.of(scanner);
            isTorn = lines.count > 0 && !scanner.hasNextLine();
        }
        if (lines.failure != null && !isTorn) {
            throw new IOException(file + ": not a histogram log", lines.failure);
        }
        if (lines.count == 0) {
            throw new IOException(file + ": holds no interval");
        }
    }

    /** The tags, in the order in which they were met. */
    public Set<String> tags() {
        return totals.keySet();
    }

    /** How many values a tag has. */
    public long count(String tag) {
        return total(tag).getTotalCount();
    }

    /** The latency that {@code percent} of a tag's values, 0 to 100, did not exceed, ns. */
    public long percentileNs(String tag, double percent) {
        return total(tag).getValueAtPercentile(percent);
    }

    /** A tag's greatest value, ns. */
    public long maxNs(String tag) {
        return total(tag).getMaxValue();
    }

    /** A tag's intervals, in the order in which they were read. */
    public List<Point> points(String tag) {
        return points.getOrDefault(tag, List.of());
    }

    private Histogram total(String tag) {
        Histogram total = totals.get(tag);
        if (total == null) {
            throw new IllegalArgumentException("no " + tag + " in this log");
        }
        return total;
    }

    private void add(String tag, double endSeconds, AbstractHistogram interval) {
        totals.computeIfAbsent(tag, name -> new Histogram(DIGITS)).add(interval);
        points.computeIfAbsent(tag, name -> new ArrayList<>())
                .add(new Point(
                        endSeconds,
                        interval.getTotalCount(),
                        interval.getValueAtPercentile(50),
                        interval.getValueAtPercentile(99),
                        interval.getMaxValue()));
    }

    /** Takes a log's lines; true ends the reading. */
    private final class Lines implements HistogramLogScanner.EventHandler {
        private long count;
        private double baseSeconds;
        private @Nullable Throwable failure;

        private void of(HistogramLogScanner scanner) {
            try {
                scanner.process(this);
            } catch (NoSuchElementException e) {
                // It looks for the next line behind one that it could not read, even when that was the last.
                failure = e;
            }
        }

        @Override
        public boolean onComment(String comment) {
            return false;
        }

        @Override
        public boolean onBaseTime(double secondsSinceEpoch) {
            baseSeconds = secondsSinceEpoch;
            return false;
        }

        @Override
        public boolean onStartTime(double secondsSinceEpoch) {
            return false;
        }

        @Override
        public boolean onHistogram(
                @Nullable String tag,
                double timestamp,
                double length,
                HistogramLogScanner.EncodableHistogramSupplier supplier) {
            try {
                EncodableHistogram histogram = supplier.read();
                if (histogram instanceof AbstractHistogram interval) {
                    add(tag == null ? UNTAGGED : tag, baseSeconds + timestamp + length, interval);
                    count++;
                }
                return false;
            } catch (Exception e) {
                return onException(e);
            }
        }

        @Override
        public boolean onException(Throwable cause) {
            failure = cause;
            return true;
        }
    }
}
