package io.karst.appliance.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the table of metrics in {@code docs/operate/monitor.md}; {@code MetricsTest} fails while it differs. */
public final class MetricDocs {
    /** The command that writes it anew, from the top of the repository. */
    public static final String REFRESH_COMMAND = "mvn -q -pl appliance -am compile"
            + " && java -cp appliance/target/classes:tuning/target/classes io.karst.appliance.metrics.MetricDocs .";

    private static final String PAGE = "docs/operate/monitor.md";
    private static final String BEGIN = "<!-- metrics:begin -->\n";
    private static final String END = "<!-- metrics:end -->";

    private MetricDocs() {}

    /** Writes the page below the directory that the first argument names. */
    public static void main(String[] arguments) throws IOException {
        Path page = page(Path.of(arguments.length == 0 ? "." : arguments[0]));
        Files.writeString(page, withTable(Files.readString(page)));
    }

    static Path page(Path root) {
        return root.resolve(PAGE);
    }

    /** The page with the table between its two marks. */
    static String withTable(String page) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(
                    PAGE + ": no place for the table between " + BEGIN.strip() + " and " + END);
        }
        return page.substring(0, begin + BEGIN.length()) + table() + page.substring(end);
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| metric | type | labels | meaning |\n|---|---|---|---|\n");
        for (MetricFamily family : MetricTable.FAMILIES) {
            table.append("| `").append(family.name()).append("` | ");
            table.append(family.kind().word()).append(" | ");
            table.append(String.join(", ", family.labels())).append(" | ");
            table.append(family.help()).append(" |\n");
        }
        return table.toString();
    }
}
