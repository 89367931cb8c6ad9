/**
 * The slow-request log: bursts that took longer than {@code -o slow_log=}, in a ring per event loop, keys as keyed hashes only.
 * Read {@link io.karst.appliance.slow.SlowBursts} first.
 */
@NullMarked
package io.karst.appliance.slow;

import org.jspecify.annotations.NullMarked;
