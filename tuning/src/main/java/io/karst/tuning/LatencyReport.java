package io.karst.tuning;

import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * The lines of {@code stats latency}: seven per operation class that was used, microseconds with two decimals.
 * <pre>
 *  get:count 1042
 *  get:p50_us 5.12
 *  get:p90_us 9.02
 *  get:p99_us 18.43
 *  get:p999_us 96.25
 *  get:p9999_us 310.27
 *  get:max_us 1425.41
 * </pre>
 */
public final class LatencyReport {
    private static final double NS_PER_US = 1_000;

    private LatencyReport() {}

    /** Gives each line's name and value to {@code lines}, in the order of {@link OperationClass}. */
    public static void write(LatencySnapshot snapshot, BiConsumer<String, String> lines) {
        for (int i = 0; i < OperationClass.count(); i++) {
            OperationClass operation = OperationClass.at(i);
            long count = snapshot.count(operation);
            if (count == 0) {
                continue;
            }
            String label = operation.label();
            lines.accept(label + ":count", Long.toString(count));
            lines.accept(label + ":p50_us", us(snapshot.p50Ns(operation)));
            lines.accept(label + ":p90_us", us(snapshot.p90Ns(operation)));
            lines.accept(label + ":p99_us", us(snapshot.p99Ns(operation)));
            lines.accept(label + ":p999_us", us(snapshot.p999Ns(operation)));
            lines.accept(label + ":p9999_us", us(snapshot.p9999Ns(operation)));
            lines.accept(label + ":max_us", us(snapshot.maxNs(operation)));
        }
    }

    private static String us(long ns) {
        return String.format(Locale.ROOT, "%.2f", ns / NS_PER_US);
    }
}
