package io.karst.appliance.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What {@code karst top} shows of two samples: rates between them, levels of the later one. */
final class TopFrame {
    /** The columns of {@link #line}. */
    static final String HEAD = String.format(
            "%9s %9s %9s %6s %10s %10s %7s %11s %6s %9s",
            "gets/s", "sets/s", "other/s", "hit%", "get_p99us", "set_p99us", "mem%", "items", "conns", "evict/s");

    private static final double MIB = 1 << 20;
    private static final List<String> OTHERS = List.of(
            "delete_hits", "delete_misses", "incr_hits", "incr_misses", "decr_hits", "decr_misses", "cmd_touch");

    private final TopSample before;
    private final TopSample now;
    private final double seconds;

    TopFrame(TopSample before, TopSample now) {
        this.before = before;
        this.now = now;
        this.seconds = Math.max(1e-3, (now.nanos() - before.nanos()) / (double) TimeUnit.SECONDS.toNanos(1));
    }

    /** Everything on one line. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%9.0f %9.0f %9.0f %6s %10s %10s %7.1f %11.0f %6.0f %9.0f",
                rate("cmd_get"),
                rate("cmd_set"),
                others(),
                percent(change("get_hits"), change("cmd_get")),
                now.micros("get:p99_us"),
                now.micros("set:p99_us"),
                memoryPercent(),
                now.number("curr_items"),
                now.number("curr_connections"),
                rate("evictions"));
    }

    /** A screen, some ten lines. */
    List<String> lines(Endpoint server, String intervalSeconds) {
        String version = now.stats().containsKey("karst_version")
                ? "karst " + now.stats().get("karst_version")
                : "version " + now.stats().getOrDefault("version", "?");
        return List.of(
                version + " at " + server + ", up " + uptime((long) now.number("uptime")) + ", "
                        + now.stats().getOrDefault("threads", "?") + " threads; every " + intervalSeconds
                        + " s, q quits",
                "",
                row("requests/s", "get %,.0f   set %,.0f   other %,.0f", rate("cmd_get"), rate("cmd_set"), others()),
                row("hit ratio", "%s %% now   %s %% since start", hitsNow(), hitsEver()),
                row("p99, us", "get %s   set %s   since start", now.micros("get:p99_us"), now.micros("set:p99_us")),
                row(
                        "memory",
                        "%,.1f of %,.1f MiB (%.1f %%)   %,.0f items",
                        now.number("bytes") / MIB,
                        now.number("limit_maxbytes") / MIB,
                        memoryPercent(),
                        now.number("curr_items")),
                row("leaving/s", "evicted %,.0f   expired %,.0f", rate("evictions"), expired()),
                row(
                        "connections",
                        "%,.0f of %,.0f   new/s %,.0f   rejected %,.0f",
                        now.number("curr_connections"),
                        now.number("max_connections"),
                        rate("total_connections"),
                        now.number("rejected_connections")),
                row("MiB/s", "in %,.2f   out %,.2f", rate("bytes_read") / MIB, rate("bytes_written") / MIB));
    }

    private static String row(String name, String format, Object... values) {
        return String.format("%-13s", name) + String.format(Locale.ROOT, format, values);
    }

    private double change(String name) {
        // A counter that went back is a server that was reset or started anew.
        return Math.max(0, now.number(name) - before.number(name));
    }

    private double rate(String name) {
        return change(name) / seconds;
    }

    private double others() {
        return OTHERS.stream().mapToDouble(this::rate).sum();
    }

    private double expired() {
        return rate("reclaimed") + rate("crawler_reclaimed");
    }

    private double memoryPercent() {
        return 100 * now.number("bytes") / Math.max(1, now.number("limit_maxbytes"));
    }

    private String hitsNow() {
        return percent(change("get_hits"), change("cmd_get"));
    }

    private String hitsEver() {
        return percent(now.number("get_hits"), now.number("cmd_get"));
    }

    private static String percent(double part, double whole) {
        // Counters are not read in one moment, so that a part may be ahead of its whole.
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f", Math.min(100, 100 * part / whole));
    }

    private static String uptime(long seconds) {
        long days = TimeUnit.SECONDS.toDays(seconds);
        String clock = String.format("%02d:%02d:%02d", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        return days == 0 ? clock : days + " d " + clock;
    }
}
