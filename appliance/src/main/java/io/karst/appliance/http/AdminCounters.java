package io.karst.appliance.http;

import io.karst.appliance.metrics.Readings;
import java.util.concurrent.atomic.LongAdder;

/** What the admin port counts of itself. Thread-safe. */
final class AdminCounters {
    final LongAdder requests = new LongAdder();
    final LongAdder unauthorized = new LongAdder();
    final LongAdder misdirected = new LongAdder();
    final LongAdder dropped = new LongAdder();

    Readings.AdminCounts read() {
        return new Readings.AdminCounts(requests.sum(), unauthorized.sum(), misdirected.sum(), dropped.sum());
    }
}
