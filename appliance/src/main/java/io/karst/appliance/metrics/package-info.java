/**
 * What {@code /metrics} tells Prometheus: memcached_exporter's names, then ours, all from the rows that {@code stats} shows.
 * Read {@link io.karst.appliance.metrics.MetricTable} first.
 */
@NullMarked
package io.karst.appliance.metrics;

import org.jspecify.annotations.NullMarked;
