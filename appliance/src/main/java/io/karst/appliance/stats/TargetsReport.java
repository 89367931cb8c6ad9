package io.karst.appliance.stats;

import io.karst.appliance.config.Settings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code stats slo}: what was promised, what was measured since the start or {@code stats reset}, and whether it holds.
 * <pre>
 *  slo PASS                         FAIL when one row says so
 *  read_p99_ms:verdict PASS         PASS, FAIL, or n/a where there is nothing to judge
 *  read_p99_ms:measured 0.812
 *  read_p99_ms:target 10
 * </pre>
 */
public final class TargetsReport {
    private static final double NS_PER_MS = 1_000_000;
    private static final double US_PER_MS = 1_000;
    private static final String PASS = "PASS";
    private static final String FAIL = "FAIL";
    private static final String NOTHING = "n/a";

    /**
     * What a server did.
     *
     * @param readP99Ns of gets; negative when none was timed
     * @param writeP99Ns of sets, deletes, incr and decr; negative when none was timed
     * @param hitPercent of gets; negative when there were none
     * @param storagePercent of the memory limit that items take
     * @param evicts whether items go when memory is full
     * @param lagP99Micros from a write here to its acknowledgement by the peer that is furthest behind; negative without one
     */
    public record Measured(
            long readP99Ns,
            long writeP99Ns,
            double hitPercent,
            double storagePercent,
            boolean evicts,
            long lagP99Micros) {}

    private final Map<String, String> rows = new LinkedHashMap<>();
    private boolean hasFailed;

    private TargetsReport() {}

    /** Gives every row, key and value, to {@code rows}. */
    public static void write(Settings.Targets targets, Measured measured, BiConsumer<String, String> rows) {
        TargetsReport report = new TargetsReport();
        report.judge(targets, measured);
        rows.accept("slo", report.hasFailed ? FAIL : PASS);
        report.rows.forEach(rows);
    }

    private void judge(Settings.Targets targets, Measured measured) {
        atMost("read_p99_ms", millis(measured.readP99Ns()), targets.readP99Millis(), true);
        atMost("write_p99_ms", millis(measured.writeP99Ns()), targets.writeP99Millis(), true);
        Double hits = measured.hitPercent() < 0 ? null : measured.hitPercent();
        row("hit_ratio_percent", hits, targets.hitPercent(), hits == null || hits >= targets.hitPercent(), true);
        // A cache that evicts is meant to be full: only somebody who says so wants it otherwise.
        boolean isJudged = !measured.evicts() || targets.judgesStorage();
        atMost("storage_percent", measured.storagePercent(), targets.storagePercent(), isJudged);
        Double lag = measured.lagP99Micros() < 0 ? null : measured.lagP99Micros() / US_PER_MS;
        atMost("replication_lag_ms", lag, targets.lagMillis(), true);
    }

    private static @Nullable Double millis(long nanos) {
        return nanos < 0 ? null : nanos / NS_PER_MS;
    }

    private void atMost(String name, @Nullable Double measured, int target, boolean isJudged) {
        row(name, measured, target, measured == null || measured <= target, isJudged);
    }

    private void row(String name, @Nullable Double measured, int target, boolean holds, boolean isJudged) {
        boolean hasVerdict = measured != null && isJudged;
        hasFailed |= hasVerdict && !holds;
        rows.put(name + ":verdict", hasVerdict ? holds ? PASS : FAIL : NOTHING);
        rows.put(name + ":measured", measured == null ? NOTHING : String.format(Locale.ROOT, "%.3f", measured));
        rows.put(name + ":target", Integer.toString(target));
    }
}
