package io.karst.appliance.metrics;

import java.util.List;

/**
 * One row of {@link MetricTable}: a name with all its samples.
 *
 * @param name in Prometheus' words, unit included
 * @param kind what rules such as {@code rate} may do with it
 * @param labels names of the labels, in the order of their samples
 * @param help one sentence, for whoever meets it in a query
 * @param series writes the samples
 */
record MetricFamily(String name, Kind kind, List<String> labels, String help, Series series) {
    /** Prometheus' types. */
    enum Kind {
        /** Only grows, but for a restart or {@code stats reset}. */
        COUNTER("counter"),
        /** Goes up and down. */
        GAUGE("gauge"),
        /** Counts up to bounds, with sum and count. */
        HISTOGRAM("histogram"),
        /** Sum and count. */
        SUMMARY("summary");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As a TYPE line has it. */
        String word() {
            return word;
        }
    }

    /** Writes the samples of a family. */
    @FunctionalInterface
    interface Series {
        /** Gives each sample to {@code to}; none, when the server has nothing of the kind. */
        void write(Readings from, Sink to);
    }

    /** Takes samples. */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes one.
         *
         * @param suffix of the name: empty, or {@code _bucket}, {@code _sum}, {@code _count}
         * @param labels as {@link Labels} writes them, or empty
         * @param value a number
         */
        void sample(String suffix, String labels, String value);

        /** Takes one without a suffix. */
        default void sample(String labels, String value) {
            sample("", labels, value);
        }

        /** Takes one without a suffix. */
        default void sample(String labels, long value) {
            sample("", labels, Long.toString(value));
        }
    }

    /** Copies the list. */
    MetricFamily {
        labels = List.copyOf(labels);
    }
}
