package io.karst.appliance.metrics;

/** Prometheus' text exposition format 0.0.4. Source: prometheus.io, "Exposition formats". */
public final class TextFormat {
    /** What the answer's Content-Type says. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private TextFormat() {}

    /** All families of the table with their samples. Allocates some 40 KiB. */
    public static String of(Readings readings) {
        StringBuilder text = new StringBuilder(1 << 15);
        for (MetricFamily family : MetricTable.FAMILIES) {
            append(text, family, readings);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, MetricFamily family, Readings readings) {
        String name = family.name();
        text.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
        text.append("# TYPE ")
                .append(name)
                .append(' ')
                .append(family.kind().word())
                .append('\n');
        family.series().write(readings, (suffix, labels, value) -> {
            text.append(name).append(suffix);
            if (!labels.isEmpty()) {
                text.append('{').append(labels).append('}');
            }
            text.append(' ').append(value).append('\n');
        });
    }
}
