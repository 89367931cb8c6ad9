/**
 * {@code stats} and its groups, in memcached's words and order, from the counters that loops and store keep.
 * Read {@link io.karst.appliance.stats.StatsReport} first.
 */
@NullMarked
package io.karst.appliance.stats;

import org.jspecify.annotations.NullMarked;
