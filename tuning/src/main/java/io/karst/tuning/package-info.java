/**
 * Latency measurement: one recorder per event loop, snapshots merged over loops, and the lines an operator reads.
 * Recording allocates nothing and takes no lock. Read {@link io.karst.tuning.LatencyRecorder} first.
 */
@NullMarked
package io.karst.tuning;

import org.jspecify.annotations.NullMarked;
